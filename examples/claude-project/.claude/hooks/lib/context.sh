# What the agent reports on stdin.
context=$(cat)

# Fails where the context cannot be read or has no such field: the caller ends then, and nothing is permitted unseen.
tool_input() {
  jq -er --arg name "$1" '.tool_input[$name]' <<<"$context"
}

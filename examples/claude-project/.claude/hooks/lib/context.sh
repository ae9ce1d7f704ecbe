# What the agent reports on stdin.
context=$(cat)

tool_input() {
  jq -r --arg name "$1" '.tool_input[$name] // ""' <<<"$context"
}

#!/bin/bash
# client.sh HOOKS.json CONTEXT.json: asks hookpool and exits with 2 for a block, 0 otherwise. Needs curl and jq.
set -euo pipefail
server=${HOOKPOOL_URL:-http://127.0.0.1:4665}

# The token goes through a file descriptor: an argument could be read by every process of the machine.
header() {
  [[ -z ${HOOKPOOL_TOKEN:-} ]] || printf 'Authorization: Bearer %s\n' "$HOOKPOOL_TOKEN"
}

# --rawfile: the context as a text, so that its numbers reach the hook as they are.
body=$(jq -n --slurpfile file "$1" --rawfile context "$2" '{hooks: $file[0].hooks, $context, deadlineMs: 10000}')
answer=$(curl --silent --show-error --fail-with-body --max-time 15 --header @<(header) \
  --header 'Content-Type: application/json' --data-binary @- "$server/v1/evaluate" <<<"$body")
jq -r '[.decision, .reason // ""] | join(" ")' <<<"$answer"
[[ $(jq -r .decision <<<"$answer") != block ]] || exit 2

#!/usr/bin/env bash
# Arguments: the branches that nobody may force-push to.
set -euo pipefail
source "$(dirname "$0")/lib/context.sh"

command=$(tool_input command) || exit 1
for branch in "$@"; do
  if [[ $command == *"git push"* && $command == *"--force"* && $command == *"$branch"* ]]; then
    echo "Nobody force-pushes to $branch." >&2
    exit 2
  fi
done

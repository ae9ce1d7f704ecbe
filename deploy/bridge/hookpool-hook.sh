#!/bin/sh
# hookpool-hook.sh DIALECT HOOKSET [block|allow]: an agent's hook with curl; the last argument applies without a decision.
# Reads HOOKPOOL_SERVER, HOOKPOOL_TOKEN, HOOKPOOL_DEADLINE (whole seconds), and HOOKPOOL_EVENT for agents that name none.
dialect=$1 hookset=$2 mode=${3:-block}
server=${HOOKPOOL_SERVER:-http://127.0.0.1:4665} seconds=${HOOKPOOL_DEADLINE:-25}
end=$(printf '\036') # ends each of the three texts of an answer

undecided() {
  why="hookpool has no decision: $1."
  if [ "$mode" = allow ]; then
    echo "$why The agent goes on without one." >&2
    exit 0
  fi
  # Exit code 2 with a text that is no JSON blocks in every agent but Cline, which reads JSON only.
  [ "$dialect" != cline ] || printf '{"cancel":true,"errorMessage":"%s"}\n' "$why"
  echo "$why Without one it is blocked." >&2
  exit 2
}

trap '' PIPE # otherwise a closed stdout would end this by a signal, which some agents take for consent
trap 'undecided "it was ended by a signal"' HUP INT TERM
[ -n "$hookset" ] || undecided "usage is hookpool-hook.sh DIALECT HOOKSET [block|allow]"

# curl gets the token through a file descriptor: every process of the machine can read arguments.
answer=$(curl -q --silent --fail --noproxy '*' --max-time "$seconds" --header @/dev/fd/3 \
  --header 'Content-Type: application/json' --header 'Accept: text/plain' --data-binary @- \
  "$server/v1/hook?dialect=$dialect&hookset=$hookset${HOOKPOOL_EVENT:+&event=$HOOKPOOL_EVENT}&deadlineMs=$((seconds * 1000 - 500))" 3<<EOF
${HOOKPOOL_TOKEN:+Authorization: Bearer $HOOKPOOL_TOKEN}
EOF
) || undecided "curl ended with $?, see its manual; is hookpool serve running and the hook set there"
case $answer in
  [02]"$end"*"$end"*"$end") ;;
  *) undecided "what the server answered is not of hookpool" ;;
esac
texts=${answer#?"$end"}
printf %s "${texts%%"$end"*}" || exit 2
texts=${texts#*"$end"}
printf %s "${texts%"$end"}" >&2
exit "${answer%%"$end"*}"

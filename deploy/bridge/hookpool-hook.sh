#!/bin/sh
# hookpool-hook.sh DIALECT HOOKSET [block|allow]: an agent's hook with curl. Without a decision it blocks, but not at the
# end of a turn, where an agent that may not stop would go round in circles; the last argument decides for every event.
# Reads HOOKPOOL_SERVER, HOOKPOOL_TOKEN, HOOKPOOL_DEADLINE (whole seconds), and HOOKPOOL_EVENT for agents that name none.
dialect=$1 hookset=$2 mode=$3 context='' curl=''
server=${HOOKPOOL_SERVER:-http://127.0.0.1:4665} seconds=${HOOKPOOL_DEADLINE:-25}
end=$(printf '\036') # ends each of the three texts of an answer
ends='Stop|SubagentStop|TeammateIdle|TaskCompleted|AfterAgent|agentStop|subagentStop|stop|subagent_stop'

# The events that the context names, one a line. A tool's input may name one too, so that there can be several.
events() {
  [ -z "$HOOKPOOL_EVENT" ] || { echo "$HOOKPOOL_EVENT"; return; }
  printf %s "$context" | grep -oE '"(hook_event_name|hookEventName|hookName)"[[:space:]]*:[[:space:]]*"[^"]*"' |
    sed 's/"$//; s/.*"//' | sort -u
}

# The text must have neither quotes nor backslashes: it goes into JSON as it is.
undecided() {
  case $1 in *'?') why="hookpool has no decision: $1" ;; *) why="hookpool has no decision: $1." ;; esac
  event=$(events)
  [ -n "$mode" ] || { [ -n "$event" ] && ! echo "$event" | grep -qvxE "$ends" && mode=allow; }
  if [ "$mode" = allow ]; then
    echo "$why The agent goes on without one." >&2
    exit 0
  fi
  why="$why Without one it is blocked."
  case $dialect:$event in
    cline:*) printf '{"cancel":true,"errorMessage":"%s"}\n' "$why" ;; # it reads JSON only
    copilot:[pP]reToolUse | copilot:[pP]ostToolUse | copilot:userPromptSubmitted | copilot:UserPromptSubmit)
      # Copilot never shows stderr.
      printf '{"permissionDecision":"deny","permissionDecisionReason":"%s","decision":"block","reason":"%s"}\n' "$why" "$why"
      exit 0
      ;;
  esac
  # Exit code 2 with a text that is no JSON blocks in every other agent.
  echo "$why" >&2
  exit 2
}

# With the exit code of curl, whose code 22 is a status from 400 on.
failed() {
  status=$(cat <&5)
  case $1:$status in
    22:401 | 22:403) undecided "the server answered $status: is HOOKPOOL_TOKEN right?" ;;
    22:404) undecided "the server answered 404: is the hook set stored there?" ;;
    22:*) undecided "the server answered $status, and its log may say why" ;;
    28:*) undecided "the server gave no answer within $seconds s (curl ended with 28)" ;;
    *) undecided "curl ended with $1, see its manual: is hookpool serve running?" ;;
  esac
}

trap '' PIPE # otherwise a closed stdout would end this by a signal, which some agents take for consent
trap '[ -z "$curl" ] || kill "$curl"; undecided "it was ended by a signal"' HUP INT TERM
case $mode in '' | allow | block) ;; *) mode='' hookset='' ;; esac
[ -n "$hookset" ] || undecided "usage is hookpool-hook.sh DIALECT HOOKSET [block|allow]"
context=$(cat && echo .) context=${context%.} # without the dot the substitution would cut line ends

# A file without a name takes the answer: a shell answers a signal while it waits, and not while it substitutes.
file=$(umask 077 && mktemp) || undecided "there is no place for a temporary file"
exec 4>"$file" 5<"$file" && rm -f "$file"
# curl gets the token through a file descriptor: every process of the machine can read arguments.
printf %s "$context" | curl -q --silent --fail --write-out '%{http_code}' --noproxy '*' --max-time "$seconds" --header @/dev/fd/3 \
  --header 'Content-Type: application/json' --header 'Accept: text/plain' --data-binary @- \
  "$server/v1/hook?dialect=$dialect&hookset=$hookset${HOOKPOOL_EVENT:+&event=$HOOKPOOL_EVENT}&deadlineMs=$((seconds * 1000 - 500))" 3<<EOF >&4 &
${HOOKPOOL_TOKEN:+Authorization: Bearer $HOOKPOOL_TOKEN}
EOF
curl=$!
wait "$curl" || failed $?
answer=$(cat <&5) answer=${answer%200}
case $answer in
  [02]"$end"*"$end"*"$end") ;;
  *) undecided "what the server answered is not of hookpool" ;;
esac
texts=${answer#?"$end"}
printf %s "${texts%%"$end"*}" || exit 2
texts=${texts#*"$end"}
printf %s "${texts%"$end"}" >&2
exit "${answer%%"$end"*}"

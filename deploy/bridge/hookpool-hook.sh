#!/bin/sh
# hookpool-hook.sh DIALECT HOOKSET [block|allow]: an agent's hook with curl. Without a decision it blocks, but not at the
# end of a turn, where an agent that may not stop would go round in circles; the last argument decides for every event.
# Reads HOOKPOOL_SERVER (http://, https:// or unix:///SOCKET), HOOKPOOL_TOKEN, HOOKPOOL_DEADLINE (whole seconds),
# HOOKPOOL_EVENT for agents that name none, and HOOKPOOL_TRANSCRIPT_BYTES: the most of the agent's transcript that its hooks get, from its end; 0 for none.
dialect=$1 hookset=$2 mode=$3 context='' curl='' length='' note='' limit=${HOOKPOOL_TRANSCRIPT_BYTES:-1048576}
server=${HOOKPOOL_SERVER-http://127.0.0.1:4665} seconds=${HOOKPOOL_DEADLINE:-25} socket=''
case $server in unix://*) socket=${server#unix://} server=http://localhost ;; esac
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
  [ -n "$mode" ] || { [ -n "$event" ] && { echo "$event" | grep -qvxE "$ends"; [ $? = 1 ]; } && mode=allow; } # 127: no grep
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

# With the exit code of curl, whose code 22 is a status from 400 on, and the status.
failed() {
  case $1:$2 in
    22:401 | 22:403) undecided "the server answered $2: is HOOKPOOL_TOKEN right?" ;;
    22:404) undecided "the server answered 404: is the hook set stored there?" ;;
    22:*) undecided "the server answered $2, and its log may say why" ;;
    127:*) undecided "there is no curl on PATH" ;;
    28:*) undecided "the server gave no answer within $seconds s (curl ended with 28)" ;;
    *) undecided "curl ended with $1, see its manual: is hookpool serve running?" ;;
  esac
}

# The folders of the agent's transcripts, one a line. A part * is any folder.
folders() {
  case $dialect in
    claude-code*) echo "${CLAUDE_CONFIG_DIR:-$HOME/.claude}/projects" ;;
    codex) echo "${CODEX_HOME:-$HOME/.codex}/sessions" ;;
    copilot) echo "${COPILOT_HOME:-$HOME/.copilot}/session-state" ;;
    cursor) echo "$HOME/.cursor/projects/*/agent-transcripts" ;;
    gemini-cli) echo "${GEMINI_CLI_HOME:-$HOME}/.gemini/tmp/*/chats" ;;
    qwen-code) printf '%s\n' "$HOME/.qwen/projects/*/chats" "$HOME/.qwen/tmp/*/chats" ;;
    vscode) printf "$HOME/%s/workspaceStorage/*/GitHub.copilot-chat/transcripts\n" \
      .config/Code/User .vscode-server/data/User 'Library/Application Support/Code/User' ;;
    windsurf) echo "$HOME/.windsurf/transcripts" ;;
  esac
}

# Sets `file` to the transcript that the context names, without links above it; false where that cannot be told.
find_transcript() {
  for keys in agent_transcript_path 'transcript_path|transcriptPath'; do
    named=$(printf %s "$context" | grep -oE "\"($keys)\"[[:space:]]*:([[:space:]]*\"[^\"\\]*\")?" | sort -u)
    case $named in *\") break ;; esac # null names no file
  done
  note='no path of a transcript can be read in the context'
  case $named in *'
'* | *: | '') return 1 ;; esac
  named=${named%?} file=${named##*\"}
  case $file in '~/'*) file=$HOME/${file#??} ;; esac
  note="$file cannot be read, or is no file of this user"
  # shellcheck disable=SC3067 # every sh that has curl beside it knows -O
  { [ -f "$file" ] && [ ! -L "$file" ] && [ -r "$file" ] && [ -O "$file" ]; } || return 1
  above=$(cd -P -- "${file%/*}/" && pwd -P) file=$above/${file##*/}
  note="$file is in no folder of $dialect's transcripts"
  while IFS= read -r folder; do
    root=$(cd -P -- "${folder%%/\**}/" 2>/dev/null && pwd -P) || continue
    inner=${folder#"${folder%%/\**}"}
    # shellcheck disable=SC2254 # its * is a pattern
    case $file in "$root"$inner/*) return 0 ;; esac
  done <<EOF
$(folders)
EOF
  return 1
}

# Copies the newest lines of the transcript to descriptor 7, and sets `length` to their bytes; to nothing without any.
copy_transcript() {
  find_transcript || return
  note='there is no place for a temporary file'
  copy=$(umask 077 && mktemp) && exec 6>"$copy" 7<"$copy" 8<"$copy" && rm -f "$copy" || return
  size=$(wc -c <"$file")
  if [ "$size" -le "$limit" ]; then
    head -c "$size" "$file" >&6
  else # with the byte before them, the first line end shows where a line begins
    tail -c "$((limit + 1))" "$file" | tail -n +2 >&6
  fi
  length=$(($(wc -c <&8))) note=''
  [ "$length" -gt 0 ] || [ "$size" -eq 0 ] || { length='' note="its last line has more than $limit bytes"; }
}

# Prints the headers of the agent's trace: TRACEPARENT and TRACESTATE, where they fit the grammar of W3C Trace Context.
trace() (
  export LC_ALL=C
  line='
' hex='[0-9a-f]' one='[a-z0-9][a-z0-9_*/@-]{0,255}=[ -+.-<>-~-]{0,255}[!-+.-<>-~-]'
  case $TRACEPARENT in *"$line"*) exit ;; esac
  printf '%s\n' "$TRACEPARENT" | grep -xE "$hex{2}-$hex{32}-$hex{16}-$hex{2}" |
    grep -vE '^ff|-0{32}-|-0{16}-' | sed 's/^/traceparent: /' | grep . || exit
  case $TRACESTATE in *"$line"*) exit ;; esac
  [ "${#TRACESTATE}" -gt 512 ] ||
    printf '%s\n' "$TRACESTATE" | grep -xE "$one(,$one){0,31}" | sed 's/^/tracestate: /'
)

# send VALUE MS SECONDS: asks the server within this time, given in both units; VALUE is that of Hookpool-Transcript.
send() {
  # curl gets the token through a file descriptor: every process of the machine can read arguments.
  { printf %s "$context" && { [ -z "$length" ] || cat <&7; }; } |
    curl -q --silent --fail --write-out '%{time_total} %{http_code}' --noproxy '*' ${socket:+--unix-socket "$socket"} \
      --max-time "$3" --header @/dev/fd/3 \
      --header 'Content-Type: application/json' --header 'Accept: text/plain' --header "Hookpool-Transcript: $1" \
      --data-binary @- "$server/v1/hook?dialect=$dialect&hookset=$hookset$event&deadlineMs=$(($2 - 500))" 3<<EOF >&4 &
${HOOKPOOL_TOKEN:+Authorization: Bearer $HOOKPOOL_TOKEN}
$traced
EOF
  curl=$!
  wait "$curl"
}

trap '' PIPE # otherwise a closed stdout would end this by a signal, which some agents take for consent
trap '[ -z "$curl" ] || kill "$curl"; undecided "it was ended by a signal"' HUP INT TERM
case $mode in '' | allow | block) ;; *) mode='' hookset='' ;; esac
[ -n "$hookset" ] || undecided "usage is hookpool-hook.sh DIALECT HOOKSET [block|allow]"
context=$(cat && echo .) context=${context%.} # without the dot the substitution would cut line ends
[ -n "$server" ] || undecided "no server is configured, so set HOOKPOOL_SERVER, such as to http://127.0.0.1:4665"

# A file without a name takes the answer: a shell answers a signal while it waits, and not while it substitutes.
file=$(umask 077 && mktemp) || undecided "there is no place for a temporary file"
exec 4>"$file" 5<"$file" && rm -f "$file"
traced=${TRACEPARENT:+$(trace)} event=${HOOKPOOL_EVENT:+&event=$HOOKPOOL_EVENT} left=$((seconds * 1000)) offer=offered
[ "$limit" -gt 0 ] 2>/dev/null || offer=''
send "$offer" "$left" "$seconds" || {
  code=$? said=$(cat <&5)
  [ "$code:${said#* }" = 22:428 ] || failed "$code" "${said##* }"
  # A hook reads the transcript. The time that has passed is that of curl: 0.012345
  took=${said%% *}000 took=${took%%[.,]*}.${took#*[.,]}
  whole=${took%%.*} part=${took#*.}
  left=$((left - whole * 1000 - (1${part%"${part#???}"} - 1000)))
  copy_transcript
  [ "$left" -gt 500 ] || failed 28
  send "$length" "$left" "$((left / 1000)).$(printf %03d "$((left % 1000))")" || { code=$? said=$(cat <&5) && failed "$code" "${said##* }"; }
}
answer=$(cat <&5) answer=${answer%"$end"*}$end
case $answer in
  [02]"$end"*"$end"*"$end") ;;
  *) undecided "what the server answered is not of hookpool" ;;
esac
texts=${answer#?"$end"}
printf %s "${texts%%"$end"*}" || exit 2
texts=${texts%"$end"}
printf %s "${texts##*"$end"}" >&2 # from the end: with #* dash takes minutes for megabytes
[ -z "$note" ] || echo "hookpool-hook.sh: no transcript: $note" >&2
exit "${answer%%"$end"*}"

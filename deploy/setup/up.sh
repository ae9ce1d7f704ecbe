#!/usr/bin/env bash
# up.sh : starts the services of docker-compose.yml and waits until they accept work. The sandbox image must
# exist (make image). The first run draws an admin token.
#   WORKERS=N               number of workers; default 2
#   OUTBOUND=N              number of workers for http, prompt and agent hooks; default 0
#   HOOKPOOL_SANDBOXES=N    most containers at once, of all workers together; default 128
#   HOOKPOOL_PUBLISH=A:P    where the API is published; default 127.0.0.1:4665
#   HOOKPOOL_SECRETS=DIR    where the tokens are; default deploy/compose/secrets
# Ends with 75 when this machine lacks something, with 1 when the services do not become ready; both print why.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export HOOKPOOL_PUBLISH=${HOOKPOOL_PUBLISH:-127.0.0.1:4665}
export HOOKPOOL_SECRETS=${HOOKPOOL_SECRETS:-$PWD/deploy/compose/secrets}
workers=${WORKERS:-2}
outbound=${OUTBOUND:-0}
sandboxes=${HOOKPOOL_SANDBOXES:-128}
ready_within_s=90
url=http://$HOOKPOOL_PUBLISH
token_file=$HOOKPOOL_SECRETS/admin-token
tokens_file=$HOOKPOOL_SECRETS/tokens.yaml
compose=deploy/setup/compose.sh

say() { echo "==> $*" >&2; }
fail() { printf 'up.sh: %s\n' "$@" >&2; exit 75; }

# Containers get the engine's socket as a file of this machine.
find_engine_socket() {
  case ${DOCKER_HOST:-unix:///var/run/docker.sock} in
    unix://*) export HOOKPOOL_ENGINE_SOCKET=${HOOKPOOL_ENGINE_SOCKET:-${DOCKER_HOST:+${DOCKER_HOST#unix://}}} ;;
    *) fail "The engine at $DOCKER_HOST is not on this machine." "Run make up on the machine of the engine." ;;
  esac
  docker network inspect bridge >/dev/null 2>&1 ||
    fail "This engine has no bridge network, and Compose needs one." "Run hookpool without Compose: docs/operations.md."
}

# The container reads only the hash; the mode of the folder keeps other users of this machine from the token.
draw_token() {
  if [ -e "$tokens_file" ]; then return; fi
  (umask 077; mkdir -p "$HOOKPOOL_SECRETS")
  chmod 700 "$HOOKPOOL_SECRETS"
  local token
  token=$(head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n')
  (umask 077; printf '%s\n' "$token" >"$token_file")
  # The user of the container can read the file; outside only those who may enter the folder can.
  printf '# One entry per caller: see docs/http.md, Tokens. Then: deploy/setup/compose.sh restart dispatcher\n- tokenSha256: %s # admin-token\n  tenant: "*"\n  role: admin\n' \
    "$(printf %s "$token" | sha256sum | cut -d' ' -f1)" >"$tokens_file"
  chmod 644 "$tokens_file"
  say "Drew an admin token: $token_file"
}

# Prints "ready", or why the server is not.
readiness() {
  # shellcheck disable=SC2016
  node -e '
    const say = (text) => console.log(text);
    require("http").get(process.argv[1] + "/readyz", { timeout: 3000 }, async (answer) => {
      try {
        const { status, reason } = JSON.parse((await answer.toArray()).join(""));
        say(answer.statusCode === 200 ? status : reason);
      } catch (error) { say(error.message); }
    }).on("timeout", function () { this.destroy(new Error("no answer within 3 s")); })
      .on("error", (error) => say(`The dispatcher does not answer: ${error.message}.`));' "$url"
}

wait_ready() {
  local end=$((SECONDS + ready_within_s)) now said=
  until now=$(readiness) && [ "$now" = ready ]; do
    if [ "$SECONDS" -ge "$end" ]; then return 1; fi
    if [ "$now" != "$said" ]; then say "Waiting: $now"; said=$now; fi
    sleep 0.3
  done
}

# A sandbox that is removed may still exist beside its replacement.
needed=$((2 * workers * ${HOOKPOOL_MAX:-8}))
[ "$needed" -le "$sandboxes" ] ||
  fail "$workers workers of ${HOOKPOOL_MAX:-8} sandboxes may have $needed containers at once; the engine proxy allows $sandboxes." "Say make up WORKERS=$workers HOOKPOOL_SANDBOXES=$needed"
scales=(--scale "worker=$workers")
if [ "$outbound" -gt 0 ]; then
  [ -f "$HOOKPOOL_SECRETS/targets.yaml" ] ||
    fail "OUTBOUND=$outbound needs $HOOKPOOL_SECRETS/targets.yaml, which names the targets of http hooks: docs/http-hooks.md. Write 'targets: {}' where there are judges only."
  mkdir -p "$HOOKPOOL_SECRETS/outbound"
  # The path in the container; no other service has the variable.
  unset HOOKPOOL_JUDGES_FILE
  if [ -f "$HOOKPOOL_SECRETS/outbound/judges.yaml" ]; then
    export HOOKPOOL_JUDGES_FILE=/run/secrets/outbound/judges.yaml
  fi
  export COMPOSE_PROFILES=outbound
  scales+=(--scale "outbound=$outbound")
fi
find_engine_socket
images=$(deploy/setup/app-images.sh)
{ read -r HOOKPOOL_APP_IMAGE; read -r HOOKPOOL_REDIS_IMAGE; } <<<"$images"
export HOOKPOOL_APP_IMAGE HOOKPOOL_REDIS_IMAGE HOOKPOOL_SANDBOXES=$sandboxes
draw_token
say "Starting Redis, dispatcher, engine proxy, $workers workers and $outbound outbound workers"
"$compose" up -d --remove-orphans "${scales[@]}" >&2
wait_ready || {
  say "It was not ready within $ready_within_s s: $(readiness)"
  "$compose" ps >&2 || true
  "$compose" logs --tail=15 >&2 || true
  say "It goes on trying. End it with: make down"
  exit 1
}
say "Ready at $url (GET /docs lists what it answers). The token: $token_file"
cat <<END
curl -s $url/v1/evaluate -H "Authorization: Bearer \$(cat $token_file)" -H 'Content-Type: application/json' -d '{
  "context": {"hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_input": {"command": "rm -rf /srv"}},
  "hooks": {"PreToolUse": [{"matcher": "Bash", "failMode": "block",
    "command": "command=\$(jq -er .tool_input.command) || exit 1; [[ \$command != *\"rm -rf\"* ]] || { echo \"Name the files.\" >&2; exit 2; }"}]}}'
END

#!/usr/bin/env bash
# engine.sh CMD ARGS... : ensures that a container engine answers, then runs CMD with it.
# Ends with CMD's exit code, or with 75 when there is no engine.
# An engine that answers is used as it is. Otherwise the script installs (Debian, Ubuntu) and starts Docker, as
# root. A dockerd started here is stopped when CMD has ended, unless HOOKPOOL_KEEP_ENGINE=1. It has gVisor as the
# runtime `runsc`, where that is installed (runsc.sh) and /etc/docker/daemon.json does not exist.
set -euo pipefail

[ $# -gt 0 ] || { echo "usage: engine.sh CMD ARGS..." >&2; exit 64; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PATH=$PATH:/usr/sbin:/sbin # `su` keeps the short PATH of a user
socket=/var/run/docker.sock
pid_file=/var/run/docker.pid
containerd_pid_file=/var/run/docker/containerd/containerd.pid # when dockerd brings its own
settings=/run/hookpool-dockerd.json
in_use=/run/hookpool-engine.lock # held by each CMD that uses the dockerd of another engine.sh

say() { echo "==> $*" >&2; }
fail() { printf 'engine.sh: %s\n' "$@" >&2; exit 75; }
limit() { if command -v timeout >/dev/null; then timeout -k 1 "$@"; else shift; "$@"; fi; }

answers() {
  if command -v docker >/dev/null; then limit 10 docker version >/dev/null 2>&1; return; fi
  limit 10 node -e '
    const { protocol, pathname, hostname: host, port } = new URL(process.env.DOCKER_HOST);
    const to = protocol === "unix:" ? { socketPath: pathname } : { host, port };
    require("http").get({ ...to, path: "/_ping" }, (r) => process.exit(r.statusCode === 200 ? 0 : 1));' >/dev/null 2>&1
}

run() { # CMD ARGS...: runs CMD with an engine that this script must not stop
  rm -f ${log:+"$log"}
  if [ -r "$in_use" ]; then exec 9<"$in_use"; flock -s 9; fi
  exec "$@"
}

install_docker() {
  command -v apt-get >/dev/null || fail "No container engine answers on $socket, and there is no apt-get to install one with." \
    "Install Docker (https://docs.docker.com/engine/install/), or let DOCKER_HOST name another engine."
  say "Installing docker.io with apt (once, about a minute)"
  # The recommended packages are needed: the command line in newer releases, control groups without systemd.
  { apt-get -qq update
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=120 -o APT::Install-Recommends=1 install docker.io
  } >"$log" 2>&1 || { tail -n 40 "$log" >&2; fail "apt-get could not install docker.io (see above)."; }
}

# A killed dockerd leaves pid files behind. Once such a number belongs to another process, the next
# dockerd refuses to start, or takes that process for its containerd and kills it.
forget_unless() { # COMMAND PID_FILE
  grep -qx "$1" "/proc/$(cat "$2" 2>/dev/null)/comm" 2>/dev/null || rm -f "$2"
}

wait_ready() { # PID: true once the engine answers; false if the process ends, or after 60 s
  local end=$((SECONDS + 60))
  until answers; do
    { kill -0 "$1" 2>/dev/null && [ "$SECONDS" -lt "$end" ]; } || return 1
    sleep 0.2
  done
}

start_dockerd() { # FLAGS...
  setsid dockerd ${with_settings:+--config-file "$settings"} "$@" >"$log" 2>&1 </dev/null & # else Ctrl-C would end it before CMD
  dockerd=$!
  wait_ready "$dockerd"
}

# shellcheck disable=SC2317 # a trap calls it
stop_dockerd() {
  trap : INT TERM HUP # one more Ctrl-C ends the wait for others, not the stop
  exec 9>>"$in_use"
  flock -n 9 || { say "Another run uses this dockerd: waiting for its end"; flock -w 600 9 || true; }
  local containerd end=$((SECONDS + 20)) # dockerd gives its containers 15 s
  containerd=$(cat "$containerd_pid_file" 2>/dev/null || true)
  if kill "$dockerd" 2>/dev/null; then say "Stopping dockerd"; fi
  while kill -0 "$dockerd" 2>/dev/null && [ "$SECONDS" -lt "$end" ]; do sleep 0.1 || true; done
  # shellcheck disable=SC2086 # no containerd, no argument
  { kill -KILL "$dockerd" $containerd; wait "$dockerd"; } 2>/dev/null || true
  forget_unless dockerd "$pid_file"
  rm -f "$log" "$in_use" "$settings"
}

if [ -n "${DOCKER_HOST:-}" ]; then
  answers || fail "DOCKER_HOST is $DOCKER_HOST, but no engine answers there." "Start that engine, or unset DOCKER_HOST."
  exec "$@"
fi
export DOCKER_HOST=unix://$socket # for CMD too: no context of the docker command line may select another engine
if answers; then run "$@"; fi

[ ! -S "$socket" ] || [ -w "$socket" ] || fail "Your user may not use $socket." \
  "Join its group (sudo usermod -aG docker \$USER, then log in anew), run this as root, or let DOCKER_HOST name another engine."
[ "$(id -u)" = 0 ] || fail "No container engine answers on $socket, and only root can install or start one." \
  "Run this as root, or install and start Docker (apt-get install docker.io), or let DOCKER_HOST name another engine."

log=$(mktemp "${TMPDIR:-/tmp}/hookpool-dockerd.XXXXXX")
trap 'rm -f "$log"' EXIT
command -v dockerd >/dev/null || install_docker
if [ -d /run/systemd/system ]; then
  say "Starting docker with systemd"
  { systemctl start docker && answers; } || fail "docker does not start. See: journalctl -u docker"
  run "$@"
fi
forget_unless dockerd "$pid_file"
forget_unless containerd "$containerd_pid_file"
if pid=$(cat "$pid_file" 2>/dev/null); then # a dockerd of another program, which may be starting
  wait_ready "$pid" || fail "dockerd (process $pid) runs, but does not answer on $socket." "Stop it with: kill $pid"
  run "$@"
fi

with_settings=
if [ ! -e /etc/docker/daemon.json ] && "$here/runsc.sh" "$settings"; then with_settings=1; fi
say "Starting dockerd"
# Machines without an init system may have no control groups yet; dockerd needs them.
if ! mountpoint -q /sys/fs/cgroup && command -v cgroupfs-mount >/dev/null; then cgroupfs-mount; fi
trap stop_dockerd EXIT
trap 'exit 130' INT TERM HUP
start_dockerd || {
  grep -q 'network controller' "$log" &&
    say "dockerd cannot set up its network: starting it without one (sandboxes have none)" &&
    start_dockerd --iptables=false --ip6tables=false --bridge=none
} || { tail -n 20 "$log" >&2; fail "dockerd does not start (see above)."; }

if [ "${HOOKPOOL_KEEP_ENGINE:-}" = 1 ]; then
  say "dockerd stays. Its log: $log. Stop it with: kill $dockerd"
  exec "$@"
fi
: >"$in_use"
# CMD runs in the background, so that a signal to this shell alone reaches CMD at once. A shell makes
# background commands ignore Ctrl-C; the subshell undoes that.
(trap - INT QUIT; exec "$@") <&0 & cmd=$!
trap 'kill -TERM "$cmd"' TERM HUP
trap '[ -t 0 ] || kill -INT "$cmd"' INT # a terminal sends Ctrl-C to CMD as well
code=0; wait "$cmd" || code=$?
while kill -0 "$cmd" 2>/dev/null; do code=0; wait "$cmd" || code=$?; done # a signal ends `wait` early
exit "$code"

#!/usr/bin/env bash
# runsc.sh FILE : sees to it that gVisor's program runsc is there, and writes to FILE the settings with
# which dockerd knows it as the OCI runtime `runsc`. Where it is missing it is installed (Debian, Ubuntu),
# as root, if HOOKPOOL_RUNSC=1. Ends with 75 when it cannot be had, and says why.
set -euo pipefail

file=${1:?usage: runsc.sh FILE}
say() { echo "==> $*" >&2; }

if ! command -v runsc >/dev/null; then
  [ "${HOOKPOOL_RUNSC:-}" = 1 ] || exit 75
  { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; } || { say "gVisor is not installed, and only root can, with apt-get"; exit 75; }
  say "Installing runsc (gVisor) with apt (once)"
  log=$(mktemp "${TMPDIR:-/tmp}/hookpool-runsc.XXXXXX")
  { apt-get -qq update
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=120 install --no-install-recommends runsc
  } >"$log" 2>&1 || { tail -n 5 "$log" >&2; rm -f "$log"; say "apt-get could not install runsc (see above): what needs gVisor is left out"; exit 75; }
  rm -f "$log"
fi
# Sandboxes have no network; ptrace needs nothing of the machine, unlike KVM.
printf '{"runtimes":{"runsc":{"path":"%s","runtimeArgs":["--network=none","--platform=ptrace"]}}}\n' "$(command -v runsc)" >"$file"

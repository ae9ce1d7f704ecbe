#!/usr/bin/env bash
# runsc.sh FILE : ensures that gVisor's program runsc is installed, and writes the settings to FILE that make it
# the OCI runtime `runsc` of dockerd. If HOOKPOOL_RUNSC=1, root installs a missing runsc (Debian, Ubuntu).
# Ends with 75 when there is no runsc; a failed installation prints why.
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
# Sandboxes have no network. The platform ptrace runs on every machine, unlike KVM.
printf '{"runtimes":{"runsc":{"path":"%s","runtimeArgs":["--network=none","--platform=ptrace"]}}}\n' "$(command -v runsc)" >"$file"

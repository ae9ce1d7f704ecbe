#!/usr/bin/env bash
# compose.sh ARGS... : runs Docker Compose with docker-compose.yml, be it v2 or v1.29. Where neither is
# installed, it installs Debian's package, as root. Ends with 75 when it cannot.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export COMPOSE_PROJECT_NAME=${COMPOSE_PROJECT_NAME:-hookpool}
fail() { printf 'compose.sh: %s\n' "$@" >&2; exit 75; }

try() {
  if docker compose version >/dev/null 2>&1; then exec docker compose "$@"; fi
  if command -v docker-compose >/dev/null; then exec docker-compose "$@"; fi
}

try "$@"
{ [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; } ||
  fail "Docker Compose is missing." "Install it (https://docs.docker.com/compose/install/; Debian, Ubuntu: apt-get install docker-compose)."
echo "==> Installing docker-compose with apt (once)" >&2
log=$(mktemp "${TMPDIR:-/tmp}/hookpool-compose.XXXXXX")
{ apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=120 install --no-install-recommends docker-compose
} >"$log" 2>&1 || { tail -n 40 "$log" >&2; rm -f "$log"; fail "apt-get could not install docker-compose (see above)."; }
rm -f "$log"
try "$@"
fail "docker-compose was installed, but it is not found."

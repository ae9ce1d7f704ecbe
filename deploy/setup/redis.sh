#!/usr/bin/env bash
# Ensures that the program redis-server is installed, for tests that start private servers of their own.
# A running Redis is left alone, and none is started.
set -euo pipefail

command -v redis-server >/dev/null && exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "redis-server is missing: install the package redis-server (Debian, Ubuntu) or redis, then try again." >&2
  exit 75
fi

echo "==> Installing redis-server with apt (once)" >&2
log=$(mktemp)
policy=/usr/sbin/policy-rc.d
own_policy=false
clean_up() {
  rm -f "$log"
  if [ "$own_policy" = true ]; then rm -f "$policy"; fi
}
trap clean_up EXIT
# Debian starts a service that it installs, unless this file forbids it.
if [ ! -e "$policy" ]; then
  own_policy=true
  printf '#!/bin/sh\nexit 101\n' > "$policy"
  chmod +x "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update && apt-get install -y redis-server; } > "$log" 2>&1; then
  cat "$log" >&2
  exit 75
fi
if [ -d /run/systemd/system ]; then systemctl disable --now redis-server >/dev/null 2>&1 || true; fi

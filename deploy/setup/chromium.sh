#!/usr/bin/env bash
# Ensures that the browser is installed in which the tests of the console run.
set -euo pipefail

command -v chromium >/dev/null && exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "chromium is missing: install the package chromium, then try again." >&2
  exit 75
fi

echo "==> Installing chromium with apt (once)" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update && apt-get install -y --no-install-recommends chromium; } > "$log" 2>&1; then
  cat "$log" >&2
  exit 75
fi

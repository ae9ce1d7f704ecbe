#!/usr/bin/env bash
# Ensures that promtool is there, which checks the alerts of deploy/prometheus. It is a part of Debian's
# package prometheus, of which nothing else is installed: the package would start a server.
set -euo pipefail

command -v promtool >/dev/null && exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "promtool is missing: install the package prometheus (Debian, Ubuntu), then try again." >&2
  exit 75
fi

echo "==> Installing promtool with apt (once)" >&2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
if ! { apt-get update && apt-get download -o APT::Sandbox::User=root prometheus && dpkg -x prometheus_*.deb . &&
  install -m 0755 usr/bin/promtool /usr/local/bin/promtool; } > log 2>&1; then
  cat log >&2
  exit 75
fi

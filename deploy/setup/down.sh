#!/usr/bin/env bash
# down.sh : stops the services that up.sh started; running hooks finish first. The volume of Redis stays.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
project=${COMPOSE_PROJECT_NAME:-hookpool}

timeout 10 docker version >/dev/null 2>&1 || { echo "==> No container engine answers: nothing is up" >&2; exit 0; }
# Also the services of a profile.
COMPOSE_PROFILES=outbound deploy/setup/compose.sh down --remove-orphans >&2
volumes() { docker volume ls -q --filter "label=com.docker.compose.project=$project" --filter "label=com.docker.compose.volume=$1"; }
volumes engine | xargs -r docker volume rm >/dev/null
redis=$(volumes redis)
if [ -n "$redis" ]; then echo "==> The volume of Redis is kept. Remove it with: docker volume rm $redis" >&2; fi

#!/usr/bin/env bash
# Makes the images that docker-compose.yml runs, unless the engine has them already, and prints their
# names: first hookpool/app, then Redis. dist must be built (make build).
# Ends with 75 when this machine lacks something that a build needs, and prints what it is.
# HOOKPOOL_VERBOSE=1 shows the whole output of the builds.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source-path=SCRIPTDIR source=image-build.sh
source deploy/setup/image-build.sh
recipes=deploy/compose
node_major=24

# FILES... : 12 digits that change when a file does.
digest() { find "$@" -type f | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -c1-12; }

# Prints npm's name of the engine's processor.
cpu() {
  case $(docker version --format '{{.Server.Arch}}') in
    amd64) echo x64 ;;
    arm64) echo arm64 ;;
    *) fail "There is no Node.js for the processor of this engine." ;;
  esac
}

# OFFICIAL OWN : builds OWN with the Node.js of the npm registry.
make_node() {
  choose_base bookworm
  say "Fetching Node.js $node_major from the npm registry (once)"
  local stage=$log.d/node
  mkdir -p "$stage"
  { npm pack --silent --pack-destination "$stage" "node-linux-$(cpu)@$node_major" && tar -xzf "$stage"/*.tgz -C "$stage" package/bin/node
  } >>"$log" 2>&1 || { show_log; fail "The npm registry does not give node-linux-$(cpu)@$node_major (see above)."; }
  mkdir "$stage/context"
  mv "$stage/package/bin/node" "$stage/context/"
  build "$2" "$stage/context" --network=none --build-arg "BASE=$base" -f "$recipes/node.Dockerfile"
  chosen=$2
}

make_redis() {
  choose_base bookworm
  say "Building $2 from $base (once, about 10 s)"
  build "$2" "$recipes" --build-arg "BASE=$base" -f "$recipes/redis.Dockerfile"
  chosen=$2
}

make_app() { # NAME
  choose "node:$node_major-bookworm-slim" "hookpool/node:$node_major" make_node
  say "Building $1 on $chosen (about 20 s)"
  local stage=$log.d/app
  mkdir -p "$stage/app"
  cp -r package.json dist sandbox-images "$stage/app/"
  # These files are for compilers; a running program does not read them.
  find "$stage/app/dist" -type f -name '*.d.ts' -delete
  chmod -R u=rwX,go=rX "$stage"
  build "$1" "$stage" --network=none --build-arg "NODE=$chosen" -f "$recipes/app.Dockerfile"
  remove_older "$1" app
}

need_engine
[ -e dist/cli/main.js ] || fail "dist is missing." "Run: make build"
lock "$recipes/app.Dockerfile"
open_log
redis=hookpool/redis:$(digest "$recipes/redis.Dockerfile")
choose redis:7.2-bookworm "$redis" make_redis
redis=$chosen
app=hookpool/app:$(digest package.json dist sandbox-images "$recipes/app.Dockerfile" deploy/setup/app-images.sh)
if has "$app"; then say "$app is there already"; else make_app "$app"; say "$app is ready"; fi
# The names that a plain `docker compose` uses.
docker tag "$app" hookpool/app:latest
docker tag "$redis" hookpool/redis:latest
# Removes older images whose last name was `latest`.
docker images -q --filter dangling=true --filter label=hookpool.image=app | xargs -r docker rmi >/dev/null 2>&1 || true
printf '%s\n' "$app" "$redis"

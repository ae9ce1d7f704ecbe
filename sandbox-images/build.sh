#!/usr/bin/env bash
# build.sh NAME : builds the sandbox image NAME from this folder, unless the engine has it already.
# Ends with 75 when this machine lacks what a build needs, and says what.
# HOOKPOOL_VERBOSE=1 shows all that the build prints.
set -euo pipefail

name=${1:?usage: build.sh NAME}
repository=${name%:*}
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
release=bookworm
official=debian:$release-slim
bootstrapped=hookpool/base:$release

say() { echo "==> $*" >&2; }
fail() { printf 'build.sh: %s\n' "$@" >&2; exit 75; }
limit() { if command -v timeout >/dev/null; then timeout -k 1 "$@"; else shift; "$@"; fi; }
has() { limit 10 docker image inspect "$1" >/dev/null 2>&1; }

# Keeps in the log what it reads, and shows the steps (of docker, BuildKit, mmdebstrap) as a sign of life.
show_steps() {
  local line steps='^(Step |#[0-9]+ \[|I: )'
  while IFS= read -r line; do
    printf '%s\n' "$line" >&3
    if [ "${HOOKPOOL_VERBOSE:-}" = 1 ]; then printf '%s\n' "$line"
    elif [[ $line =~ $steps ]]; then printf '    %.100s\n' "$line"; fi
  done 3>>"$log" >&2
}

show_log() { [ "${HOOKPOOL_VERBOSE:-}" = 1 ] || cat "$log" >&2; }

# Sets `base` to an image of the Debian release.
choose_base() {
  for base in "$official" "$bootstrapped"; do
    if has "$base"; then return; fi
  done
  base=$official
  if limit 8 docker manifest inspect "$base" >/dev/null 2>&1; then
    say "Pulling $base (once)"
    if limit 300 docker pull "$base" >&2; then return; fi
  fi
  base=$bootstrapped
  bootstrap
}

# Makes the same release from Debian's packages, where no registry can be reached.
bootstrap() {
  { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; } ||
    fail "The engine does not have $official, and no registry gives it." \
      "Load it (docker pull $official, or docker load), or run this as root on Debian or Ubuntu to make it from packages."
  if ! command -v mmdebstrap >/dev/null || [ ! -e /usr/share/keyrings/debian-archive-keyring.gpg ]; then
    say "Installing mmdebstrap with apt (once)"
    { apt-get -qq update
      DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=120 install mmdebstrap debian-archive-keyring
    } >"$log" 2>&1 || { show_log; fail "apt-get could not install mmdebstrap (see above)."; }
  fi
  say "Bootstrapping Debian $release from packages (once, about 20 s)"
  # The name is given last: half an import must never be taken for the release.
  { mmdebstrap --variant=minbase --include=ca-certificates "$release" - 2>&4 | docker import - >"$log.id" 2>&4; } 4>&1 | show_steps || {
    show_log
    docker rmi "$(cat "$log.id")" >/dev/null 2>&1 || true
    fail "Debian's packages cannot be had (see above): check the network, or load $official onto the engine."
  }
  docker tag "$(cat "$log.id")" "$bootstrapped"
}

build() {
  local options=(--force-rm) proxy
  for proxy in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    if [ -n "${!proxy:-}" ]; then options+=(--build-arg "$proxy"); fi
  done
  # An engine without a bridge gives a build no network, unless it may use the host's.
  docker network inspect bridge >/dev/null 2>&1 || options+=(--network=host)
  say "Building $name from $base (once, about 30 s)"
  BUILDKIT_PROGRESS=plain docker build "${options[@]}" --build-arg "BASE=$base" -t "$name" "$folder" 2>&1 | show_steps ||
    { show_log; say "The build of $name failed (see above)"; exit 1; }
  has "$name" || fail "The build went well, but the engine does not have $name." "Choose a builder that loads what it builds: docker buildx use default"
}

# Images of older sources go; rmi refuses where a container still uses one. Of the leftovers of the
# stages the newest stay, as the cache of the next build.
remove_older() {
  local stage
  {
    docker images --filter "before=$name" --format '{{.Repository}}:{{.Tag}}' "$repository"
    for stage in build rootfs; do
      docker images -q --filter dangling=true --filter "label=hookpool.stage=$stage" | tail -n +2
    done
  } | while IFS= read -r image; do docker rmi "$image" >/dev/null 2>&1 || true; done
}

command -v docker >/dev/null || fail "The docker command line is missing." \
  "Install it (Debian, Ubuntu: apt-get install docker.io; others: https://docs.docker.com/engine/install/)."
if has "$name"; then say "$name is there already"; exit 0; fi
limit 10 docker version >/dev/null 2>&1 || fail "No container engine answers at ${DOCKER_HOST:-the default socket}."

if command -v flock >/dev/null; then # two builds at once would do the same work
  exec 9<"$folder/Dockerfile"
  flock 9
  if has "$name"; then say "$name is there now"; exit 0; fi
fi
log=$(mktemp "${TMPDIR:-/tmp}/hookpool-build.XXXXXX")
trap 'rm -f "$log" "$log.id"' EXIT
choose_base
build
remove_older
say "$name is ready"

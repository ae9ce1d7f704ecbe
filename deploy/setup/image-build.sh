# Sourced by the scripts that build images. Sets `say`, `fail` and the steps of a build; the sourcing
# script makes a log file with `open_log` before it calls a step. HOOKPOOL_VERBOSE=1 shows the whole
# output of a build. Where no registry can be reached, images are made from Debian's packages.
# shellcheck shell=bash

say() { echo "==> $*" >&2; }
fail() { printf '%s: %s\n' "${0##*/}" "$1" >&2; shift; [ $# = 0 ] || printf '  %s\n' "$@" >&2; exit 75; }
limit() { if command -v timeout >/dev/null; then timeout -k 1 "$@"; else shift; "$@"; fi; }
has() { limit 10 docker image inspect "$1" >/dev/null 2>&1; }

need_engine() {
  command -v docker >/dev/null || fail "The docker command line is missing." \
    "Install it (Debian, Ubuntu: apt-get install docker.io; others: https://docs.docker.com/engine/install/)."
  limit 10 docker version >/dev/null 2>&1 || fail "No container engine answers at ${DOCKER_HOST:-the default socket}."
}

open_log() {
  log=$(mktemp "${TMPDIR:-/tmp}/hookpool-build.XXXXXX")
  trap 'rm -rf "$log" "$log.id" "$log.d"' EXIT
}

show_log() { [ "${HOOKPOOL_VERBOSE:-}" = 1 ] || cat "$log" >&2; }

# Copies its input to the log, and shows the steps (of docker, BuildKit, mmdebstrap) as progress.
show_steps() {
  local line steps='^(Step |#[0-9]+ \[|I: )'
  while IFS= read -r line; do
    printf '%s\n' "$line" >&3
    if [ "${HOOKPOOL_VERBOSE:-}" = 1 ]; then printf '%s\n' "$line"
    elif [[ $line =~ $steps ]]; then printf '    %.100s\n' "$line"; fi
  done 3>>"$log" >&2
}

# FILE : locks the file, so that builds run one after another. Two at once would do the same work.
lock() {
  command -v flock >/dev/null || return 0
  exec 9<"$1"
  flock 9
}

# OFFICIAL OWN MAKE : sets `chosen` to an image that the engine has, that a registry has, or that MAKE makes.
choose() {
  local official=$1 own=$2 make=$3
  for chosen in "$official" "$own"; do
    if has "$chosen"; then return; fi
  done
  chosen=$official
  if limit 8 docker manifest inspect "$official" >/dev/null 2>&1; then
    say "Pulling $official (once)"
    if limit 300 docker pull "$official" >&2; then return; fi
  fi
  chosen=$own
  "$make" "$official" "$own"
}

# RELEASE : sets `base` to an image of the Debian release.
choose_base() {
  local release=$1
  choose "debian:$release-slim" "hookpool/base:$release" bootstrap
  base=$chosen
}

# OFFICIAL OWN : makes OWN, the same release, from Debian's packages.
bootstrap() {
  { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; } ||
    fail "The engine does not have $1, and no registry gives it." \
      "Load it (docker pull $1, or docker load), or run this as root on Debian or Ubuntu to make it from packages."
  if ! command -v mmdebstrap >/dev/null || [ ! -e /usr/share/keyrings/debian-archive-keyring.gpg ]; then
    say "Installing mmdebstrap with apt (once)"
    { apt-get -qq update
      DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=120 install mmdebstrap debian-archive-keyring
    } >"$log" 2>&1 || { show_log; fail "apt-get could not install mmdebstrap (see above)."; }
  fi
  say "Bootstrapping Debian $release from packages (once, about 20 s)"
  # The image gets its name last: an incomplete import must never be taken for the release.
  { mmdebstrap --variant=minbase --include=ca-certificates "$release" - 2>&4 | docker import - >"$log.id" 2>&4; } 4>&1 | show_steps || {
    show_log
    docker rmi "$(cat "$log.id")" >/dev/null 2>&1 || true
    fail "Debian's packages cannot be had (see above): check the network, or load $1 onto the engine."
  }
  docker tag "$(cat "$log.id")" "$2"
}

# NAME FOLDER OPTIONS... : builds the image NAME from the folder with `docker build`.
build() {
  local name=$1 folder=$2 options=(--force-rm "${@:3}") proxy
  for proxy in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    if [ -n "${!proxy:-}" ]; then options+=(--build-arg "$proxy"); fi
  done
  # An engine without a bridge gives a build no network, unless it may use the host's.
  [[ " $* " == *" --network="* ]] || docker network inspect bridge >/dev/null 2>&1 || options+=(--network=host)
  BUILDKIT_PROGRESS=plain docker build "${options[@]}" -t "$name" "$folder" 2>&1 | show_steps ||
    { show_log; say "The build of $name failed (see above)"; exit 1; }
  has "$name" || fail "The build went well, but the engine does not have $name." "Choose a builder that loads what it builds: docker buildx use default"
}

# NAME STAGES... : removes images of older sources; rmi refuses where a container still uses one. The newest
# leftover of each stage (label hookpool.stage) stays, as the cache of the next build.
# HOOKPOOL_KEEP_IMAGES=1 keeps all: several checkouts with different sources can then share an engine.
remove_older() {
  if [ "${HOOKPOOL_KEEP_IMAGES:-}" = 1 ]; then return; fi
  local name=$1 stage; shift
  {
    docker images --filter "before=$name" --format '{{.Repository}}:{{.Tag}}' "${name%:*}" | grep -v ':latest$' || true
    for stage in "$@"; do
      docker images -q --filter dangling=true --filter "label=hookpool.stage=$stage" | tail -n +2
    done
  } | while IFS= read -r image; do docker rmi "$image" >/dev/null 2>&1 || true; done
}

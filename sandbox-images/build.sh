#!/usr/bin/env bash
# build.sh NAME [SANITIZED] : builds the sandbox image NAME from this folder, unless the engine has it already.
# SANITIZED 1: with AddressSanitizer and UndefinedBehaviorSanitizer (supervisor/compile.sh), for tests only.
# Ends with 75 when this machine lacks something that a build needs, and prints what it is.
# HOOKPOOL_VERBOSE=1 shows the whole output of the build.
set -euo pipefail

name=${1:?usage: build.sh NAME [SANITIZED]}
sanitized=${2:-}
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../deploy/setup/image-build.sh
source "$folder/../deploy/setup/image-build.sh"

need_engine
if has "$name"; then say "$name is there already"; exit 0; fi
lock "$folder/Dockerfile"
if has "$name"; then say "$name is there now"; exit 0; fi
open_log
choose_base trixie
say "Building $name from $base (once, about a minute)"
build "$name" "$folder" --build-arg "BASE=$base" ${sanitized:+--build-arg "SANITIZED=$sanitized"}
remove_older "$name" build rootfs
say "$name is ready"

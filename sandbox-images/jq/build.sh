#!/bin/sh
# build.sh OUT : builds jq from Debian's source into OUT/jq, and writes OUT/packages: name, version
# and architecture of the two packages that are in it. It runs in the stage `jq` of ../Dockerfile.
#
# Debian's jq loads four libraries and parses all its built-in definitions: 3.3 ms of CPU for a small
# filter. This one is static, parses what is called (bind-called.patch), and takes 1.0 ms. Source,
# patches and flags are Debian's. apt checks the archives against its signed list; the .dsc, which
# it does not need for that, is not always there yet after a security update.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
out=$1
# Always the same folder, because its name becomes a part of jq (--build-configuration).
work=/tmp/jq
# shellcheck source=/dev/null
. /etc/os-release
mkdir -p "$out" "$work"
cd "$work"

# BINARY : the version of its source package
version_of() { apt-cache show --no-all-versions "$1" | sed -n 's/+b[0-9]*$//; s/^Version: //p'; }

# SOURCE VERSION : unpacks the source with Debian's patches into the folder SOURCE.
unpack() {
  for part in tar diff; do
    apt-get -q source "--$part-only" "$1=$2" ||
      apt-get -q source "--$part-only" "$1/$VERSION_CODENAME-security"
  done
  mkdir "$1"
  tar -xf "$1_${2%-*}".orig.tar.* -C "$1" --strip-components=1
  tar -xf "$1_$2".debian.tar.* -C "$1"
  sed 's/[[:space:]]*#.*//' "$1/debian/patches/series" | while read -r patch _; do
    [ -z "$patch" ] || patch -d "$1" -p1 -s <"$1/debian/patches/$patch"
  done
}

# FOLDER OPTIONS... : configures it.
configure() (
  cd "$1"
  shift
  autoreconf -fi
  ./configure "$@"
)

jq=$(version_of jq)
onig=$(version_of libonig5)
# -j1 would take 20 s longer.
jobs=$(nproc)
export DEB_BUILD_MAINT_OPTIONS=hardening=+all
CFLAGS="$(dpkg-buildflags --get CFLAGS) -g0"
CPPFLAGS=$(dpkg-buildflags --get CPPFLAGS)
export CFLAGS CPPFLAGS

unpack libonig "$onig"
configure libonig --disable-shared --prefix="$work/onig"
make -C libonig/src -j "$jobs" install

unpack jq "$jq"
patch -d jq -p1 -s <"$here/bind-called.patch"
configure jq --disable-maintainer-mode --disable-docs --disable-valgrind --disable-shared \
  --with-oniguruma="$work/onig"
cd jq
make -j "$jobs" src/builtin.inc src/config_opts.inc src/version.h
make -j "$jobs" libjq.la src/main.o
# shellcheck disable=SC2046
gcc $CFLAGS $(dpkg-buildflags --get LDFLAGS) -static-pie -o "$out/jq" \
  src/main.o .libs/libjq.a "$work/onig/lib/libonig.a" -lm
strip "$out/jq"
for tests in jq man onig base64; do
  PAGER=less "$out/jq" -L tests/modules --run-tests "tests/$tests.test"
done
architecture=$(dpkg --print-architecture)
printf '%s\t%s\t%s\n' jq "$jq" "$architecture" libonig5 "$onig" "$architecture" >"$out/packages"
rm -r "$work"

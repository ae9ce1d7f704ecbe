#!/bin/sh
# compile.sh OUT [SANITIZED] : builds supervisor, zygote and gate.node from this folder into the folder OUT.
# compile.sh --commands : prints what compile_commands.json must hold, for clangd and other readers
# of C.
#
# The zygote links Debian's libpython.a, which is built like its python3 program: fast, not
# position-independent. CPython's headers are -isystem, so that their warnings do not count. The
# library lacks Hacl_Hash_SHA2.c, which is compiled from CPython's Modules/_hacl in the folder HACL
# (/hacl); `import random` needs it.
#
# SANITIZED 1: with AddressSanitizer and UndefinedBehaviorSanitizer, whose first report ends the
# process. A finding of -fanalyzer is an error. The libraries of the sanitizers are linked in,
# because the image has none. A static program cannot have AddressSanitizer, so this supervisor
# loads libc. The zygote has no AddressSanitizer: hot_pages.c reads the state of each mapped page,
# and the shadow memory of one process is 16 TiB; jobs, which are forks of the zygote, would
# inherit it as well. AddressSanitizer does not watch mappings that the supervisor makes itself
# (jobs, bundles, outputs). A wipe may take 900 ms instead of 250: the wipe of 2,900 nested
# folders took 270 ms, and 60 to 120 ms without sanitizers; the host gives a reset 1,000 ms.
set -eu

cd "$(dirname "$0")"
supervisor='main.c process.c file.c channel.c identity.c spare.c run.c children.c last_word.c'
supervisor="$supervisor bundle.c cgroup.c reset.c wipe.c posture.c"
with_python='zygote.c python_half.c warm_modules.c immortal.c python_end.c sibling.c hot_pages.c'
zygote="$with_python last_word.c identity.c"
gate='node_gate.c identity.c last_word.c'
python=$(basename "$(ls -d /usr/include/python3.*[0-9] | tail -n 1)")
warnings='-std=gnu11 -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes'
warnings="$warnings -Wmissing-prototypes -Werror"
for_supervisor='-fPIE'
for_gate='-fPIC -fvisibility=hidden'
for_zygote="-isystem /usr/include/$python"
hacl=${HACL:-/hacl}
if [ -z "${2:-}" ]; then
  flags="$warnings -O2 -fstack-protector-strong -D_FORTIFY_SOURCE=2"
  for_supervisor="$for_supervisor -static-pie"
  link=-Wl,-z,relro,-z,now
  sanitizers=
else
  # The analyzer's fd-leak (since gcc 13) reports each dup2 to a standard stream that a new process
  # keeps on purpose.
  flags="$warnings -O1 -g -fanalyzer -Wno-analyzer-fd-leak -fno-omit-frame-pointer"
  flags="$flags -fsanitize=undefined -fno-sanitize-recover=all -static-libubsan"
  flags="$flags -DRESET_LIMIT_MS=900"
  for_supervisor="$for_supervisor -pie -fsanitize=address -static-libasan"
  link=
  sanitizers=sanitizers.c
fi

if [ "${1:?usage: compile.sh OUT [SANITIZED]}" = --commands ]; then
  separator='['
  for file in $supervisor $with_python node_gate.c; do
    own=$for_supervisor
    case " $with_python " in *" $file "*) own=$for_zygote ;; esac
    printf '%s\n{"directory": "%s", "file": "%s", "command": "gcc %s %s -c %s"}' "$separator" "$PWD" "$file" "$flags" "$own" "$file"
    separator=,
  done
  printf '\n]\n'
  exit
fi

mkdir -p "$1"
# The variables hold lists of words, so they are not quoted.
# shellcheck disable=SC2086
{
  gcc $flags $for_supervisor $link -o "$1/supervisor" $supervisor $sanitizers
  gcc $flags $for_gate $link -shared -o "$1/gate.node" $gate
  gcc -O2 -fstack-protector-strong -D_DEFAULT_SOURCE -I"$hacl/include" \
    -c -o "$1/sha2.o" "$hacl/Hacl_Hash_SHA2.c"
  gcc $flags $for_zygote $link -no-pie -o "$1/zygote" $zygote "$1/sha2.o" \
    /usr/lib/$python/config-*/lib$python.a \
    -Wl,--export-dynamic,--wrap=Py_FinalizeEx,--wrap=Py_Exit -lexpat -lz -lm -ldl
}
rm "$1/sha2.o"

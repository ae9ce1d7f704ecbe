# BASH_ENV of a waiting bash: blocks until the supervisor sends the job's CPU limit in seconds, sets it,
# and removes its own variables and descriptor. `: bash` leaves $_ as it is at the start of `bash script`.
unset BASH_ENV
IFS= read -r -u 9 && ulimit -t "$REPLY" || exit 1
unset REPLY
exec 9<&-
: bash

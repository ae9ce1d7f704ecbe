/**
 * The contents of the sandbox images, as far as a hook can need them. test/integration/image.test.ts
 * compares these lists with the image.
 */

/** The files of sandbox-images/programs. */
export const imagePrograms: readonly string[] = (
  '[ awk b2sum base32 base64 basename basenc bash cat chgrp chmod chown cksum cmp comm cp ' +
  'csplit cut dash date dd df diff diff3 dir dircolors dirname du echo egrep env expand expr ' +
  'factor fallocate false fgrep find fmt fold gawk getconf getopt grep groups gunzip gzexe ' +
  'gzip head hostid hostname id install ionice join jq link ln logname ls mawk md5sum mkdir ' +
  'mkfifo mknod mktemp mv nawk nice nl nohup nproc numfmt od paste pathchk pr printenv printf ' +
  'ptx pwd python3 python3.13 rbash readlink realpath renice rev rm rmdir sdiff sed seq setsid ' +
  'sh sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split stat stdbuf ' +
  'stty sum sync tac tail tar tee test timeout touch tr true truncate tsort tty uname unexpand ' +
  'uniq unlink vdir wc which which.debianutils whoami xargs yes zcat zcmp zdiff zegrep zfgrep ' +
  'zforce zgrep znew'
).split(' ');

/** The modules of python3's standard library, without those whose names begin with `_`. */
export const imageModules: readonly string[] = (
  'abc antigravity argparse array ast asyncio atexit base64 bdb binascii bisect builtins bz2 ' +
  'cProfile calendar cmath cmd code codecs codeop collections colorsys compileall concurrent ' +
  'configparser contextlib contextvars copy copyreg csv ctypes curses dataclasses datetime dbm ' +
  'decimal difflib dis doctest email encodings enum errno faulthandler fcntl filecmp fileinput ' +
  'fnmatch fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp ' +
  'gzip hashlib heapq hmac html http imaplib importlib inspect io ipaddress itertools json ' +
  'keyword linecache locale logging lzma mailbox marshal math mimetypes mmap modulefinder ' +
  'multiprocessing netrc ntpath nturl2path numbers opcode operator optparse os pathlib pdb ' +
  'pickle pickletools pkgutil platform plistlib poplib posix posixpath pprint profile pstats ' +
  'pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline reprlib ' +
  'resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site ' +
  'smtplib socket socketserver sqlite3 sre_compile sre_constants sre_parse ssl stat statistics ' +
  'string stringprep struct subprocess symtable sys sysconfig syslog tabnanny tarfile tempfile ' +
  'termios textwrap this threading time timeit token tokenize tomllib trace traceback ' +
  'tracemalloc tty types typing unicodedata unittest urllib uuid venv warnings wave ' +
  'weakref webbrowser wsgiref xml xmlrpc zipapp zipfile zipimport zlib zoneinfo'
).split(' ');

/** What the image `full` has beside those: the rest of sandbox-images/programs-full. */
export const fullPrograms: readonly string[] = (
  'bc col colcrt colrm column file free git git-receive-pack git-upload-archive ' +
  'git-upload-pack hd hexdump json_pp kill look node openssl patch perl perl5.40.1 ' +
  'pgrep pidwait pkill pod2text pod2usage prove ps pwdx rg shasum ul uptime uuidgen ' +
  'uuidparse vmstat xxd'
).split(' ');

/** The python modules that `full` has beside the standard library. */
export const fullModules: readonly string[] =
  'certifi chardet charset_normalizer dotenv idna requests urllib3 yaml'.split(' ');

/** The modules of node itself that are imported without `node:`, and not those with `_`. */
export const nodeModules: readonly string[] = (
  'assert assert/strict async_hooks buffer child_process cluster console constants ' +
  'crypto dgram diagnostics_channel dns dns/promises domain events fs fs/promises http ' +
  'http2 https inspector inspector/promises module net os path path/posix path/win32 ' +
  'perf_hooks process punycode querystring readline readline/promises repl stream ' +
  'stream/consumers stream/promises stream/web string_decoder sys timers ' +
  'timers/promises tls trace_events tty url util util/types v8 vm wasi worker_threads ' +
  'zlib'
).split(' ');

/** Builtins and reserved words of bash. */
export const bashWords: readonly string[] = (
  '. : [ alias bg bind break builtin caller cd command compgen complete compopt continue ' +
  'declare dirs disown echo enable eval exec exit export false fc fg getopts hash help history ' +
  'jobs kill let local logout mapfile popd printf pushd pwd read readarray readonly return set ' +
  'shift shopt source suspend test times trap true type typeset ulimit umask unalias unset wait ' +
  'if then else elif fi case esac for select while until do done in function time { } ! [[ ]] ' +
  'coproc (('
).split(' ');

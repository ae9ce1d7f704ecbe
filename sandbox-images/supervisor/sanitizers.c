/* Options of AddressSanitizer in the sanitized build (compile.sh), because the container spec has
 * no environment to set them in. A report goes to the log of the supervisor, which is part of the
 * host's error. Leak detection is off: it needs ptrace, which the seccomp profile refuses, and
 * process 1 ends by _exit(). Signals keep their default action (reset_signals()), and the core
 * limit keeps the value that posture.c wants. */
const char *__asan_default_options(void);

const char *__asan_default_options(void) {
  return "detect_leaks=0:handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_abort=0:use_"
         "sigaltstack=0:"
         "disable_coredump=0:exitcode=72";
}

/* Process 1 of a sandbox.
 *
 * Theory of operation. The host speaks to us over our own stdin and stdout (wire.h); nobody else
 * holds these descriptors. Three kinds of process live here:
 *
 *   supervisor (this, root with KILL, SETUID, SETGID only): reads a job, opens the gate of a waiting
 *     interpreter, feeds its stdin, collects its output, measures the time, reports, resets.
 *   zygote (root, zygote.c): a warmed python3 that forks waiting interpreters. It never sees a
 *     script, a context or an output, so what a later job inherits from it is always the same.
 *   spares (spare.c): one bash, one python3, blocked on a gate pipe before their job is known. Each
 *     runs one job as the job user and is never used again.
 *
 * Two ways to fail: what the script did is a status in DONE; what broke in here is die(), and the
 * host throws the container away. End of input means that the worker is gone: we exit, and with
 * process 1 the kernel ends every other process of the container. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "supervisor.h"

#define SIGNALS_MAX 64

static int signals = -1;
static bool greeted = false;

static void reset_signals(void);
static void block_signals(void);
static void greet(const char *posture);
static void serve(uid_t uid);
static void serve_job(const struct frame_header *header, uid_t uid);

int main(int argc, char **argv) {
  char posture[512];
  if (argc != 2) die(EXIT_BROKEN, "usage: supervisor UID");
  uid_t uid = (uid_t)strtoul(argv[1], NULL, 10);
  if (uid == 0) die(EXIT_BROKEN, "the job user must not be root");
  prctl(PR_SET_DUMPABLE, 0);
  close_from(3);
  reset_signals();
  block_signals();
  set_oom_score(SUPERVISOR_OOM_SCORE);
  check_posture(posture, sizeof posture);
  open_counters();
  start_zygote(uid);
  prepare_spare(RUNTIME_PYTHON3);
  prepare_spare(RUNTIME_BASH);
  take_baseline();
  greet(posture);
  serve(uid);
}

/* The first frame must be HELLO: engines have been seen to leak bytes of the attach request into
 * the container's stdin, and then nothing that follows can be trusted. */
static void greet(const char *posture) {
  struct frame_header header;
  read_header(&header);
  if (header.type != FRAME_HELLO || header.length != 0)
    die(EXIT_PROTOCOL, "the first frame is not HELLO");
  greeted = true;
  send_text(FRAME_READY, header.nonce, posture);
}

static void serve(uid_t uid) {
  for (;;) {
    struct frame_header header;
    read_header(&header);
    switch (header.type) {
      case FRAME_PING:
        if (header.length != 0) die(EXIT_PROTOCOL, "PING carries no payload");
        send_text(FRAME_PING, header.nonce, "");
        break;
      case FRAME_CANCEL: /* came after its job had ended */
        if (header.length != 0) die(EXIT_PROTOCOL, "CANCEL carries no payload");
        break;
      case FRAME_BUNDLE:
        install_bundle(&header);
        break;
      case FRAME_JOB:
        serve_job(&header, uid);
        break;
      default:
        die(EXIT_PROTOCOL, "unknown frame type %u", header.type);
    }
  }
}

/* A run that ended in any way but an exit is never followed by another job in this container. */
static void serve_job(const struct frame_header *header, uid_t uid) {
  struct job job;
  read_job(header, &job);
  enum status status = run_job(&job);
  enum runtime runtime = job.head.runtime;
  forget_job(&job);
  if (status != STATUS_EXITED) _exit(EXIT_HOST_GONE);
  const char *problem = reset_sandbox(uid);
  if (problem != NULL) {
    send_text(FRAME_DIRTY, header->nonce, problem);
    _exit(EXIT_BROKEN);
  }
  prepare_spare(runtime);
  send_text(FRAME_READY, header->nonce, "");
}

/* Whoever started the engine may have ignored signals, and jobs would inherit that. The call itself:
 * libc keeps two of the numbers for itself. */
static void reset_signals(void) {
  static const uint64_t no_action[4];
  for (int number = 1; number <= SIGNALS_MAX; number++) syscall(SYS_rt_sigaction, number, no_action, NULL, sizeof(uint64_t));
}

/* Signals are read from a descriptor in the poll loops, never handled asynchronously. */
static void block_signals(void) {
  sigset_t mask;
  sigemptyset(&mask);
  sigaddset(&mask, SIGCHLD);
  sigaddset(&mask, SIGTERM);
  sigaddset(&mask, SIGINT);
  sigaddset(&mask, SIGPIPE);
  sigprocmask(SIG_BLOCK, &mask, NULL);
  signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals < 0) die(EXIT_BROKEN, "signalfd: %s", strerror(errno));
}

int signal_fd(void) { return signals; }

int64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

bool wait_readable(int fd, int ms) {
  struct pollfd entry = {.fd = fd, .events = POLLIN};
  int64_t until = now_us() + (int64_t)ms * 1000;
  for (;;) {
    int64_t left = until - now_us();
    int ready = poll(&entry, 1, left > 0 ? (int)((left + 999) / 1000) : 0);
    if (ready > 0) return true;
    if (ready == 0) return false;
    if (errno != EINTR) die(EXIT_BROKEN, "poll: %s", strerror(errno));
  }
}

void die(int code, const char *format, ...) {
  static const uint8_t no_nonce[NONCE_BYTES];
  char text[256];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  dprintf(2, "supervisor: %s\n", text);
  if (greeted) send_text(FRAME_FAULT, no_nonce, text);
  _exit(code);
}

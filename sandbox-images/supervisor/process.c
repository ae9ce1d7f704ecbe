/* Basic functions of process 1: its end, its clock, its signals. */
#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "wire.h"

#define SIGNALS_MAX 64
#define FAULT_BYTES 256 /* the text of a FAULT with its NUL; with the header far below PIPE_BUF */

static int signals = -1;
static bool sends_faults = false;

static void send_fault(const char *text);

void enable_fault_frames(void) { sends_faults = true; }

void die(int code, const char *format, ...) {
  char text[FAULT_BYTES];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  dprintf(2, "supervisor: %s\n", text);
  if (sends_faults) send_fault(text);
  _exit(code);
}

/* Calls write() itself, because channel.c depends on this file. A pipe takes this few bytes whole
 * or not at all. */
static void send_fault(const char *text) {
  struct __attribute__((packed)) {
    struct frame_header header;
    char text[FAULT_BYTES];
  } frame = {.header = {.type = FRAME_FAULT}};
  frame.header.length = (uint32_t)strlen(text);
  memcpy(frame.text, text, frame.header.length);
  if (write(1, &frame, sizeof frame.header + frame.header.length) < 0)
    return; /* the host is gone, and process 1 ends anyway */
}

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

/* Makes the system call itself, because libc reserves two of the numbers. */
void reset_signals(void) {
  static const uint64_t no_action[4];
  for (int number = 1; number <= SIGNALS_MAX; number++)
    syscall(SYS_rt_sigaction, number, no_action, NULL, sizeof(uint64_t));
}

/* Signals are read from a descriptor in the poll loops, never handled asynchronously. */
void block_signals(void) {
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

void stop_if_told(void) {
  struct signalfd_siginfo info;
  while (read(signals, &info, sizeof info) == sizeof info)
    if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT) _exit(EXIT_HOST_GONE);
}

/* Signals are blocked but inside of ppoll(), so that none arrives between a look and a wait. */
#define _GNU_SOURCE
#include "wait.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "answer.h"
#include "text.h"

#define WRITE_SECONDS 2 /* for a reader that does not take the answer */
#define BLOCKED 2

static const struct {
  int number;
  const char *name;
} signals[] = {{SIGTERM, "SIGTERM"}, {SIGINT, "SIGINT"}, {SIGHUP, "SIGHUP"}};

static int64_t started_us, deadline_us = INT64_MAX;
static double deadline_seconds;
static volatile sig_atomic_t received;
static const volatile int *last_code;

static int64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void note(int number) { received = number; }

static void end_now(int number) {
  (void)number;
  _exit(last_code == NULL ? BLOCKED : *last_code);
}

static void on(int number, void (*handler)(int)) {
  struct sigaction action = {.sa_handler = handler};
  sigaction(number, &action, NULL);
}

void start_clock(void) {
  sigset_t mask;
  started_us = now_us();
  sigemptyset(&mask);
  for (size_t at = 0; at < sizeof signals / sizeof *signals; at++) {
    on(signals[at].number, note);
    sigaddset(&mask, signals[at].number);
  }
  on(SIGPIPE, SIG_IGN);
  on(SIGALRM, end_now);
  sigprocmask(SIG_SETMASK, &mask, NULL);
}

static void end_after(double seconds) {
  struct itimerval timer = {.it_value.tv_sec = (time_t)seconds};
  timer.it_value.tv_usec = (suseconds_t)((seconds - (double)timer.it_value.tv_sec) * 1e6);
  setitimer(ITIMER_REAL, &timer, NULL);
}

void set_deadline(double seconds) {
  deadline_seconds = seconds;
  deadline_us = started_us + (int64_t)(seconds * 1e6);
  end_after(seconds + WRITE_SECONDS);
}

void end_soon(const volatile int *code) {
  last_code = code;
  end_after(WRITE_SECONDS);
}

int64_t left_us(void) {
  int64_t left = deadline_us - now_us();
  return left > 0 ? left : 0;
}

/* A number as JavaScript prints it: the fewest digits that mean the same. */
static void add_number(struct text *into, double number) {
  for (int digits = 1; digits <= 17; digits++) {
    struct text shown = {0};
    add_format(&shown, "%.*g", digits, number);
    if (strchr(c_string(&shown), 'e') == NULL && strtod(shown.at, NULL) == number) {
      add(into, shown.at, shown.length);
      return;
    }
  }
}

void wait_for(struct pollfd *entries, nfds_t count) {
  sigset_t none;
  sigemptyset(&none);
  for (;;) {
    int64_t left = left_us();
    struct timespec rest = {.tv_sec = left / 1000000, .tv_nsec = left % 1000000 * 1000};
    int ready = ppoll(entries, count, &rest, &none);
    for (size_t at = 0; at < sizeof signals / sizeof *signals; at++)
      if (received == signals[at].number) undecided("it was ended by %s", signals[at].name);
    if (left_us() == 0) {
      struct text seconds = {0};
      add_number(&seconds, deadline_seconds);
      undecided("%s s have passed without an answer", c_string(&seconds));
    }
    if (ready > 0) return;
    if (ready < 0 && errno != EINTR) undecided("poll: %s", strerror(errno));
  }
}

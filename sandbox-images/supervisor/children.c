/* Processes that have ended, or are about to. Process 1 alone waits for them. */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "supervisor.h"

static bool lost = false;

bool lost_one_of_ours(void) { return lost; }

bool reap(pid_t pid, int *wait_status, int64_t *cpu_us) {
  bool found = false;
  struct rusage usage;
  int status;
  for (pid_t ended; (ended = wait4(-1, &status, WNOHANG, &usage)) > 0;) {
    if (is_one_of_ours(ended)) lost = true;
    if (ended != pid) continue;
    found = true;
    *wait_status = status;
    *cpu_us = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
  }
  return found;
}

bool reap_until(int64_t until_us, pid_t pid, int *wait_status, int64_t *cpu_us) {
  while (!reap(pid, wait_status, cpu_us))
    if (!settled(until_us)) return false;
  return true;
}

bool settled(int64_t until_us) {
  struct signalfd_siginfo info;
  if (now_us() > until_us) return false;
  if (wait_readable(signal_fd(), 1))
    while (read(signal_fd(), &info, sizeof info) == sizeof info)
      if (info.ssi_signo == SIGTERM) _exit(EXIT_HOST_GONE);
  return true;
}

/* Waits for child processes. Only process 1 waits for jobs. */
#define _GNU_SOURCE
#include "children.h"

#include <sys/resource.h>
#include <sys/wait.h>

#include "process.h"
#include "spare.h"

static bool lost = false;

bool lost_one_of_ours(void) { return lost; }

bool reap(pid_t pid, struct end *end) {
  bool found = false;
  struct rusage usage;
  int status;
  for (pid_t ended; (ended = wait4(-1, &status, WNOHANG, &usage)) > 0;) {
    if (is_one_of_ours(ended)) lost = true;
    if (ended != pid) continue;
    found = true;
    end->wait_status = status;
    end->cpu_us = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
                  usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
  }
  return found;
}

void reap_all(void) {
  struct end nobodys;
  reap(0, &nobodys); /* no process has this id */
}

bool reap_until(int64_t until_us, pid_t pid, struct end *end) {
  while (!reap(pid, end))
    if (!wait_for_child(until_us)) return false;
  return true;
}

bool wait_for_child(int64_t until_us) {
  if (now_us() > until_us) return false;
  if (wait_readable(signal_fd(), 1)) stop_if_told();
  return true;
}

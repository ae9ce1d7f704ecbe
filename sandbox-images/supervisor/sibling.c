/* fork(), but the child's parent is ours: process 1 alone waits for jobs. */
#define _GNU_SOURCE
#include "sibling.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "identity.h"

static pid_t fork_twice(void);

/* A second fork in between cost 1.5 ms of 8.5 ms of CPU per job, where CLONE_PARENT does the same.
 * libc's own fork does no more for a process of one thread than the call: nothing is locked. */
pid_t fork_sibling(void) {
  if (on_gvisor()) return fork_twice(); /* it ignores CLONE_PARENT */
  return (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL);
}

/* The middle process ends before the answer is given, so that no job ever sees it or its remains. */
static pid_t fork_twice(void) {
  pid_t *forked = mmap(NULL, sizeof *forked, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (forked == MAP_FAILED) return -1;
  pid_t middle = fork();
  if (middle == 0) {
    pid_t job = fork();
    if (job != 0) {
      *forked = job;
      _exit(0);
    }
    munmap(forked, sizeof *forked);
    return 0;
  }
  while (middle > 0 && waitpid(middle, NULL, 0) < 0 && errno == EINTR) {
  }
  pid_t job = middle > 0 ? *forked : -1;
  munmap(forked, sizeof *forked);
  return job;
}

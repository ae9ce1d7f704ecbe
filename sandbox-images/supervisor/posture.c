/* Process 1 checks its own confinement before it serves: a sandbox that came up weaker than the
 * container spec demands must not run a single script. Seccomp filters of a container spec are not
 * loaded into gVisor, and need not be: no call of a job reaches the host's kernel there. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "supervisor.h"

/* CAP_KILL (5), CAP_SETGID (6), CAP_SETUID (7): to end jobs and to become the job user. */
#define CAPABILITIES 0xe0ull

static unsigned long long field(const char *status, const char *name, int base) {
  const char *at = strstr(status, name);
  if (at == NULL) die(EXIT_POSTURE, "/proc/self/status has no %s", name);
  return strtoull(at + strlen(name), NULL, base);
}

void check_posture(char *report, size_t bytes) {
  char status[4096];
  int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
  ssize_t got = fd < 0 ? -1 : read(fd, status, sizeof status - 1);
  if (got <= 0) die(EXIT_POSTURE, "/proc/self/status cannot be read");
  close(fd);
  status[got] = '\0';
  bool gvisor = on_gvisor();
  unsigned long long effective = field(status, "\nCapEff:", 16), bounding = field(status, "\nCapBnd:", 16);
  unsigned long long inheritable = field(status, "\nCapInh:", 16);
  unsigned long long seccomp = field(status, "\nSeccomp:", 10);
  int no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
  if (getpid() != 1) die(EXIT_POSTURE, "not process 1");
  if (getuid() != 0 || geteuid() != 0) die(EXIT_POSTURE, "not root inside the container");
  if (effective != CAPABILITIES || bounding != CAPABILITIES)
    die(EXIT_POSTURE, "capabilities are %llx of %llx, wanted %llx", effective, bounding, CAPABILITIES);
  if (inheritable & ~CAPABILITIES) die(EXIT_POSTURE, "inheritable capabilities are %llx", inheritable);
  if (no_new_privs != 1) die(EXIT_POSTURE, "no-new-privileges is off");
  if (seccomp != 2 && !gvisor) die(EXIT_POSTURE, "seccomp mode is %llu, wanted 2", seccomp);
  snprintf(report, bytes, "version=%d\ncapabilities=%llx\nno-new-privileges=%d\nseccomp=%llu\nkernel=%s\n", WIRE_VERSION,
           effective, no_new_privs, seccomp, gvisor ? "gvisor" : "linux");
}

/* Process 1 checks its own confinement before it serves: a sandbox that came up weaker than the
 * container spec demands must not run a single script. Seccomp filters of a container spec are not
 * loaded into gVisor, and need not be: no call of a job reaches the host's kernel there. */
#define _GNU_SOURCE
#include "posture.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "identity.h"
#include "paths.h"
#include "process.h"

/* CAP_KILL (5), CAP_SETGID (6), CAP_SETUID (7): to end jobs and to become the job user. */
#define CAPABILITIES 0xe0ull

static unsigned long long field(const char *status, const char *name, int base) {
  const char *at = strstr(status, name);
  if (at == NULL) die(EXIT_POSTURE, "/proc/self/status has no %s", name);
  return strtoull(at + strlen(name), NULL, base);
}

static void read_text(const char *path, char *text, size_t bytes) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t got = fd < 0 ? -1 : read(fd, text, bytes - 1);
  if (got <= 0) die(EXIT_POSTURE, "%s cannot be read", path);
  close(fd);
  text[got] = '\0';
}

/* Flags are those of statvfs(3). */
static void check_mount(const char *path, unsigned long wanted) {
  struct statvfs fs;
  if (statvfs(path, &fs) != 0 || (fs.f_flag & wanted) != wanted)
    die(EXIT_POSTURE, "%s is mounted with flags %lx, wanted %lx", path, fs.f_flag, wanted);
}

/* The kernel takes a limit of 1 for "no core dump, not even through a pipe". */
static void check_core_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_CORE, &limit) != 0 || limit.rlim_cur != 1 || limit.rlim_max != 1)
    die(EXIT_POSTURE, "the core limit is %llu, wanted 1", (unsigned long long)limit.rlim_cur);
}

static void check_terminals(void) {
  int fd = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) return;
  close(fd);
  die(EXIT_POSTURE, "a pseudo terminal can be opened: /dev/pts is not covered");
}

/* /proc/net/dev has two lines of heading, then one for each interface. */
static void check_network(void) {
  char text[4096];
  read_text("/proc/net/dev", text, sizeof text);
  const char *line = text;
  for (int skipped = 0; skipped < 2 && line != NULL; skipped++)
    if ((line = strchr(line, '\n')) != NULL) line++;
  for (; line != NULL && *line != '\0'; line = strchr(line, '\n'), line += line != NULL)
    if (strncmp(line + strspn(line, " "), "lo:", 3) != 0)
      die(EXIT_POSTURE, "there is a network: %.16s", line);
}

void check_posture(void) {
  char status[4096];
  read_text("/proc/self/status", status, sizeof status);
  bool gvisor = on_gvisor();
  unsigned long long effective = field(status, "\nCapEff:", 16),
                     bounding = field(status, "\nCapBnd:", 16);
  unsigned long long inheritable = field(status, "\nCapInh:", 16);
  unsigned long long seccomp = field(status, "\nSeccomp:", 10);
  int no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
  if (getpid() != 1) die(EXIT_POSTURE, "not process 1");
  if (getuid() != 0 || geteuid() != 0) die(EXIT_POSTURE, "not root inside the container");
  if (effective != CAPABILITIES || bounding != CAPABILITIES)
    die(EXIT_POSTURE, "capabilities are %llx of %llx, wanted %llx", effective, bounding,
        CAPABILITIES);
  if (inheritable & ~CAPABILITIES)
    die(EXIT_POSTURE, "inheritable capabilities are %llx", inheritable);
  if (no_new_privs != 1) die(EXIT_POSTURE, "no-new-privileges is off");
  if (seccomp != 2 && !gvisor) die(EXIT_POSTURE, "seccomp mode is %llu, wanted 2", seccomp);
  check_network();
  if (!gvisor) { /* gVisor does not report the flags of a mount */
    check_mount("/", ST_RDONLY);
    check_mount(SCRATCH_DIR, ST_NOEXEC | ST_NOSUID | ST_NODEV);
    check_mount(JOB_DIR, ST_NOEXEC | ST_NOSUID | ST_NODEV);
    check_mount(PROJECT_DIR, ST_NOSUID | ST_NODEV);
    check_core_limit();
    check_terminals();
  }
}

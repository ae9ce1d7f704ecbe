/* The identity of a job: its environment, limits and ids. All of them are constants, so that no job
 * can change what the next one gets. Linked into the supervisor, the zygote and gate.node. */
#define _GNU_SOURCE
#include "identity.h"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "paths.h"

char *const job_environment[] = {
    "PATH=/usr/local/bin:/usr/bin:/bin",
    "HOME=" SCRATCH_DIR,
    "LANG=C.UTF-8",
    "TMPDIR=" SCRATCH_DIR,
    NULL,
};
_Static_assert(sizeof job_environment / sizeof *job_environment == JOB_VARIABLES + 1,
               "JOB_VARIABLES counts them");

static int set_limit(int resource, rlim_t value) {
  struct rlimit limit = {value, value};
  return setrlimit(resource, &limit);
}

/* uname(2) reports it, and a container on another kernel cannot change what uname(2) reports. */
bool on_gvisor(void) {
  struct utsname name;
  if (uname(&name) != 0) return false;
  return strcmp(name.version, "#1 SMP Sun Jan 10 15:06:54 PST 2016") == 0 ||
         strstr(name.release, "gvisor") != NULL;
}

/* Hard limits equal soft ones, so that a job cannot raise a limit again. The pids cgroup limits
 * processes, because NPROC counts per user over the whole host. The container sets CORE, see
 * posture.c. */
static int set_limits(unsigned cpu_seconds) {
  if (cpu_seconds > 0 && set_limit(RLIMIT_CPU, cpu_seconds) != 0) return -1;
  int failed = set_limit(RLIMIT_NOFILE, 256) | set_limit(RLIMIT_FSIZE, 32u << 20) |
               set_limit(RLIMIT_MEMLOCK, 64u << 10) | set_limit(RLIMIT_STACK, 8u << 20);
  if (on_gvisor()) return failed; /* gVisor has none of the others, and refuses to set them */
  return failed | set_limit(RLIMIT_MSGQUEUE, 0) | set_limit(RLIMIT_SIGPENDING, 128) |
         set_limit(RLIMIT_RTPRIO, 0) | set_limit(RLIMIT_NICE, 0);
}

void set_oom_score(const char *score) {
  int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  if (write(fd, score, strlen(score)) < 0) { /* the container's own score still protects the host */
  }
  close(fd);
}

/* gVisor of 2022 has no close_range; its descriptor table ends at the limit. */
void close_from(unsigned first) {
  if (syscall(SYS_close_range, first, ~0u, 0u) == 0) return;
  for (long last = sysconf(_SC_OPEN_MAX), fd = first; fd < last; fd++) close((int)fd);
}

void prepare_process(void) {
  setsid();
  umask(022);
  set_oom_score(JOB_OOM_SCORE);
  setpriority(PRIO_PROCESS, 0, 10);
}

int become_job_user(uid_t uid, unsigned cpu_seconds) {
  sigset_t none;
  sigemptyset(&none);
  if (set_limits(cpu_seconds) != 0 || drop_ids(uid) != 0 || chdir(SCRATCH_DIR) != 0) return -1;
  return sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Verifies the ids: after a set*id call that silently did nothing, a script would run as root. */
int drop_ids(uid_t uid) {
  uid_t real, effective, saved;
  if (setgroups(0, NULL) != 0 || setresgid(uid, uid, uid) != 0 || setresuid(uid, uid, uid) != 0)
    return -1;
  if (getresuid(&real, &effective, &saved) != 0) return -1;
  if (real != uid || effective != uid || saved != uid || setuid(0) == 0) return -1;
  return 0;
}

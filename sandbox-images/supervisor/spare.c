/* Single-use interpreters that wait for their job.
 *
 * bash is started as `bash /job/script` with BASH_ENV=gate.sh: bash reads that file before it opens
 * the script, and the gate blocks on fd 9. So the script runs exactly as under `bash script`, and
 * its process start is long over when the job arrives. A waiting bash already is the job user.
 * python3 is forked by the zygote and blocks as root; it becomes the job user when its gate
 * opens. */
#define _GNU_SOURCE
#include "spare.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "identity.h"
#include "paths.h"
#include "process.h"
#include "zygote.h"

#define BASH_GATE_FD 9
#define ZYGOTE_LIMIT_MS 10000
#define ALWAYS_OURS 2 /* process 1 and the zygote */

static struct spare spares[RUNTIMES];
static bool waiting[RUNTIMES];
static int zygote_socket = -1;
static pid_t zygote;
static uid_t job_uid;

static void make_pipe(int ends[2]);
static void spawn_bash(struct spare *spare, int child_ends[JOB_ENDS]);
static void ask_zygote(int child_ends[JOB_ENDS]);
static void exec_or_die(const char *path, char *const argv[], char *const env[]);

/* The zygote's own stdio are pipes as a job's are, because python fixes the buffering of its
 * standard streams when it starts. */
void start_zygote(uid_t uid) {
  int pair[2], in[2], out[2];
  job_uid = uid;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
    die(EXIT_BROKEN, "socketpair: %s", strerror(errno));
  make_pipe(in);
  make_pipe(out);
  zygote = fork();
  if (zygote < 0) die(EXIT_BROKEN, "fork: %s", strerror(errno));
  if (zygote == 0) {
    set_oom_score(ZYGOTE_OOM_SCORE);
    char *const argv[] = {"python3", SCRIPT_PATH,
                          NULL}; /* what a job finds in /proc/self/cmdline */
    if (dup2(in[0], 0) < 0 || dup2(out[1], 1) < 0 || dup2(pair[1], SUPERVISOR_FD) < 0)
      _exit(EXIT_BROKEN);
    if (chdir(SCRATCH_DIR) != 0 && chdir("/") != 0) _exit(EXIT_BROKEN);
    exec_or_die(ZYGOTE_PATH, argv, job_environment);
  }
  close(in[0]), close(in[1]), close(out[0]), close(out[1]), close(pair[1]);
  zygote_socket = pair[0];
}

bool is_one_of_ours(pid_t pid) {
  if (pid == zygote) return true;
  for (int i = 0; i < RUNTIMES; i++)
    if (waiting[i] && spares[i].pid == pid) return true;
  return false;
}

int64_t tasks_of_ours(void) {
  int64_t count = ALWAYS_OURS;
  for (int i = 0; i < RUNTIMES; i++) count += waiting[i];
  return count;
}

/* Returns at once; the interpreter starts while process 1 waits for the next frame. */
void prepare_spare(enum runtime runtime) {
  if (waiting[runtime]) return;
  struct spare *spare = &spares[runtime];
  int in[2], out[2], err[2], gate[2];
  make_pipe(gate);
  setfsuid(job_uid),
      setfsgid(job_uid); /* a pipe can be opened again, as /dev/stdin, by its owner only */
  make_pipe(in), make_pipe(out), make_pipe(err);
  setfsuid(0), setfsgid(0);
  int child_ends[JOB_ENDS] = {
      [END_IN] = in[0], [END_OUT] = out[1], [END_ERR] = err[1], [END_GATE] = gate[0]};
  *spare = (struct spare){.pid = 0, .gate = gate[1], .in = in[1], .out = out[0], .err = err[0]};
  if (runtime == RUNTIME_BASH)
    spawn_bash(spare, child_ends);
  else
    ask_zygote(child_ends);
  for (int i = 0; i < JOB_ENDS; i++) close(child_ends[i]);
  fcntl(spare->in, F_SETFL, O_NONBLOCK);
  fcntl(spare->out, F_SETFL, O_NONBLOCK);
  fcntl(spare->err, F_SETFL, O_NONBLOCK);
  waiting[runtime] = true;
}

struct spare take_spare(enum runtime runtime) {
  prepare_spare(runtime);
  settle_spares();
  waiting[runtime] = false;
  return spares[runtime];
}

/* Reads the zygote's answer: the pid of the process that it forked. */
void settle_spares(void) {
  struct spare *spare = &spares[RUNTIME_PYTHON3];
  if (!waiting[RUNTIME_PYTHON3] || spare->pid != 0) return;
  if (!wait_readable(zygote_socket, ZYGOTE_LIMIT_MS))
    die(EXIT_BROKEN, "the zygote does not answer");
  if (recv(zygote_socket, &spare->pid, sizeof spare->pid, 0) != sizeof spare->pid)
    die(EXIT_BROKEN, "the zygote is gone");
}

void discard_bash_spare(void) {
  if (!waiting[RUNTIME_BASH]) return;
  struct spare *spare = &spares[RUNTIME_BASH];
  kill(spare->pid, SIGKILL);
  while (waitpid(spare->pid, NULL, 0) < 0 && errno == EINTR) {
  }
  close(spare->gate), close(spare->in), close(spare->out), close(spare->err);
  waiting[RUNTIME_BASH] = false;
}

static void make_pipe(int ends[2]) {
  if (pipe2(ends, O_CLOEXEC) != 0) die(EXIT_BROKEN, "pipe: %s", strerror(errno));
}

static void spawn_bash(struct spare *spare, int child_ends[JOB_ENDS]) {
  spare->pid = fork();
  if (spare->pid < 0) die(EXIT_BROKEN, "fork: %s", strerror(errno));
  if (spare->pid > 0) return;
  char *const argv[] = {"bash", SCRIPT_PATH, NULL};
  char *env[1 + JOB_VARIABLES + 1] = {"BASH_ENV=" GATE_PATH};
  memcpy(env + 1, job_environment, sizeof job_environment);
  /* Moves all ends above the numbers that dup2 gives them below, so that no dup2 closes an end that
   * is still needed. */
  for (int i = 0; i < JOB_ENDS; i++)
    if ((child_ends[i] = fcntl(child_ends[i], F_DUPFD_CLOEXEC, 10)) < 0) _exit(EXIT_BROKEN);
  for (int i = 0; i < END_GATE; i++)
    if (dup2(child_ends[i], i) < 0) _exit(EXIT_BROKEN);
  prepare_process();
  if (dup2(child_ends[END_GATE], BASH_GATE_FD) < 0 || become_job_user(job_uid, 0) != 0)
    _exit(EXIT_BROKEN);
  exec_or_die("/bin/bash", argv, env);
}

static void ask_zygote(int child_ends[JOB_ENDS]) {
  union {
    struct cmsghdr align;
    char space[CMSG_SPACE(JOB_ENDS * sizeof(int))];
  } control = {0};
  struct iovec part = {&job_uid, sizeof job_uid};
  struct msghdr message = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(JOB_ENDS * sizeof(int));
  memcpy(CMSG_DATA(rights), child_ends, JOB_ENDS * sizeof(int));
  if (sendmsg(zygote_socket, &message, MSG_NOSIGNAL) != sizeof job_uid)
    die(EXIT_BROKEN, "the zygote is gone");
}

static void exec_or_die(const char *path, char *const argv[], char *const env[]) {
  execve(path, argv, env);
  _exit(EXIT_BROKEN);
}

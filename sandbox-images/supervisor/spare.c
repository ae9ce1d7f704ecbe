/* Single-use interpreters that wait for their job.
 *
 * bash is started as `bash /job/script` with BASH_ENV=gate.sh: bash reads that file before it opens
 * the script, and the gate blocks on fd 9. So the script runs exactly as under `bash script`, and
 * its process start is long over when the job arrives. A waiting bash already is the job user.
 * python3 is forked by the zygote and blocks as root; it becomes the job user when its gate
 * opens.
 * node is started as `node /job/script` with NODE_OPTIONS, which names gate.cjs: it loads that file
 * first, and the file blocks as root in gate.node. */
#define _GNU_SOURCE
#include "spare.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "identity.h"
#include "node_gate.h"
#include "paths.h"
#include "process.h"
#include "zygote.h"

#define BASH_GATE_FD 9
#define START_LIMIT_MS 10000
#define ALWAYS_OURS 2 /* process 1 and the zygote */

static struct spare spares[RUNTIMES];
static bool waiting[RUNTIMES];
static int zygote_socket = -1;
static pid_t zygote;
static uid_t job_uid;

static bool has_node(void);
static void start_spare(enum runtime runtime);
static int64_t threads_of_node(void);
static void make_pipe(int ends[2]);
static void make_gate(enum runtime runtime, int ends[2]);
static void spawn_bash(struct spare *spare, int child_ends[JOB_ENDS]);
static void spawn_node(struct spare *spare, int child_ends[JOB_ENDS]);
static void take_ends(int child_ends[JOB_ENDS], int gate_fd);
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

int64_t processes_of_ours(void) {
  int64_t count = ALWAYS_OURS;
  for (int i = 0; i < RUNTIMES; i++) count += waiting[i];
  return count;
}

int64_t tasks_of_ours(void) {
  return processes_of_ours() + (waiting[RUNTIME_NODE] ? threads_of_node() - 1 : 0);
}

/* A folder has a link for itself, its name, and each folder in it. */
static int64_t threads_of_node(void) {
  char path[32];
  struct stat threads;
  snprintf(path, sizeof path, "/proc/%d/task", spares[RUNTIME_NODE].pid);
  return stat(path, &threads) == 0 ? (int64_t)threads.st_nlink - 2 : 1;
}

void prepare_spare(enum runtime runtime) {
  if (!waiting[runtime] && (runtime != RUNTIME_NODE || has_node())) start_spare(runtime);
}

static bool has_node(void) { return access(NODE_PATH, X_OK) == 0; }

/* The interpreter starts while process 1 waits for the next frame. */
static void start_spare(enum runtime runtime) {
  struct spare *spare = &spares[runtime];
  int in[2], out[2], err[2], gate[2];
  make_gate(runtime, gate);
  setfsuid(job_uid),
      setfsgid(job_uid); /* a pipe can be opened again, as /dev/stdin, by its owner only */
  make_pipe(in), make_pipe(out), make_pipe(err);
  setfsuid(0), setfsgid(0);
  int child_ends[JOB_ENDS] = {
      [END_IN] = in[0], [END_OUT] = out[1], [END_ERR] = err[1], [END_GATE] = gate[0]};
  *spare = (struct spare){.pid = 0, .gate = gate[1], .in = in[1], .out = out[0], .err = err[0]};
  if (runtime == RUNTIME_BASH)
    spawn_bash(spare, child_ends);
  else if (runtime == RUNTIME_NODE)
    spawn_node(spare, child_ends);
  else
    ask_zygote(child_ends);
  for (int i = 0; i < JOB_ENDS; i++) close(child_ends[i]);
  fcntl(spare->in, F_SETFL, O_NONBLOCK);
  fcntl(spare->out, F_SETFL, O_NONBLOCK);
  fcntl(spare->err, F_SETFL, O_NONBLOCK);
  waiting[runtime] = true;
}

struct spare take_spare(enum runtime runtime) {
  if (!waiting[runtime]) start_spare(runtime);
  settle_spares();
  waiting[runtime] = false;
  return spares[runtime];
}

/* Reads the zygote's answer: the pid of the process that it forked. */
void settle_spares(void) {
  struct spare *spare = &spares[RUNTIME_PYTHON3];
  if (!waiting[RUNTIME_PYTHON3] || spare->pid != 0) return;
  if (!wait_readable(zygote_socket, START_LIMIT_MS))
    die(EXIT_BROKEN, "the zygote does not answer");
  if (recv(zygote_socket, &spare->pid, sizeof spare->pid, 0) != sizeof spare->pid)
    die(EXIT_BROKEN, "the zygote is gone");
}

/* A node that has not loaded its code yet would make the memory at the start look smaller. */
void settle_node(void) {
  char ready;
  if (!waiting[RUNTIME_NODE]) return;
  int gate = spares[RUNTIME_NODE].gate;
  if (!wait_readable(gate, START_LIMIT_MS) || read(gate, &ready, 1) != 1)
    die(EXIT_BROKEN, "node does not start");
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

static void make_gate(enum runtime runtime, int ends[2]) {
  if (runtime != RUNTIME_NODE) return make_pipe(ends);
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    die(EXIT_BROKEN, "socketpair: %s", strerror(errno));
  if (write(ends[1], &job_uid, sizeof job_uid) != sizeof job_uid)
    die(EXIT_BROKEN, "the gate is closed");
}

static void spawn_bash(struct spare *spare, int child_ends[JOB_ENDS]) {
  spare->pid = fork();
  if (spare->pid < 0) die(EXIT_BROKEN, "fork: %s", strerror(errno));
  if (spare->pid > 0) return;
  char *const argv[] = {"bash", SCRIPT_PATH, NULL};
  char *env[1 + JOB_VARIABLES + 1] = {"BASH_ENV=" GATE_PATH};
  memcpy(env + 1, job_environment, sizeof job_environment);
  take_ends(child_ends, BASH_GATE_FD);
  prepare_process();
  if (become_job_user(job_uid, 0) != 0) _exit(EXIT_BROKEN);
  exec_or_die("/bin/bash", argv, env);
}

/* Without node in the image, its place in the container ends with the exit code of shells for a
 * program that is not there. */
static void spawn_node(struct spare *spare, int child_ends[JOB_ENDS]) {
  static const char missing[] = "node: not found in this image\n";
  char line[16];
  sigset_t none;
  spare->pid = fork();
  if (spare->pid < 0) die(EXIT_BROKEN, "fork: %s", strerror(errno));
  if (spare->pid > 0) return;
  char *const argv[] = {"node", SCRIPT_PATH, NULL};
  char *env[1 + JOB_VARIABLES + 1] = {"NODE_OPTIONS=--require=" NODE_GATE_PATH};
  memcpy(env + 1, job_environment, sizeof job_environment);
  take_ends(child_ends, NODE_GATE_FD);
  prepare_process();
  sigemptyset(&none);
  if (sigprocmask(SIG_SETMASK, &none, NULL) != 0 || chdir("/") != 0) _exit(EXIT_BROKEN);
  if (has_node()) exec_or_die(NODE_PATH, argv, env);
  if (become_job_user(job_uid, 0) != 0 || read(NODE_GATE_FD, line, sizeof line) < 0 ||
      read(NODE_GATE_FD, line, sizeof line) < 0 || write(2, missing, sizeof missing - 1) < 0)
    _exit(EXIT_BROKEN);
  _exit(127);
}

/* Moves all ends above the numbers that dup2 gives them, so that no dup2 closes an end that is still
 * needed. */
static void take_ends(int child_ends[JOB_ENDS], int gate_fd) {
  for (int i = 0; i < JOB_ENDS; i++)
    if ((child_ends[i] = fcntl(child_ends[i], F_DUPFD_CLOEXEC, 10)) < 0) _exit(EXIT_BROKEN);
  for (int i = 0; i < END_GATE; i++)
    if (dup2(child_ends[i], i) < 0) _exit(EXIT_BROKEN);
  if (dup2(child_ends[END_GATE], gate_fd) < 0) _exit(EXIT_BROKEN);
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

/* The warmed python3 that waiting interpreters are forked from.
 *
 * Theory of operation. It initialises CPython exactly as `python3 /job/script` would, runs a small
 * hook to warm the import system and the allocator, and then forks on request. A forked process
 * blocks on its gate as root; when the gate opens it becomes the job user and calls Py_RunMain(),
 * the function that the python3 program itself calls, so that tracebacks, SystemExit and the exit
 * code are CPython's own; the end of the interpreter is shortened, see python_end.c. Nothing
 * here reads a script, a context or an output. The python half is zygote.py.
 *
 * An interpreter is a child of process 1, which alone waits for jobs: sibling.c. */
#define _GNU_SOURCE
#include "cpython.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hot_pages.h"
#include "identity.h"
#include "paths.h"
#include "python_end.h"
#include "python_half.h"
#include "sibling.h"
#include "zygote.h"

/* A script that uses what nearly every guard uses. It must not call sys.exit(), which would end the
 * rehearsal. */
#define REHEARSED_GUARD \
  "import json, re, sys\n" \
  "context = json.load(sys.stdin)\n" \
  "command = context.get('tool_input', {}).get('command', '')\n" \
  "for pattern in (r'\\brm\\s+-rf\\b', r'(?i)drop\\s+table'):\n" \
  "    if re.search(pattern, command):\n" \
  "        print(json.dumps({'decision': 'block', 'reason': f'not permitted: {pattern}'}))\n" \
  "print('done', file=sys.stderr)\n"

static void rehearse(void);
static int put_on_stage(void);
static void start_python(void);
static int await_request(uid_t *uid, int fds[JOB_ENDS]);
static int wait_at_gate(uid_t uid, int fds[JOB_ENDS]);

int main(void) {
  uid_t uid;
  prctl(PR_SET_DUMPABLE, 0);
  start_python();
  load_python_half();
  PyOS_BeforeFork();
  find_hot_pages(rehearse);
  PyOS_AfterFork_Parent();
  int fds[JOB_ENDS];
  while (await_request(&uid, fds) == 0) {
    PyOS_BeforeFork();
    pid_t job = fork_sibling();
    if (job == 0) {
      copy_hot_pages();
      PyOS_AfterFork_Child();
      if (wait_at_gate(uid, fds) != 0) _exit(ZYGOTE_BROKEN);
      leave_python(Py_RunMain());
    }
    PyOS_AfterFork_Parent();
    for (int i = 0; i < JOB_ENDS; i++) close(fds[i]);
    if (job < 0) return ZYGOTE_BROKEN;
    if (send(SUPERVISOR_FD, &job, sizeof job, MSG_NOSIGNAL) != sizeof job) return ZYGOTE_BROKEN;
  }
  return 0;
}

static void start_python(void) {
  char *argv[] = {"python3", SCRIPT_PATH, NULL};
  PyConfig config;
  PyConfig_InitPythonConfig(&config);
  config.user_site_directory = 0; /* it is in the home of jobs, which can write there */
  PyStatus status = PyConfig_SetBytesArgv(&config, 2, argv);
  if (!PyStatus_Exception(status)) status = Py_InitializeFromConfig(&config);
  PyConfig_Clear(&config);
  if (PyStatus_Exception(status)) Py_ExitStatusException(status);
}

/* Runs the whole life of a job, with a small guard as its script. Without opening and compiling a
 * script, 60 pages were left to be copied while a job waited for them. */
static void rehearse(void) {
  PyOS_AfterFork_Child();
  enter_job();
  if (put_on_stage() == 0) Py_RunMain();
  unlink(SCRIPT_PATH);
}

/* Puts the guard and its event where a job finds its own; the output of the guard is discarded. */
static int put_on_stage(void) {
  static const char event[] =
      "{\"tool_name\": \"Bash\", \"tool_input\": {\"command\": \"rm -rf /\"}, \"n\": [1, 2.5, "
      "null, true]}\n";
  int ends[2];
  int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  int script = open(SCRIPT_PATH, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (nowhere < 0 || script < 0 || pipe2(ends, O_CLOEXEC) != 0) return -1;
  if (write(script, REHEARSED_GUARD, sizeof REHEARSED_GUARD - 1) != sizeof REHEARSED_GUARD - 1)
    return -1;
  if (write(ends[1], event, sizeof event - 1) != sizeof event - 1) return -1;
  if (dup2(ends[0], 0) < 0 || dup2(nowhere, 1) < 0 || dup2(nowhere, 2) < 0) return -1;
  close(ends[1]);
  return 0;
}

/* Returns 0 with the job's user, stdin, stdout, stderr and gate; -1 when the supervisor is gone. */
static int await_request(uid_t *uid, int fds[JOB_ENDS]) {
  union {
    struct cmsghdr align;
    char space[CMSG_SPACE(JOB_ENDS * sizeof(int))];
  } control;
  struct iovec part = {uid, sizeof *uid};
  struct msghdr message = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  ssize_t got;
  do {
    got = recvmsg(SUPERVISOR_FD, &message, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got != sizeof *uid) return -1;
  struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
  if (rights == NULL || rights->cmsg_type != SCM_RIGHTS ||
      rights->cmsg_len != CMSG_LEN(JOB_ENDS * sizeof(int)))
    return -1;
  memcpy(fds, CMSG_DATA(rights), JOB_ENDS * sizeof(int));
  return 0;
}

static int wait_at_gate(uid_t uid, int fds[JOB_ENDS]) {
  char line[16];
  for (int i = 0; i < END_GATE; i++)
    if (dup2(fds[i], i) < 0) return -1;
  if (dup2(fds[END_GATE], SUPERVISOR_FD) < 0) return -1;
  close_from(SUPERVISOR_FD + 1);
  prctl(PR_SET_NAME, "python3");
  prepare_process();
  enter_job();
  ssize_t got;
  do {
    got = read(SUPERVISOR_FD, line, sizeof line - 1);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) return -1;
  close(SUPERVISOR_FD);
  line[got] = '\0';
  if (become_job_user(uid, (unsigned)strtoul(line, NULL, 10)) != 0) return -1;
  /* set*id made the process undumpable, which would hide its own /proc/self/fd (and so /dev/stdin)
   * from it. */
  return prctl(PR_SET_DUMPABLE, 1);
}

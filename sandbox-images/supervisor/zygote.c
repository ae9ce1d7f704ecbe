/* The warmed python3 that waiting interpreters are forked from.
 *
 * Theory of operation. It initialises CPython exactly as `python3 /job/script` would, runs a small
 * hook to warm the import system and the allocator, and then forks on request. A forked process
 * blocks on its gate as root; when the gate opens it becomes the job user and calls Py_RunMain(),
 * the function that the python3 program itself calls, so that tracebacks, SystemExit, atexit,
 * threads and the exit code are CPython's own. Nothing here reads a script, a context or an output.
 *
 * Forks are double: the middle process exits at once, so that the interpreter becomes a child of
 * process 1, which alone waits for jobs. */
#define PY_SSIZE_T_CLEAN
#define _GNU_SOURCE
#include <Python.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "supervisor.h"

#define SUPERVISOR_FD 3
enum { ZYGOTE_BROKEN = 72 };

/* What nearly every guard does. `secrets`, `random` and `uuid` are left out on purpose: state that
 * must differ between jobs is made in the job. */
static const char warm_up[] =
    "import json, re, sys, os, io, time, datetime, collections, subprocess, shlex, fnmatch, pathlib\n"
    "def guard(text):\n"
    "    context = json.loads(text)\n"
    "    command = (context.get('tool_input') or {}).get('command', '')\n"
    "    for pattern in (r'\\brm\\s+-rf\\b', r'^(?:git|az)\\s+\\w+', r'(?i)drop\\s+table'):\n"
    "        if re.search(pattern, command): return json.dumps({'decision': 'block', 'reason': f'no {pattern!r}'})\n"
    "    return json.dumps({'decision': 'allow', 'hookSpecificOutput': {'additionalContext': '\\u2713'}})\n"
    "out = io.TextIOWrapper(io.BytesIO(), encoding='utf-8')\n"
    "for command in ('ls', 'rm -rf /', 'DROP TABLE x'):\n"
    "    print(guard('{\"tool_input\": {\"command\": \"%s\"}, \"n\": [1, 2.5, null, true]}' % command), file=out)\n"
    "out.flush()\n"
    "compile('import sys, json\\nfor line in sys.stdin:\\n    pass\\n', '<warm>', 'exec')\n"
    "re.purge()\n";

/* Tearing down the warm modules at exit cost 6.7 ms of a 9 ms job, and shows nothing to anybody. So
 * the last exit handler (it is registered first) puts them back as they were, which lets go of what
 * the script hung into them, and takes them out of sys.modules, where the interpreter looks for what
 * to tear down; main() holds them alive. Modules of the script's own, and __main__, are torn down as
 * always: __main__ is made anew after the freeze, or the collector would not look at its contents. */
static const char spare_modules[] =
    "import atexit, gc, sys\n"
    "kept = [(name, module, vars(module), dict(vars(module))) for name, module in sys.modules.items()\n"
    "        if name not in ('sys', 'builtins', '__main__')]\n"
    "def forget(modules=sys.modules, kept=kept):\n"
    "    for name, module, names, before in kept:\n"
    "        if names != before:\n"
    "            names.clear()\n"
    "            names.update(before)\n"
    "        if modules.get(name) is module: del modules[name]\n"
    "atexit.register(forget)\n"
    "gc.freeze()\n"
    "main = type(sys)('__main__')\n"
    "vars(main).update(vars(sys.modules['__main__']), __annotations__={})\n"
    "sys.modules['__main__'] = main\n"
    "del main\n";

/* The thread that forked is not the thread that runs. */
static const char new_thread[] = "import threading\nthreading.main_thread()._set_native_id()\n";

static void start_python(void);
static PyObject *run_apart(const char *source);
static int await_request(uid_t *uid, int fds[4]);
static int wait_at_gate(uid_t uid, int fds[4]);

int main(void) {
  uid_t uid;
  prctl(PR_SET_DUMPABLE, 0);
  start_python();
  run_apart(warm_up);
  run_apart(spare_modules); /* never released: keeps the warm modules alive */
  int fds[4];
  while (await_request(&uid, fds) == 0) {
    PyOS_BeforeFork();
    pid_t middle = fork();
    if (middle == 0) {
      pid_t job = fork();
      if (job == 0) {
        PyOS_AfterFork_Child();
        if (wait_at_gate(uid, fds) != 0) _exit(ZYGOTE_BROKEN);
        return Py_RunMain();
      }
      _exit(job > 0 && send(SUPERVISOR_FD, &job, sizeof job, MSG_NOSIGNAL) == sizeof job ? 0 : ZYGOTE_BROKEN);
    }
    PyOS_AfterFork_Parent();
    for (int i = 0; i < 4; i++) close(fds[i]);
    int status = 0;
    while (middle > 0 && waitpid(middle, &status, 0) < 0 && errno == EINTR) {
    }
    if (middle < 0 || status != 0) return ZYGOTE_BROKEN;
  }
  return 0;
}

static void start_python(void) {
  char *argv[] = {"python3", SCRIPT_PATH, NULL};
  PyConfig config;
  PyConfig_InitPythonConfig(&config);
  PyStatus status = PyConfig_SetBytesArgv(&config, 2, argv);
  if (!PyStatus_Exception(status)) status = Py_InitializeFromConfig(&config);
  PyConfig_Clear(&config);
  if (PyStatus_Exception(status)) Py_ExitStatusException(status);
}

/* In a namespace of its own, which is returned: the script's __main__ must be empty. */
static PyObject *run_apart(const char *source) {
  PyObject *scope = PyDict_New();
  if (scope == NULL || PyDict_SetItemString(scope, "__builtins__", PyEval_GetBuiltins()) != 0) exit(ZYGOTE_BROKEN);
  PyObject *result = PyRun_String(source, Py_file_input, scope, scope);
  if (result == NULL) {
    PyErr_Print();
    exit(ZYGOTE_BROKEN);
  }
  Py_DECREF(result);
  return scope;
}

/* 0 and the job's user, stdin, stdout, stderr and gate; -1 when the supervisor is gone. */
static int await_request(uid_t *uid, int fds[4]) {
  union {
    struct cmsghdr align;
    char space[CMSG_SPACE(4 * sizeof(int))];
  } control;
  struct iovec part = {uid, sizeof *uid};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  ssize_t got;
  do {
    got = recvmsg(SUPERVISOR_FD, &message, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got != sizeof *uid) return -1;
  struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
  if (rights == NULL || rights->cmsg_type != SCM_RIGHTS || rights->cmsg_len != CMSG_LEN(4 * sizeof(int))) return -1;
  memcpy(fds, CMSG_DATA(rights), 4 * sizeof(int));
  return 0;
}

/* Touching the pages that a job will touch takes its copy-on-write faults off the path. */
static int wait_at_gate(uid_t uid, int fds[4]) {
  char line[16];
  for (int i = 0; i < 3; i++)
    if (dup2(fds[i], i) < 0) return -1;
  if (dup2(fds[3], SUPERVISOR_FD) < 0) return -1;
  syscall(SYS_close_range, SUPERVISOR_FD + 1u, ~0u, 0u);
  prctl(PR_SET_NAME, "python3");
  Py_DECREF(run_apart(new_thread));
  Py_DECREF(run_apart(warm_up));
  ssize_t got;
  do {
    got = read(SUPERVISOR_FD, line, sizeof line - 1);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) return -1;
  close(SUPERVISOR_FD);
  line[got] = '\0';
  if (become_job_user(uid, (unsigned)strtoul(line, NULL, 10)) != 0) return -1;
  /* set*id made us undumpable, which would hide our own /proc/self/fd (and so /dev/stdin) from us. */
  return prctl(PR_SET_DUMPABLE, 1);
}

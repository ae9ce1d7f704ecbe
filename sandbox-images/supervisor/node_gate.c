/* gate.node: the native half of gate.cjs, which a waiting node loads. Its function wait() blocks until
 * the job is there; then this process becomes the job user.
 *
 * A waiting node is root, as a waiting python3 is, so that no job can reach it. setresuid() and its
 * like change all threads of a process, which the C library does with a signal to each. */
#define _GNU_SOURCE
#include "node_gate.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "identity.h"
#include "last_word.h"

/* The part of Node-API, whose ABI is stable, that is used here. */
typedef struct napi_env__ *napi_env;
typedef struct napi_value__ *napi_value;
typedef struct napi_callback_info__ *napi_callback_info;
struct uv_loop_s;
typedef napi_value (*napi_callback)(napi_env env, napi_callback_info info);
int napi_create_function(napi_env env, const char *name, size_t length, napi_callback callback,
                         void *data, napi_value *result);
int napi_get_cb_info(napi_env env, napi_callback_info info, size_t *count, napi_value *given,
                     napi_value *self, void **data);
int napi_create_int32(napi_env env, int32_t value, napi_value *result);
int napi_set_named_property(napi_env env, napi_value object, const char *name, napi_value value);
int napi_get_uv_event_loop(napi_env env, struct uv_loop_s **loop);
int uv_run(struct uv_loop_s *loop, int mode); /* mode 0: until nothing is left to do */
int napi_get_value_int32(napi_env env, napi_value value, int32_t *result);
napi_value napi_register_module_v1(napi_env env, napi_value exports);

static napi_value run_loop(napi_env env, napi_callback_info info);
static napi_value make_pipe(napi_env env, napi_callback_info info);
static napi_value wait_at_gate(napi_env env, napi_callback_info info);
static void read_gate(void *into, size_t least, size_t most);
static napi_value end(napi_env env, napi_callback_info info);

/* node calls it once, by its name. */
__attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env,
                                                                          napi_value exports) {
  static const struct {
    const char *name;
    napi_callback callback;
  } functions[] = {
      {"runLoop", run_loop}, {"pipe", make_pipe}, {"wait", wait_at_gate}, {"end", end}};
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    napi_value function;
    if (napi_create_function(env, functions[i].name, strlen(functions[i].name),
                             functions[i].callback, NULL, &function) != 0 ||
        napi_set_named_property(env, exports, functions[i].name, function) != 0)
      _exit(NODE_GATE_BROKEN);
  }
  return exports;
}

/* Runs the event loop until nothing is left to do, before node itself does. */
static napi_value run_loop(napi_env env, napi_callback_info info) {
  struct uv_loop_s *loop;
  (void)info;
  if (napi_get_uv_event_loop(env, &loop) == 0) uv_run(loop, 0);
  return NULL;
}

/* Returns 256 times the reading end, plus the writing end. */
static napi_value make_pipe(napi_env env, napi_callback_info info) {
  int ends[2];
  napi_value result = NULL;
  (void)info;
  if (pipe2(ends, O_CLOEXEC) == 0) napi_create_int32(env, 256 * ends[0] + ends[1], &result);
  return result;
}

/* Returns when the job is there. */
static napi_value wait_at_gate(napi_env env, napi_callback_info info) {
  (void)env, (void)info;
  uid_t uid;
  char line[16] = "";
  read_gate(&uid, sizeof uid, sizeof uid);
  /* A job may be there already, and then the other end is closed. */
  send(NODE_GATE_FD, "", 1, MSG_NOSIGNAL);
  read_gate(line, 1, sizeof line - 1);
  close(NODE_GATE_FD);
  if (become_job_user(uid, (unsigned)strtoul(line, NULL, 10)) != 0) _exit(NODE_GATE_BROKEN);
  /* set*id made the process undumpable, which would hide its own /proc/self/fd from it. */
  if (prctl(PR_SET_DUMPABLE, 1) != 0) _exit(NODE_GATE_BROKEN);
  return NULL;
}

/* The end of the gate is the end of process 1. */
static void read_gate(void *into, size_t least, size_t most) {
  for (size_t all = 0; all < least;) {
    ssize_t got = read(NODE_GATE_FD, (char *)into + all, most - all);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) _exit(NODE_GATE_BROKEN);
    all += (size_t)got;
  }
}

/* Ends the process at once, without the destructors of node and V8. */
static napi_value end(napi_env env, napi_callback_info info) {
  napi_value given[1];
  size_t count = 1;
  int32_t code = 1;
  if (napi_get_cb_info(env, info, &count, given, NULL, NULL) == 0 && count > 0)
    napi_get_value_int32(env, given[0], &code);
  say_last_word(code);
  _exit(code & 0xff);
}

/* gate.node: the native half of gate.cjs, which a waiting node loads. Loading it blocks until the job
 * is there; then this process becomes the job user.
 *
 * A waiting node is root, as a waiting python3 is, so that no job can reach it. setresuid() and its
 * like change all threads of a process, which the C library does with a signal to each. */
#define _GNU_SOURCE
#include "node_gate.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "identity.h"
#include "last_word.h"

/* The part of Node-API, whose ABI is stable, that is used here. */
typedef struct napi_env__ *napi_env;
typedef struct napi_value__ *napi_value;
typedef struct napi_callback_info__ *napi_callback_info;
typedef napi_value (*napi_callback)(napi_env env, napi_callback_info info);
int napi_create_function(napi_env env, const char *name, size_t length, napi_callback callback,
                         void *data, napi_value *result);
int napi_get_cb_info(napi_env env, napi_callback_info info, size_t *count, napi_value *given,
                     napi_value *self, void **data);
int napi_get_value_int32(napi_env env, napi_value value, int32_t *result);
napi_value napi_register_module_v1(napi_env env, napi_value exports);

static void wait_at_gate(void);
static void read_gate(void *into, size_t least, size_t most);
static napi_value end(napi_env env, napi_callback_info info);

/* node calls it once, by its name. What it returns is the module: the function end(code). */
__attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env,
                                                                          napi_value exports) {
  napi_value function;
  if (napi_create_function(env, "end", 3, end, NULL, &function) != 0) return exports;
  wait_at_gate();
  return function;
}

static void wait_at_gate(void) {
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

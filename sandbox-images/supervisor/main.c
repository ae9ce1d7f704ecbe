/* Process 1 of a sandbox.
 *
 * Theory of operation. The host exchanges frames with process 1 over its stdin and stdout (wire.h);
 * no other process holds these descriptors. A sandbox has three kinds of process:
 *
 *   supervisor (this, root with KILL, SETUID, SETGID only): reads a job, opens the gate of a
 * waiting interpreter, feeds its stdin, collects its output, measures the time, reports, resets.
 *   zygote (root, zygote.c): a warmed python3 that forks waiting interpreters. It never sees a
 *     script, a context or an output, so what a later job inherits from it is always the same.
 *   spares (spare.c): one bash, one python3 and, where the image has it, one node, blocked on a gate
 *     before their job is known. Each runs one job as the job user and is never used again.
 *
 * There are two kinds of failure. A failure of the script is a status in DONE. A failure of the
 * sandbox itself is die(), and the host destroys the container. End of input means that the worker
 * is gone: process 1 exits, and the kernel then ends every other process of the container. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "bundle.h"
#include "cgroup.h"
#include "channel.h"
#include "identity.h"
#include "posture.h"
#include "process.h"
#include "reset.h"
#include "run.h"
#include "spare.h"

static void greet(void);
static void serve(uid_t uid);
static void serve_job(const struct frame_header *header, uid_t uid);

int main(int argc, char **argv) {
  if (argc != 2) die(EXIT_BROKEN, "usage: supervisor UID");
  uid_t uid = (uid_t)strtoul(argv[1], NULL, 10);
  if (uid == 0) die(EXIT_BROKEN, "the job user must not be root");
  prctl(PR_SET_DUMPABLE, 0);
  close_from(3);
  reset_signals();
  block_signals();
  set_oom_score(SUPERVISOR_OOM_SCORE);
  check_posture();
  open_counters();
  start_zygote(uid);
  prepare_spare(RUNTIME_PYTHON3);
  prepare_spare(RUNTIME_BASH);
  prepare_spare(RUNTIME_NODE);
  take_baseline();
  greet();
  serve(uid);
}

/* The first frame must be HELLO: engines have been seen to leak bytes of the attach request into
 * the container's stdin, and then nothing that follows can be trusted. */
static void greet(void) {
  struct frame_header header;
  read_header(&header);
  if (header.type != FRAME_HELLO || header.length != 0)
    die(EXIT_PROTOCOL, "the first frame is not HELLO");
  enable_fault_frames();
  send_text(FRAME_READY, header.nonce, READY_TEXT);
}

static void serve(uid_t uid) {
  for (;;) {
    struct frame_header header;
    read_header(&header);
    switch (header.type) {
      case FRAME_PING:
        if (header.length != 0) die(EXIT_PROTOCOL, "PING carries no payload");
        send_text(FRAME_PING, header.nonce, "");
        break;
      case FRAME_CANCEL: /* came after its job had ended */
        if (header.length != 0) die(EXIT_PROTOCOL, "CANCEL carries no payload");
        break;
      case FRAME_BUNDLE:
        install_bundle(&header, uid);
        break;
      case FRAME_JOB:
        serve_job(&header, uid);
        break;
      default:
        die(EXIT_PROTOCOL, "unknown frame type %u", header.type);
    }
  }
}

/* A run that ended in any way but an exit is never followed by another job in this container. */
static void serve_job(const struct frame_header *header, uid_t uid) {
  struct job job;
  read_job(header, &job);
  enum status status = run_job(&job);
  enum runtime runtime = (enum runtime)job.head.runtime;
  forget_job(&job);
  if (status != STATUS_EXITED) _exit(EXIT_HOST_GONE);
  const char *problem = reset_sandbox(uid);
  if (problem != NULL) {
    send_text(FRAME_DIRTY, header->nonce, problem);
    _exit(EXIT_BROKEN);
  }
  prepare_spare(runtime);
  send_text(FRAME_READY, header->nonce, "");
  restore_bundle(uid); /* after READY: while the host prepares the next job */
}

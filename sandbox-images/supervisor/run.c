/* Runs one job, from its gate to its result. */
#define _GNU_SOURCE
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup.h"
#include "children.h"
#include "file.h"
#include "last_word.h"
#include "paths.h"
#include "process.h"
#include "spare.h"

/* A stdout this many times over its cap ends the job: the decision in it cannot be whole. */
#define FLOOD_FACTOR 4
#define FLOOD_MIN (4u << 20)
/* Bytes read from a stream after the end of the main process: more than a pipe holds. */
#define REST_MAX (4u << 20)
#define KILL_LIMIT_MS 1000
/* From its exit notification to its end; the reset kills it if it lives longer. */
#define LAST_STEPS_MS 100

/* One output stream: `cap` bytes are kept, the rest is counted and discarded. */
struct sink {
  int fd;
  uint8_t *kept;
  uint32_t cap, bytes;
  uint64_t total;
};

struct run {
  const struct job *job;
  struct spare spare;
  struct sink out, err;
  size_t fed; /* bytes of the context that were written */
  int64_t started_us, deadline_us, ooms_before;
  int64_t waited_cpu_us; /* used before its job: 35 ms by a node */
  bool ended;
  bool exit_announced; /* its exit notification was received, and it is still ending */
  struct end end;
  enum status cause; /* the reason why process 1 kills it; the first cause counts */
};

static void open_gate(struct run *run);
static void step(struct run *run);
static void feed(struct run *run);
static bool drain(struct sink *sink);
static void drain_rest(struct sink *sink);
static bool is_flooded(const struct sink *sink);
static enum status cause_of_our_loss(const struct run *run);
static bool is_over(struct run *run);
static void obey(struct run *run);
static void end_by_force(struct run *run);
static enum status report(struct run *run);

enum status run_job(const struct job *job) {
  struct run run = {.job = job, .cause = STATUS_NONE};
  run.out = (struct sink){.cap = job->head.stdout_cap};
  run.err = (struct sink){.cap = job->head.stderr_cap};
  size_t room = (size_t)run.out.cap + run.err.cap + 1;
  run.out.kept =
      mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (run.out.kept == MAP_FAILED) die(EXIT_BROKEN, "mmap of the output: %s", strerror(errno));
  run.err.kept = run.out.kept + run.out.cap;
  write_file(SCRIPT_PATH, job->script, job->head.script_bytes, 0644);
  if (job->head.has_transcript)
    write_file(TRANSCRIPT_PATH, job->transcript, job->head.transcript_bytes, 0644);
  give_back(job, job->script, job->context);
  set_aside(job);
  open_gate(&run);
  while (!run.ended && run.cause == STATUS_NONE) step(&run);
  if (!run.ended) end_by_force(&run);
  drain_rest(&run.out);
  drain_rest(&run.err);
  enum status status = report(&run);
  if (run.exit_announced) reap_until(now_us() + LAST_STEPS_MS * 1000, run.spare.pid, &run.end);
  close(run.spare.out), close(run.spare.err);
  if (run.spare.in >= 0) close(run.spare.in);
  munmap(run.out.kept, room);
  return status;
}

static void open_gate(struct run *run) {
  char line[16];
  if (run->job->head.runtime != RUNTIME_BASH) discard_bash_spare();
  run->spare = take_spare((enum runtime)run->job->head.runtime);
  run->out.fd = run->spare.out;
  run->err.fd = run->spare.err;
  run->ooms_before = oom_kills();
  int length = snprintf(line, sizeof line, "%u\n", (run->job->head.timeout_ms + 999) / 1000 + 1);
  run->waited_cpu_us = cpu_time_us(run->spare.pid);
  run->started_us = now_us();
  run->deadline_us = run->started_us + (int64_t)run->job->head.timeout_ms * 1000;
  if (write(run->spare.gate, line, (size_t)length) != length)
    die(EXIT_BROKEN, "the interpreter died before its job");
  close(run->spare.gate);
  feed(run);
}

/* Waits for one event: room in stdin, output, the end of a child, a frame from the host, or the
 * deadline. */
static void step(struct run *run) {
  enum { SIGNALS, HOST, OUT, ERR, IN, WATCHED };
  struct pollfd entries[WATCHED] = {
      [SIGNALS] = {.fd = signal_fd(), .events = POLLIN},
      [HOST] = {.fd = 0, .events = POLLIN},
      [OUT] = {.fd = run->out.fd, .events = POLLIN},
      [ERR] = {.fd = run->err.fd, .events = POLLIN},
      [IN] = {.fd = run->spare.in, .events = POLLOUT},
  };
  int64_t left = run->deadline_us - now_us();
  if (left <= 0) {
    run->cause = STATUS_TIMED_OUT;
    return;
  }
  struct timespec wait = {left / 1000000, left % 1000000 * 1000};
  if (ppoll(entries, WATCHED, &wait, NULL) < 0 && errno != EINTR)
    die(EXIT_BROKEN, "poll: %s", strerror(errno));
  if (entries[OUT].revents && !drain(&run->out) && (entries[OUT].revents & POLLHUP))
    run->out.fd = -1;
  if (entries[ERR].revents && !drain(&run->err) && (entries[ERR].revents & POLLHUP))
    run->err.fd = -1;
  if (entries[IN].revents) feed(run);
  if (entries[HOST].revents) obey(run);
  if (entries[SIGNALS].revents) {
    stop_if_told();
    run->ended = reap(run->spare.pid, &run->end);
    if (run->cause == STATUS_NONE && lost_one_of_ours()) run->cause = cause_of_our_loss(run);
  }
  if (!run->ended && run->out.fd < 0 && run->err.fd < 0)
    run->ended = run->exit_announced = is_over(run);
  /* Beyond its cap, output on stderr is counted and dropped: no exit code depends on it. */
  if (run->cause == STATUS_NONE && is_flooded(&run->out)) run->cause = STATUS_OUTPUT_LIMIT;
}

/* A script that never reads its stdin, or closes it, is not an error. */
static void feed(struct run *run) {
  const uint8_t *context = run->job->context;
  size_t total = run->job->head.context_bytes;
  while (run->fed < total) {
    ssize_t written = write(run->spare.in, context + run->fed, total - run->fed);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) return;
    if (written < 0) break;
    run->fed += (size_t)written;
    give_back(run->job, context, context + run->fed);
  }
  give_back(run->job, context, context + total);
  close(run->spare.in);
  run->spare.in = -1;
}

/* Reads one chunk of output; false when there is nothing (more) to read now. */
static bool drain(struct sink *sink) {
  static uint8_t refuse[65536];
  if (sink->fd < 0) return false;
  uint32_t room = sink->cap - sink->bytes;
  if (room > sizeof refuse) room = sizeof refuse;
  ssize_t got =
      read(sink->fd, room > 0 ? sink->kept + sink->bytes : refuse, room > 0 ? room : sizeof refuse);
  if (got <= 0) return got < 0 && errno == EINTR;
  if (room > 0) sink->bytes += (uint32_t)got;
  sink->total += (uint64_t)got;
  return true;
}

/* Reads the output that is there when the main process has ended; a background process may go on
 * writing for ever. */
static void drain_rest(struct sink *sink) {
  uint64_t most = sink->total + REST_MAX;
  while (drain(sink) && sink->total < most) {
  }
}

static bool is_flooded(const struct sink *sink) {
  uint64_t limit = (uint64_t)sink->cap * FLOOD_FACTOR;
  return sink->total > (limit > FLOOD_MIN ? limit : FLOOD_MIN);
}

/* No process can write to its outputs any more, so it may be ending. Only the python3 of our zygote
 * and our node send the exit notification. */
static bool is_over(struct run *run) {
  int code;
  if (run->job->head.runtime == RUNTIME_BASH) return false;
  if (!hear_last_word(run->spare.pid, &code, &run->end.cpu_us)) return false;
  run->end.wait_status = W_EXITCODE(code, 0);
  return true;
}

static void obey(struct run *run) {
  struct frame_header header;
  read_header(&header);
  if (header.length != 0) die(EXIT_PROTOCOL, "a second job while one runs");
  if (header.type == FRAME_PING)
    send_text(FRAME_PING, header.nonce, "");
  else if (header.type != FRAME_CANCEL)
    die(EXIT_PROTOCOL, "frame type %u while a job runs", header.type);
  else if (memcmp(header.nonce, run->job->nonce, NONCE_BYTES) == 0)
    run->cause = STATUS_CANCELLED;
}

/* A job that has filled the memory can keep the OOM killer from choosing its own processes. A loss
 * of our processes to the OOM killer is therefore an end of the job; any other loss is a failure of
 * the sandbox. */
static enum status cause_of_our_loss(const struct run *run) {
  if (run->ooms_before < 0 || oom_kills() <= run->ooms_before)
    die(EXIT_BROKEN, "the zygote or a waiting interpreter died");
  return STATUS_OUT_OF_MEMORY;
}

static void end_by_force(struct run *run) {
  kill(run->spare.pid, SIGKILL);
  run->ended = reap_until(now_us() + KILL_LIMIT_MS * 1000, run->spare.pid, &run->end);
  if (!run->ended) die(EXIT_BROKEN, "the job does not die");
}

/* The status follows from who ended the job: process 1, the OOM killer, or the script itself. An
 * OOM kill of any process of the job counts, because later output of the script rests on a lost
 * part. */
static enum status report(struct run *run) {
  int wait_status = run->end.wait_status;
  int64_t used = run->end.cpu_us - run->waited_cpu_us;
  int64_t ooms = run->ooms_before < 0 ? 0 : oom_kills() - run->ooms_before;
  struct done_header head = {
      .exit_code = WIFEXITED(wait_status) ? (uint32_t)WEXITSTATUS(wait_status) : NO_EXIT_CODE,
      .signal = WIFSIGNALED(wait_status) ? (uint32_t)WTERMSIG(wait_status) : 0,
      .oom_kills = (uint32_t)ooms,
      .wall_us = (uint32_t)(now_us() - run->started_us),
      .cpu_us = (uint32_t)(used > 0 ? used : 0),
      .stdout_total = run->out.total,
      .stderr_total = run->err.total,
      .stdout_bytes = run->out.bytes,
      .stderr_bytes = run->err.bytes,
  };
  enum status ended = WIFEXITED(wait_status) ? STATUS_EXITED : STATUS_SIGNALED;
  enum status status = ooms > 0 ? STATUS_OUT_OF_MEMORY : ended;
  if (run->cause != STATUS_NONE) status = run->cause;
  head.status = (uint32_t)status;
  send_frame(FRAME_DONE, run->job->nonce, &head, sizeof head, run->out.kept, run->out.bytes,
             run->err.kept, run->err.bytes);
  return status;
}

/* What crosses the control channel. The host's half is src/sandbox/frames.ts; a change here is a
 * change there, and WIRE_VERSION tells the two apart when they come from different releases.
 * All integers are little-endian. Every frame: header, then `length` bytes of payload. */
#ifndef HOOKPOOL_WIRE_H
#define HOOKPOOL_WIRE_H

#include <stdint.h>

#define WIRE_VERSION 1

/* The largest frame that the host may send: script + transcript + context + header. */
#define FRAME_MAX (24u << 20)
#define OUTPUT_CAP_MAX (16u << 20)

enum frame_type {
  /* host -> supervisor */
  FRAME_HELLO = 'H',  /* empty; must be the first frame. The nonce comes back in READY. */
  FRAME_JOB = 'J',    /* struct job_header, script, transcript, context */
  FRAME_BUNDLE = 'B', /* uint32 count, then per file: struct bundle_file, path, content. For the jobs that follow. */
  FRAME_CANCEL = 'C', /* end the job with this nonce */
  FRAME_PING = 'P',   /* answered by PING; silence for IDLE_LIMIT_MS ends the supervisor */
  /* supervisor -> host */
  FRAME_READY = 'R', /* the sandbox is clean: payload is the posture as key=value lines */
  FRAME_DONE = 'D',  /* struct done_header, stdout, stderr */
  FRAME_DIRTY = 'X', /* reset failed: payload says why; the supervisor exits */
  FRAME_FAULT = 'E', /* the sandbox itself failed: payload says why; the supervisor exits */
};

enum runtime { RUNTIME_BASH = 0, RUNTIME_PYTHON3 = 1 };

enum status {
  STATUS_EXITED = 0,
  STATUS_SIGNALED = 1,
  STATUS_TIMED_OUT = 2,
  STATUS_OUT_OF_MEMORY = 3,
  STATUS_OUTPUT_LIMIT = 4,
  STATUS_CANCELLED = 5,
};

#define NONCE_BYTES 16
#define NO_EXIT_CODE 0xffffffffu

struct __attribute__((packed)) frame_header {
  uint32_t length;
  uint8_t type;
  uint8_t nonce[NONCE_BYTES];
};

struct __attribute__((packed)) job_header {
  uint32_t runtime;
  uint32_t timeout_ms;
  uint32_t stdout_cap;
  uint32_t stderr_cap;
  uint32_t script_bytes;
  uint32_t transcript_bytes;
  uint32_t has_transcript;
  uint32_t context_bytes;
};

struct __attribute__((packed)) bundle_file {
  uint32_t path_bytes;
  uint32_t executable;
  uint32_t content_bytes;
};

struct __attribute__((packed)) done_header {
  uint32_t status;
  uint32_t exit_code; /* NO_EXIT_CODE when the main process did not exit by itself */
  uint32_t signal;    /* the signal that ended it, else 0 */
  uint32_t oom_kills;
  uint32_t wall_us;
  uint32_t cpu_us;
  uint64_t stdout_total; /* bytes the job wrote, kept or not */
  uint64_t stderr_total;
  uint32_t stdout_bytes; /* bytes kept, which follow */
  uint32_t stderr_bytes;
};

#endif

/* The frames of the control channel. The host's half is frames.ts, frame-reader.ts and done.ts of
 * src/sandbox; a change here needs the same change there, and a new WIRE_VERSION: the first READY
 * carries it, and a worker of another version refuses the sandbox. test/fixtures/frames.txt holds
 * one of every frame, written with this header. All integers are little-endian. Every frame:
 * header, then `length` bytes of payload. */
#ifndef HOOKPOOL_WIRE_H
#define HOOKPOOL_WIRE_H

#include <stddef.h>
#include <stdint.h>

#define WIRE_VERSION 3
#define TEXT_OF_VALUE(value) #value
#define TEXT_OF(macro) TEXT_OF_VALUE(macro)
/* The payload of the first READY. */
#define READY_TEXT "version=" TEXT_OF(WIRE_VERSION) "\n"

/* The largest frame that the host may send: script + transcript + context + header. */
#define FRAME_MAX (24u << 20)
#define OUTPUT_CAP_MAX (16u << 20)
#define TIMEOUT_MAX_MS 3600000

enum frame_type {
  /* host -> supervisor */
  FRAME_HELLO = 'H',  /* empty; must be the first frame. The nonce comes back in READY. */
  FRAME_JOB = 'J',    /* struct job_header, script, transcript, context */
  FRAME_BUNDLE = 'B', /* uint32 count, then per file: struct bundle_file, path, content. For the
                         jobs that follow. */
  FRAME_CANCEL = 'C', /* end the job with this nonce */
  FRAME_PING = 'P',   /* answered by PING; 15 s without any frame end the supervisor */
  /* supervisor -> host */
  FRAME_READY = 'R', /* the sandbox is clean: READY_TEXT after HELLO, empty after a job */
  FRAME_DONE = 'D',  /* struct done_header, stdout, stderr */
  FRAME_DIRTY = 'X', /* reset failed: the payload is the reason; the supervisor exits */
  FRAME_FAULT =
      'E', /* the sandbox itself failed: the payload is the reason; the supervisor exits */
};

enum runtime { RUNTIME_BASH = 0, RUNTIME_PYTHON3 = 1, RUNTIME_NODE = 2, RUNTIMES };

enum status {
  STATUS_NONE = -1, /* no end yet: never sent */
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

/* The structs are copied to and from the channel as they are, and the host's half has the
 * same numbers. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the channel is little-endian");
#define LIES_AT(type, member, offset, bytes) \
  _Static_assert( \
      offsetof(struct type, member) == (offset) && sizeof((struct type){0}.member) == (bytes), \
      #type "." #member)
LIES_AT(frame_header, length, 0, 4);
LIES_AT(frame_header, type, 4, 1);
LIES_AT(frame_header, nonce, 5, 16);
_Static_assert(sizeof(struct frame_header) == 21, "frame_header");
LIES_AT(job_header, runtime, 0, 4);
LIES_AT(job_header, timeout_ms, 4, 4);
LIES_AT(job_header, stdout_cap, 8, 4);
LIES_AT(job_header, stderr_cap, 12, 4);
LIES_AT(job_header, script_bytes, 16, 4);
LIES_AT(job_header, transcript_bytes, 20, 4);
LIES_AT(job_header, has_transcript, 24, 4);
LIES_AT(job_header, context_bytes, 28, 4);
_Static_assert(sizeof(struct job_header) == 32, "job_header");
LIES_AT(bundle_file, path_bytes, 0, 4);
LIES_AT(bundle_file, executable, 4, 4);
LIES_AT(bundle_file, content_bytes, 8, 4);
_Static_assert(sizeof(struct bundle_file) == 12, "bundle_file");
LIES_AT(done_header, status, 0, 4);
LIES_AT(done_header, exit_code, 4, 4);
LIES_AT(done_header, signal, 8, 4);
LIES_AT(done_header, oom_kills, 12, 4);
LIES_AT(done_header, wall_us, 16, 4);
LIES_AT(done_header, cpu_us, 20, 4);
LIES_AT(done_header, stdout_total, 24, 8);
LIES_AT(done_header, stderr_total, 32, 8);
LIES_AT(done_header, stdout_bytes, 40, 4);
LIES_AT(done_header, stderr_bytes, 44, 4);
_Static_assert(sizeof(struct done_header) == 48, "done_header");
#undef LIES_AT

#endif

/* The framed control channel on fds 0 and 1. The host's end of input ends process 1, wherever it reads. */
#ifndef HOOKPOOL_CHANNEL_H
#define HOOKPOOL_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire.h"

/* A job as it came: the pointers lead into `memory`, and the counts of bytes are in `head`. */
struct job {
  struct job_header head;
  uint8_t nonce[NONCE_BYTES];
  const uint8_t *script, *transcript, *context;
  void *memory;
  size_t memory_bytes;
  bool is_large;
};

/* The next frame's header. Dies on a length above FRAME_MAX. */
void read_header(struct frame_header *header);
/* The next bytes of a payload. */
void read_exactly(void *into, size_t bytes);
/* The payload of a JOB. Dies where its numbers contradict each other or the bounds of wire.h. */
void read_job(const struct frame_header *header, struct job *job);
/* Takes the pages of a large job out of our own memory; they come back when they are read. */
void set_aside(const struct job *job);
/* Frees the whole pages of a large job between two places: what is there is not needed any more. */
void give_back(const struct job *job, const uint8_t *from, const uint8_t *end);
void forget_job(struct job *job);
/* One frame: `head`, `a` and `b` are its payload, one after the other. */
void send_frame(enum frame_type type, const uint8_t *nonce, const void *head, size_t head_bytes, const void *a, size_t a_bytes,
                const void *b, size_t b_bytes);
void send_text(enum frame_type type, const uint8_t *nonce, const char *text);

#endif

/* The framed control channel on fds 0 and 1. The end of the input ends process 1, whichever
 * function reads it. */
#ifndef HOOKPOOL_CHANNEL_H
#define HOOKPOOL_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire.h"

/* A job as it was received: the pointers point into `memory`, and `head` has the numbers of
 * bytes. */
struct job {
  struct job_header head;
  uint8_t nonce[NONCE_BYTES];
  const uint8_t *script, *transcript, *state, *context;
  void *memory;
  size_t memory_bytes;
  bool is_large;
};

/* Reads the header of the next frame. Dies on a length above FRAME_MAX. */
void read_header(struct frame_header *header);
/* Reads the next bytes of a payload. */
void read_exactly(void *into, size_t bytes);
/* Reads the payload of a JOB. Dies where its numbers contradict each other or exceed the limits of
 * wire.h. */
void read_job(const struct frame_header *header, struct job *job);
/* Removes the pages of a large job from the memory of process 1; reading them brings them back. */
void set_aside(const struct job *job);
/* Frees the whole pages of a large job between two addresses, whose content is not needed any
 * more. */
void give_back(const struct job *job, const uint8_t *from, const uint8_t *end);
void forget_job(struct job *job);
/* Sends one frame: `head`, `a` and `b` are its payload, one after the other. */
void send_frame(enum frame_type type, const uint8_t *nonce, const void *head, size_t head_bytes,
                const void *a, size_t a_bytes, const void *b, size_t b_bytes);
void send_text(enum frame_type type, const uint8_t *nonce, const char *text);

#endif

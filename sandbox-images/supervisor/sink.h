/* The output streams of a job. */
#ifndef HOOKPOOL_SINK_H
#define HOOKPOOL_SINK_H

#include <stdbool.h>
#include <stdint.h>

/* One output stream: `cap` bytes are kept, the rest is counted and discarded. */
struct sink {
  int fd;
  uint8_t *kept;
  uint32_t cap, bytes;
  uint64_t total;
};

/* Reads one chunk of output; false when there is nothing (more) to read now. */
bool drain(struct sink *sink);
/* Reads the output that is there when the main process has ended; a background process may go on
 * writing for ever. */
void drain_rest(struct sink *sink);
/* Whether there was so much more than the cap that the decision in it cannot be whole. */
bool is_flooded(const struct sink *sink);

#endif

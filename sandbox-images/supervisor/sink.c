/* Reads the output streams of a job: `cap` bytes are kept, the rest is counted and dropped. */
#define _GNU_SOURCE
#include "sink.h"

#include <errno.h>
#include <unistd.h>

/* A stdout this many times over its cap ends the job: the decision in it cannot be whole. */
#define FLOOD_FACTOR 4
#define FLOOD_MIN (4u << 20)
/* Bytes read from a stream after the end of the main process: more than a pipe holds. */
#define REST_MAX (4u << 20)

bool drain(struct sink *sink) {
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

void drain_rest(struct sink *sink) {
  uint64_t most = sink->total + REST_MAX;
  while (drain(sink) && sink->total < most) {
  }
}

bool is_flooded(const struct sink *sink) {
  uint64_t limit = (uint64_t)sink->cap * FLOOD_FACTOR;
  return sink->total > (limit > FLOOD_MIN ? limit : FLOOD_MIN);
}

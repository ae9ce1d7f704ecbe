/* The control channel: length-prefixed frames on fd 0 (from the host) and fd 1 (to the host). */
#define _GNU_SOURCE
#include "channel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "process.h"

#define LARGE_JOB (256u << 10)
#define IDLE_LIMIT_MS 15000 /* no frame for this long: the host is gone or frozen */

static void wait_for_input(void);

void read_header(struct frame_header *header) {
  read_exactly(header, sizeof *header);
  if (header->length > FRAME_MAX) die(EXIT_PROTOCOL, "frame of %u bytes", header->length);
}

/* A job has a mapping of its own, so that forget_job() returns its pages to the kernel, which
 * clears them. The mapping of a large job is a shared one, although no other process maps it: its
 * pages can stay without being memory of process 1, see set_aside(). */
void read_job(const struct frame_header *header, struct job *job) {
  memset(job, 0, sizeof *job);
  memcpy(job->nonce, header->nonce, NONCE_BYTES);
  if (header->length < sizeof job->head) die(EXIT_PROTOCOL, "JOB is too short");
  job->memory_bytes = header->length;
  job->is_large = job->memory_bytes >= LARGE_JOB;
  int kind = job->is_large ? MAP_SHARED : MAP_PRIVATE;
  job->memory = mmap(NULL, job->memory_bytes, PROT_READ | PROT_WRITE, kind | MAP_ANONYMOUS, -1, 0);
  if (job->memory == MAP_FAILED) die(EXIT_BROKEN, "mmap of a job: %s", strerror(errno));
  read_exactly(job->memory, job->memory_bytes);
  memcpy(&job->head, job->memory, sizeof job->head);
  const struct job_header *head = &job->head;
  uint64_t promised =
      (uint64_t)sizeof *head + head->script_bytes + head->transcript_bytes + head->context_bytes;
  if (promised != header->length) die(EXIT_PROTOCOL, "JOB lengths do not add up");
  if (head->runtime >= RUNTIMES) die(EXIT_PROTOCOL, "unknown runtime %u", head->runtime);
  if (head->timeout_ms == 0 || head->timeout_ms > TIMEOUT_MAX_MS)
    die(EXIT_PROTOCOL, "timeout of %u ms", head->timeout_ms);
  if (head->stdout_cap > OUTPUT_CAP_MAX || head->stderr_cap > OUTPUT_CAP_MAX)
    die(EXIT_PROTOCOL, "output cap above %u bytes", OUTPUT_CAP_MAX);
  job->script = (const uint8_t *)job->memory + sizeof *head;
  job->transcript = job->script + head->script_bytes;
  job->context = job->transcript + head->transcript_bytes;
}

/* The more memory process 1 has, the likelier the OOM killer chooses it when a job fills the
 * memory: with 8 MiB of unread context it was chosen in 4 of 15 tries. Small jobs do not need these
 * calls. */
void set_aside(const struct job *job) {
  if (job->is_large) madvise(job->memory, job->memory_bytes, MADV_DONTNEED);
}

void give_back(const struct job *job, const uint8_t *from, const uint8_t *end) {
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  uintptr_t first = ((uintptr_t)from + page - 1) & ~(page - 1), last = (uintptr_t)end & ~(page - 1);
  if (job->is_large && last > first) madvise((void *)first, last - first, MADV_REMOVE);
}

void forget_job(struct job *job) {
  munmap(job->memory, job->memory_bytes);
  memset(job, 0, sizeof *job);
}

void send_frame(enum frame_type type, const uint8_t *nonce, const void *head, size_t head_bytes,
                const void *a, size_t a_bytes, const void *b, size_t b_bytes) {
  struct frame_header header = {.length = (uint32_t)(head_bytes + a_bytes + b_bytes),
                                .type = (uint8_t)type};
  memcpy(header.nonce, nonce, NONCE_BYTES);
  struct iovec parts[4] = {{&header, sizeof header},
                           {(void *)head, head_bytes},
                           {(void *)a, a_bytes},
                           {(void *)b, b_bytes}};
  int first = 0;
  while (first < 4) {
    ssize_t written = writev(1, parts + first, 4 - first);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) _exit(EXIT_HOST_GONE);
    while (first < 4 && (size_t)written >= parts[first].iov_len)
      written -= (ssize_t)parts[first++].iov_len;
    if (first < 4) {
      parts[first].iov_base = (char *)parts[first].iov_base + written;
      parts[first].iov_len -= (size_t)written;
    }
  }
}

void send_text(enum frame_type type, const uint8_t *nonce, const char *text) {
  send_frame(type, nonce, text, strlen(text), NULL, 0, NULL, 0);
}

void read_exactly(void *into, size_t bytes) {
  uint8_t *at = into;
  while (bytes > 0) {
    wait_for_input();
    ssize_t got = read(0, at, bytes);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) _exit(EXIT_HOST_GONE);
    at += got;
    bytes -= (size_t)got;
  }
}

/* Between jobs the only signals are SIGTERM and SIGINT, which end process 1, and the SIGCHLD of a
 * zygote or spare that died, which cannot be repaired here. The next reset reaps it. */
static void wait_for_input(void) {
  struct pollfd entries[2] = {{.fd = 0, .events = POLLIN}, {.fd = signal_fd(), .events = POLLIN}};
  for (;;) {
    int ready = poll(entries, 2, IDLE_LIMIT_MS);
    if (ready == 0) _exit(EXIT_HOST_GONE);
    if (ready < 0 && errno != EINTR) die(EXIT_BROKEN, "poll: %s", strerror(errno));
    if (ready > 0 && (entries[1].revents & POLLIN)) stop_if_told();
    if (ready > 0 && entries[0].revents != 0) return;
  }
}

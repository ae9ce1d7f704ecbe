/* Hot pages: about 400 pages of the zygote that every job writes to, many for reference counts.
 * Each waiting interpreter copies them before its job arrives, so that the job need not. One child
 * finds them in a rehearsal; a rehearsal in each interpreter instead cost 1 ms of 7.4 ms of CPU per
 * job.
 *
 * Where they cannot be found or copied early (no pagemap under gVisor, an old kernel), page faults
 * copy them during the job. */
#define _GNU_SOURCE
#include "hot_pages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* since Linux 5.14 */
#endif
#define PAGE 4096ul
#define RUNS_MAX 1024
#define PRESENT (1ull << 63)
#define FILE_OR_SHARED (1ull << 61)
#define EXCLUSIVE (1ull << 56)

struct run {
  uintptr_t start, end;
};

static struct run runs[RUNS_MAX];
static size_t count;

static size_t scan(struct run *found);
static size_t scan_range(int pagemap, struct run range, struct run *found, size_t already);

void find_hot_pages(void (*rehearse)(void)) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return;
  pid_t child = fork();
  if (child == 0) {
    static struct run found[RUNS_MAX];
    rehearse();
    size_t bytes = scan(found) * sizeof *found;
    _exit(write(ends[1], found, bytes) == (ssize_t)bytes ? 0 : 1);
  }
  close(ends[1]);
  ssize_t got, total = 0;
  while ((got = read(ends[0], (char *)runs + total, sizeof runs - (size_t)total)) > 0 ||
         (got < 0 && errno == EINTR))
    if (got > 0) total += got;
  close(ends[0]);
  while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR) {
  }
  count = (size_t)total / sizeof *runs;
}

void copy_hot_pages(void) {
  for (size_t i = 0; i < count; i++)
    madvise((void *)runs[i].start, runs[i].end - runs[i].start, MADV_POPULATE_WRITE);
}

/* Finds the pages that belong to this process alone, in its private writable mappings. */
static size_t scan(struct run *found) {
  char line[512];
  size_t number = 0;
  int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  FILE *maps = fopen("/proc/self/maps", "re");
  while (pagemap >= 0 && maps != NULL && fgets(line, sizeof line, maps) != NULL) {
    struct run range;
    char mode[5];
    if (sscanf(line, "%lx-%lx %4s", &range.start, &range.end, mode) != 3 ||
        strcmp(mode, "rw-p") != 0)
      continue;
    number = scan_range(pagemap, range, found, number);
  }
  if (maps != NULL) fclose(maps);
  if (pagemap >= 0) close(pagemap);
  return number;
}

static size_t scan_range(int pagemap, struct run range, struct run *found, size_t number) {
  uint64_t entries[512];
  for (uintptr_t at = range.start; at < range.end;) {
    size_t wanted = (range.end - at) / PAGE;
    if (wanted > sizeof entries / sizeof *entries) wanted = sizeof entries / sizeof *entries;
    if (pread(pagemap, entries, wanted * sizeof *entries, (off_t)(at / PAGE * sizeof *entries)) !=
        (ssize_t)(wanted * sizeof *entries))
      break;
    for (size_t i = 0; i < wanted; i++, at += PAGE) {
      if ((entries[i] & (PRESENT | EXCLUSIVE | FILE_OR_SHARED)) != (PRESENT | EXCLUSIVE)) continue;
      struct run *last = number > 0 ? &found[number - 1] : NULL;
      if (last != NULL && last->end == at)
        last->end = at + PAGE;
      else if (number < RUNS_MAX)
        found[number++] = (struct run){at, at + PAGE};
    }
  }
  return number;
}

/* Counters of this container's own cgroup, v1 or v2, read through descriptors that are opened once.
 * Where the engine hides them (gVisor), every counter is -1 and the callers use a slower check. */
#define _GNU_SOURCE
#include "cgroup.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int oom_fd = -1, tasks_fd = -1, memory_fd = -1;

static int open_first(const char *const *paths) {
  for (; *paths != NULL; paths++) {
    int fd = open(*paths, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) return fd;
  }
  return -1;
}

static int64_t read_number(int fd, const char *key) {
  char text[512];
  if (fd < 0) return -1;
  ssize_t got = pread(fd, text, sizeof text - 1, 0);
  if (got <= 0) return -1;
  text[got] = '\0';
  const char *at = text;
  if (key != NULL && (at = strstr(text, key)) == NULL) return -1;
  return strtoll(at + (key != NULL ? strlen(key) : 0), NULL, 10);
}

void open_counters(void) {
  static const char *const oom[] = {"/sys/fs/cgroup/memory/memory.oom_control",
                                    "/sys/fs/cgroup/memory.events", NULL};
  static const char *const tasks[] = {"/sys/fs/cgroup/pids/pids.current",
                                      "/sys/fs/cgroup/pids.current", NULL};
  static const char *const memory[] = {"/sys/fs/cgroup/memory/memory.usage_in_bytes",
                                       "/sys/fs/cgroup/memory.current", NULL};
  oom_fd = open_first(oom);
  tasks_fd = open_first(tasks);
  memory_fd = open_first(memory);
}

/* The key ends with a space, because "oom_kill_disable" comes first in the v1 file. */
int64_t oom_kills(void) { return read_number(oom_fd, "oom_kill "); }
int64_t task_count(void) { return read_number(tasks_fd, NULL); }
int64_t memory_bytes(void) { return read_number(memory_fd, NULL); }

/* Counters of this container's cgroup; -1 where the engine does not show them. */
#ifndef HOOKPOOL_CGROUP_H
#define HOOKPOOL_CGROUP_H

#include <stdint.h>

/* Call once, before the others. */
void open_counters(void);
int64_t oom_kills(void);
int64_t task_count(void);
int64_t memory_bytes(void);

#endif

#ifndef HOOKPOOL_CHILDREN_H
#define HOOKPOOL_CHILDREN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* How a child ended: its wait status, and the CPU time of it and of the children that it waited
 * for. */
struct end {
  int wait_status;
  int64_t cpu_us;
};

/* Collects every ended child; true, and how it ended, if `pid` was among them. */
bool reap(pid_t pid, struct end *end);
/* Collects every ended child, for callers that need not know how one ended. */
void reap_all(void);
/* Like reap(), but waits until `pid` has ended; false when the time is over. */
bool reap_until(int64_t until_us, pid_t pid, struct end *end);
/* True when the zygote or a waiting interpreter was among the collected children. The caller knows
 * the cause. */
bool lost_one_of_ours(void);
/* Waits for a child to end, one millisecond at most; false, without a wait, when the time is
 * over. */
bool wait_for_child(int64_t until_us);

#endif

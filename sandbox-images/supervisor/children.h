#ifndef HOOKPOOL_CHILDREN_H
#define HOOKPOOL_CHILDREN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* How a child ended: its wait status, and the CPU time of it and of the children that it waited for. */
struct end {
  int wait_status;
  int64_t cpu_us;
};

/* Collects every ended child; true, and how it ended, if `pid` was among them. */
bool reap(pid_t pid, struct end *end);
/* Collects every ended child whose end nobody asks for. */
void reap_all(void);
/* As reap(), waiting for it; false when the time is over. */
bool reap_until(int64_t until_us, pid_t pid, struct end *end);
/* True when the zygote or a waiting interpreter was among those collected. Whose fault that is, the caller knows. */
bool lost_one_of_ours(void);
/* Waits for a child to end, a millisecond at the most; false, without a wait, when the time is over. */
bool wait_for_child(int64_t until_us);

#endif

/* Single-use interpreters, started before their job arrives. */
#ifndef HOOKPOOL_SPARE_H
#define HOOKPOOL_SPARE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "wire.h"

/* A waiting interpreter, and the ends of its pipes that process 1 holds. `pid` 0: the zygote has
 * not answered yet. */
struct spare {
  pid_t pid;
  int gate, in, out, err;
};

void start_zygote(uid_t uid);
/* True for the zygote, and for an interpreter that still waits for its job. */
bool is_one_of_ours(pid_t pid);
/* The numbers of processes and of tasks when no job has left one: process 1, the zygote and the
 * waiting interpreters. A node that is still starting makes more threads. */
int64_t processes_of_ours(void);
int64_t tasks_of_ours(void);
/* Returns at once. Without effect for a runtime that the image does not have. */
void prepare_spare(enum runtime runtime);
struct spare take_spare(enum runtime runtime);
/* Waits until each prepared spare is known to have started. */
void settle_spares(void);
/* Waits until the prepared node waits for its job. */
void settle_node(void);
/* Ends a waiting bash: it already is the job user, so no other job may run beside it. */
void discard_bash_spare(void);

#endif

/* The state of a hook: what it left in SCRATCH_DIR, from one of its runs to the next. */
#ifndef HOOKPOOL_STATE_H
#define HOOKPOOL_STATE_H

#include <sys/types.h>

#include "channel.h"

/* Writes the state of a job that has one into SCRATCH_DIR, which must be empty. Its files belong to
 * `uid`. */
void restore_state(const struct job *job, uid_t uid);
/* Kills each process of `uid` and sends STATE. The main process must have been reaped. */
void send_state(const struct job *job, uid_t uid);

#endif

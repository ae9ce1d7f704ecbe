#ifndef HOOKPOOL_WIPE_H
#define HOOKPOOL_WIPE_H

#include <sys/types.h>

/* Empties SCRATCH_DIR and gives it `mode` again; -1 when it could not. Runs as the job user in a
 * process of its own. */
int wipe_scratch(mode_t mode);

#endif

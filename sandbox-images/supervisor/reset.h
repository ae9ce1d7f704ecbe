/* Resets the sandbox to its baseline after a job. */
#ifndef HOOKPOOL_RESET_H
#define HOOKPOOL_RESET_H

#include <sys/types.h>

/* Measures the baseline that every reset is compared with. Call once, when the first spares are
 * prepared. */
void take_baseline(void);
/* Returns NULL when all is as before the job, else the reason why not. */
const char *reset_sandbox(uid_t uid);

#endif

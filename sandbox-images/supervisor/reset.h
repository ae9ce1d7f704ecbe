/* Back to the baseline after a job. */
#ifndef HOOKPOOL_RESET_H
#define HOOKPOOL_RESET_H

#include <sys/types.h>

/* What every reset compares with. Call once, when the first spares are prepared. */
void take_baseline(void);
/* NULL when all is as before the job, else the reason why not. */
const char *reset_sandbox(uid_t uid);

#endif

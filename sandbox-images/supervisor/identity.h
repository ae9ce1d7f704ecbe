/* What every process of a job has in common; also linked into the zygote. */
#ifndef HOOKPOOL_IDENTITY_H
#define HOOKPOOL_IDENTITY_H

#include <stdbool.h>
#include <sys/types.h>

#define JOB_VARIABLES 4
/* `NAME=value` of each environment variable of a job, then NULL. */
extern char *const job_environment[JOB_VARIABLES + 1];

bool on_gvisor(void);
/* Closes `first` and all descriptors above it. */
void close_from(unsigned first);

/* Whom the kernel ends first where memory is short: a job, then the zygote, then process 1, which has to say so. A job
 * may lower its own score to that of process 1, but not that of the zygote. */
#define JOB_OOM_SCORE "1000"
#define ZYGOTE_OOM_SCORE "750"
#define SUPERVISOR_OOM_SCORE "0" /* refused, and 500 kept, where the engine has set a floor */
void set_oom_score(const char *score);

/* What can be set before the job is known: session, umask, OOM score, priority. */
void prepare_process(void);
/* Drops to the job user for good: limits, ids, working directory. `cpu_seconds` 0: the gate sets it. -1 when any failed. */
int become_job_user(uid_t uid, unsigned cpu_seconds);
/* The ids alone. -1 when the process is not that user now, or could be root again. */
int drop_ids(uid_t uid);

#endif

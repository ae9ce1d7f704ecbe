/* Settings that every process of a job has; also linked into the zygote and gate.node. */
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

/* The order in which the OOM killer chooses processes: a job, then the zygote, then process 1,
 * which must report the OOM kill. A job can lower its own score to that of process 1, but cannot
 * lower the score of the zygote. */
#define JOB_OOM_SCORE "1000"
#define ZYGOTE_OOM_SCORE "750"
/* Where the engine has set a floor, the kernel refuses it and keeps 500. */
#define SUPERVISOR_OOM_SCORE "0"
void set_oom_score(const char *score);

/* Sets what does not depend on the job: session, umask, OOM score, priority. */
void prepare_process(void);
/* Becomes the job user for good: sets limits, ids and working directory. `cpu_seconds` 0: the gate
 * sets the limit. -1 when any failed. */
int become_job_user(uid_t uid, unsigned cpu_seconds);
/* Sets the ids alone. -1 when the process is not that user now, or could become root again. */
int drop_ids(uid_t uid);

#endif

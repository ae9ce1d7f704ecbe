#ifndef HOOKPOOL_RUN_H
#define HOOKPOOL_RUN_H

#include <sys/types.h>

#include "channel.h"
#include "wire.h"

/* Runs one job of the job user `uid` from gate to result: sends STATE if the job has one, and DONE,
 * and returns the status in it. */
enum status run_job(const struct job *job, uid_t uid);

#endif

#ifndef HOOKPOOL_RUN_H
#define HOOKPOOL_RUN_H

#include "channel.h"
#include "wire.h"

/* Runs one job from gate to result: sends DONE, and returns the status in it. */
enum status run_job(const struct job *job);

#endif

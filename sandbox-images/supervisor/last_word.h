/* Early exit notification: the exit code of an interpreter, before the kernel reports it. */
#ifndef HOOKPOOL_LAST_WORD_H
#define HOOKPOOL_LAST_WORD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Call in the interpreter, which must end at once. Sends nothing where it had children, whose CPU
 * time only the kernel knows. */
void say_last_word(int code);
/* Call in process 1: true, with exit code and CPU time, if `pid` has sent the notification. */
bool hear_last_word(pid_t pid, int *code, int64_t *cpu_us);
/* The CPU time that a process has used until now; 0 when it is gone. */
int64_t cpu_time_us(pid_t pid);

#endif

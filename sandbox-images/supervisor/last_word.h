/* An interpreter's exit code, before the kernel tells it. */
#ifndef HOOKPOOL_LAST_WORD_H
#define HOOKPOOL_LAST_WORD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* In the interpreter, which must end at once: nothing is said where it had children, whose CPU time only the kernel knows. */
void say_last_word(int code);
/* In process 1: true, with exit code and CPU time, if `pid` has said it. */
bool hear_last_word(pid_t pid, int *code, int64_t *cpu_us);

#endif

#ifndef HOOKPOOL_SIBLING_H
#define HOOKPOOL_SIBLING_H

#include <sys/types.h>

/* Forks a sibling of the zygote. Returns 0 in the child, and -1 where none could be made. */
pid_t fork_sibling(void);

#endif

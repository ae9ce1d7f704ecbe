#ifndef HOOKPOOL_SIBLING_H
#define HOOKPOOL_SIBLING_H

#include <sys/types.h>

/* The zygote's fork. 0 in the child, -1 where none could be made. */
pid_t fork_sibling(void);

#endif

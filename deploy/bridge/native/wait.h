/* The one deadline of the process, and the signals that end it: every wait ends with one of them. */
#ifndef HOOKPOOL_BRIDGE_WAIT_H
#define HOOKPOOL_BRIDGE_WAIT_H

#include <poll.h>
#include <stdint.h>

/* Takes the time, and catches SIGTERM, SIGINT and SIGHUP. Call once, first of all. */
void start_clock(void);
/* The deadline, in seconds from start_clock(). Should any call hang beyond it, which poll() does
 * not, the process ends with a block 2 s later. */
void set_deadline(double seconds);
/* Microseconds that are left, at least 0. */
int64_t left_us(void);
/* Waits until an entry is ready. Answers without a decision at the deadline and for a signal. */
void wait_for(struct pollfd *entries, nfds_t count);
/* From now on the process has 2 s; then it ends with `*code`. */
void end_soon(const volatile int *code);

#endif

/* Basic functions that every part of process 1 needs: its end, its clock, its signals. Depends on
 * no other part. */
#ifndef HOOKPOOL_PROCESS_H
#define HOOKPOOL_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

/* Exit codes of process 1; the host only ever logs them. */
enum exit_code { EXIT_HOST_GONE = 0, EXIT_PROTOCOL = 70, EXIT_POSTURE = 71, EXIT_BROKEN = 72 };

/* The sandbox itself failed: writes the reason to the log and, once the host has greeted, as a
 * FAULT frame. */
__attribute__((noreturn, format(printf, 2, 3))) void die(int code, const char *format, ...);
/* Makes die() send FAULT from now on. Before HELLO the host would accept no frame. */
void enable_fault_frames(void);

/* Microseconds of the monotonic clock. */
int64_t now_us(void);
/* Waits until `fd` is readable; false when `ms` milliseconds have passed. */
bool wait_readable(int fd, int ms);

/* Gives each signal its default action: the process that started the engine may ignore some, and
 * jobs would inherit that. */
void reset_signals(void);
/* Blocks SIGCHLD, SIGTERM, SIGINT and SIGPIPE, and opens signal_fd(). Call once. */
void block_signals(void);
/* The descriptor that is readable when a blocked signal has arrived. */
int signal_fd(void);
/* Reads all signals that have arrived; ends process 1 on SIGTERM and SIGINT. A SIGCHLD is dropped:
 * the caller reaps. */
void stop_if_told(void);

#endif

/* The protocol of spare.c and zygote.c over a socket: a request is the job's user id with JOB_ENDS
 * descriptors, its answer the process id of the interpreter that was forked for them. */
#ifndef HOOKPOOL_ZYGOTE_H
#define HOOKPOOL_ZYGOTE_H

/* The zygote's end of the socket. */
#define SUPERVISOR_FD 3

/* The ends of pipes that an interpreter gets, in this order. The first three have the numbers of
 * its standard streams. */
enum job_end { END_IN = 0, END_OUT = 1, END_ERR = 2, END_GATE = 3, JOB_ENDS };

#endif

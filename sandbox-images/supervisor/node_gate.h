/* The protocol of spare.c and node_gate.c over a socket: the job's user id as it lies in memory; from
 * node one byte when it waits; when the job is there, its CPU limit in seconds as a line of text. */
#ifndef HOOKPOOL_NODE_GATE_H
#define HOOKPOOL_NODE_GATE_H

/* Node's end of the socket: the highest descriptor that a job may have, so that the files that a
 * script opens get the numbers that they have under a plain node. */
#define NODE_GATE_FD 255
/* The exit code of a node that cannot become a job. */
#define NODE_GATE_BROKEN 72

#endif

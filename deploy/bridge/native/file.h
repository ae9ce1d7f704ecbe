/* Files that are sent along, and stdin. */
#ifndef HOOKPOOL_BRIDGE_FILE_H
#define HOOKPOOL_BRIDGE_FILE_H

#include "text.h"

/* The largest body that a server can be configured for. */
#define INPUT_MAX (64 << 20)

/* Reads the agent's JSON into asked.context. Answers without a decision where it is empty or larger
 * than INPUT_MAX. */
void read_context(void);
/* Reads a whole file, which may be a pipe. Answers without a decision where that fails. */
struct text read_file(const char *path);
/* What went wrong with a file, in the words of node: "ENOENT: no such file or directory". */
const char *file_error(int number);

#endif

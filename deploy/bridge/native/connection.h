/* One request on a connection of its own. */
#ifndef HOOKPOOL_BRIDGE_CONNECTION_H
#define HOOKPOOL_BRIDGE_CONNECTION_H

#include <sys/uio.h>

#include "http.h"
#include "place.h"

/* Connects, sends the parts, which it changes, and reads the answer. Answers without a decision
 * where there is no answer. `server` names the place in errors. */
struct http_reader post(const char *server, const struct place *place, struct iovec *parts,
                        int count);
/* The server cannot be asked. `why`: the name of an error, or words. */
__attribute__((noreturn)) void not_asked(const char *server, const char *why);

#endif

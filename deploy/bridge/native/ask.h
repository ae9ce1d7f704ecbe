/* Asks the server. */
#ifndef HOOKPOOL_BRIDGE_ASK_H
#define HOOKPOOL_BRIDGE_ASK_H

#include "options.h"
#include "place.h"

/* Sends asked.context with what the options name, prints the server's answer, and exits. */
__attribute__((noreturn)) void ask_server(const struct options *options, const struct place *place);

#endif

/* The trace of the agent's turn: TRACEPARENT and TRACESTATE, as W3C Trace Context writes them. */
#ifndef HOOKPOOL_BRIDGE_TRACE_H
#define HOOKPOOL_BRIDGE_TRACE_H

#include "text.h"

/* Adds the headers traceparent and tracestate; none where the variables do not fit the grammar. */
void add_trace(struct text *head);

#endif

/* The newest part of the transcript that a context names. */
#ifndef HOOKPOOL_BRIDGE_TRANSCRIPT_H
#define HOOKPOOL_BRIDGE_TRANSCRIPT_H

#include "text.h"

struct transcript {
  bool is_there;
  /* Whole lines, the newest ones. */
  struct text lines;
  /* A line for stderr, why there is none; empty where the context names none. */
  struct text problem;
};

/* Reads at most `limit` bytes, of a file of this user in a folder of the agent's transcripts. */
struct transcript read_transcript(size_t limit);

#endif

/* The answer to the agent: each function here ends the process. */
#ifndef HOOKPOOL_BRIDGE_ANSWER_H
#define HOOKPOOL_BRIDGE_ANSWER_H

#include "dialect.h"
#include "text.h"

/* What the answer without a decision needs, as far as it is known. */
struct asked {
  const char *dialect;
  /* NULL: the context names the event. */
  const char *event;
  enum fail_mode fail_mode;
  struct text context;
};
extern struct asked asked;

/* Writes both texts, with at most 2 s for a reader that is slow, and exits: with 2 where stdout was
 * not written, which may have been a block. */
__attribute__((noreturn)) void write_and_exit(const struct text *out, const struct text *err,
                                              int code);
/* Answers without a decision. The text follows the words "hookpool has no decision: ". */
__attribute__((noreturn, format(printf, 1, 2))) void undecided(const char *format, ...);
/* Exit code 2 and a text: the block that all agents have in common. */
__attribute__((noreturn, format(printf, 1, 2))) void block_any_agent(const char *format, ...);

#endif

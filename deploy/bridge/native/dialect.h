/* What the bridge knows about the protocol of one agent; tables.h holds all of them. */
#ifndef HOOKPOOL_BRIDGE_DIALECT_H
#define HOOKPOOL_BRIDGE_DIALECT_H

#include <stdbool.h>

/* In this order the templates of a row stand. */
enum fail_mode { FAIL_BLOCK, FAIL_ASK, FAIL_ALLOW, FAIL_BY_EVENT };

/* An answer without a decision. In its texts REASON_IN_JSON and REASON stand for the reason. */
#define REASON_IN_JSON '\001'
#define REASON '\002'
struct template {
  int exit_code;
  const char *out;
  const char *err;
};

struct row {
  /* The event's name in lower case and without underscores; NULL ends a list, and is the row of
   * every other event. */
  const char *event;
  /* Places in `templates`. */
  unsigned char answers[3];
  /* Where nobody says otherwise, the agent continues: the end of a turn, or a notice. */
  bool open;
};

/* A folder of transcripts. A part * is a folder of any name. */
struct folder {
  const char *in_home;
  /* The variable that names another folder, and the path below that one; NULL: none. */
  const char *variable;
  const char *below;
};

struct dialect {
  const char *name;
  const struct row *rows;
  const struct folder *folders;
  /* The members of a context that name the event, and the transcript; the first one counts. */
  const char *const *event_keys;
  const char *const *transcript_keys;
};

/* NULL: there is no dialect of this name. */
const struct dialect *find_dialect(const char *name);
/* The template of an event, whose name is compared regardless of case and underscores. Puts that of
 * the event in the place of FAIL_BY_EVENT. */
const struct template *template_of(const struct dialect *dialect, const char *event,
                                   enum fail_mode *mode);
/* The names of all dialects, separated by commas. */
const char *dialect_names(void);

#endif

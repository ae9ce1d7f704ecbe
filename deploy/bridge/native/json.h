/* Reads JSON of agents and servers: no recursion, and each byte is looked at a fixed number of
 * times. */
#ifndef HOOKPOOL_BRIDGE_JSON_H
#define HOOKPOOL_BRIDGE_JSON_H

#include "text.h"

/* A part of a text. */
struct slice {
  const char *at;
  size_t length;
};

/* Whether JSON.parse() would read the whole text. */
bool json_is_valid(struct slice text);
/* The value at a path of names with dots between them; of equal names the last one counts. False:
 * there is none. `root` must be valid. */
bool json_at(struct slice root, const char *path, struct slice *value);
/* Adds the characters of a string, a half of a pair as U+FFFD; false where the value is none. */
bool json_string(struct slice value, struct text *into);

#endif

/* Looks dialects and events up. */
#include "dialect.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "tables.h"
#include "text.h"

static bool is_event(const char *folded, const char *name);

const struct dialect *find_dialect(const char *name) {
  for (const struct dialect *one = dialects; one->name != NULL; one++)
    if (strcmp(one->name, name) == 0) return one;
  return NULL;
}

const struct template *template_of(const struct dialect *dialect, const char *event,
                                   enum fail_mode *mode) {
  const struct row *row = dialect->rows;
  while (row->event != NULL && !is_event(row->event, event)) row++;
  if (*mode == FAIL_BY_EVENT) *mode = row->open ? FAIL_ALLOW : FAIL_BLOCK;
  return &templates[row->answers[*mode]];
}

const char *dialect_names(void) {
  static struct text names;
  names.length = 0;
  for (const struct dialect *one = dialects; one->name != NULL; one++) {
    if (names.length > 0) add_text(&names, ", ");
    add_text(&names, one->name);
  }
  return c_string(&names);
}

/* The Kelvin sign is the one character beyond ASCII whose lower case is ASCII. */
static bool is_event(const char *folded, const char *name) {
  static const char kelvin[] = "\xe2\x84\xaa";
  for (; *name != '\0'; name++) {
    if (*name == '_') continue;
    bool is_kelvin = strncmp(name, kelvin, strlen(kelvin)) == 0;
    if (is_kelvin) name += strlen(kelvin) - 1;
    char lower = is_kelvin ? 'k' : (char)tolower((unsigned char)*name);
    if (*folded == '\0' || *folded++ != lower) return false;
  }
  return *folded == '\0';
}

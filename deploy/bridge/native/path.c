#define _GNU_SOURCE
#include "path.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text.h"

static void append(struct text *into, const char *path) {
  for (const char *part = path; *part != '\0';) {
    size_t length = strcspn(part, "/");
    if (length == 2 && strncmp(part, "..", 2) == 0) {
      while (into->length > 0 && into->at[--into->length] != '/') continue;
    } else if (length > 0 && !(length == 1 && *part == '.')) {
      add_text(into, "/");
      add(into, part, length);
    }
    part += length + (part[length] == '/');
  }
}

const char *resolved(const char *path) {
  struct text whole = {0};
  if (path[0] != '/') {
    char *here = getcwd(NULL, 0);
    append(&whole, here == NULL ? "/" : here);
    free(here);
  }
  append(&whole, path);
  if (whole.length == 0) add_text(&whole, "/");
  return c_string(&whole);
}

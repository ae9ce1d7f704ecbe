/* As src/protocol/trace-context.ts. */
#define _GNU_SOURCE
#include "trace.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define STATE_MAX 512
#define MEMBERS_MAX 32
#define KEY_MAX 256
#define VALUE_MAX 256
#define ALNUM "abcdefghijklmnopqrstuvwxyz0123456789"

static bool is_parent(const char *text);
static bool is_state(const char *text);
static size_t member_length(const char *text);

void add_trace(struct text *head) {
  const char *parent = getenv("TRACEPARENT"), *state = getenv("TRACESTATE");
  if (parent == NULL || !is_parent(parent)) return;
  add_format(head, "traceparent: %s\r\n", parent);
  if (state != NULL && is_state(state)) add_format(head, "tracestate: %s\r\n", state);
}

/* 00-TRACE-PARENT-FLAGS, in lower case; the version ff and names of zeros are invalid. */
static bool is_parent(const char *text) {
  static const char form[] = "00-00000000000000000000000000000000-0000000000000000-00";
  static const size_t trace = 3, trace_length = 32, parent = 36, parent_length = 16;
  if (strlen(text) != sizeof form - 1 || strncmp(text, "ff", 2) == 0) return false;
  for (size_t at = 0; at < sizeof form - 1; at++)
    if (form[at] == '-' ? text[at] != '-' : strchr("0123456789abcdef", text[at]) == NULL)
      return false;
  return strspn(text + trace, "0") < trace_length && strspn(text + parent, "0") < parent_length;
}

/* KEY=VALUE, up to 32 times, with commas between. */
static bool is_state(const char *text) {
  if (strlen(text) > STATE_MAX) return false;
  for (int members = 1; members <= MEMBERS_MAX; members++) {
    size_t length = member_length(text);
    if (length == 0) return false;
    text += length;
    if (*text == '\0') return true;
    if (*text++ != ',') return false;
  }
  return false;
}

/* The bytes of the member at the start of the text; 0 where there is none. */
static size_t member_length(const char *text) {
  size_t key = strspn(text, ALNUM "_*/@-");
  if (key == 0 || key > KEY_MAX || strspn(text, ALNUM) == 0 || text[key] != '=') return 0;
  const char *value = text + key + 1;
  size_t length = 0;
  while (value[length] >= ' ' && value[length] <= '~' && value[length] != ',' && value[length] != '=')
    length++;
  if (length == 0 || length > VALUE_MAX || value[length - 1] == ' ') return 0;
  return key + 1 + length;
}

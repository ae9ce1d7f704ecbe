/* Texts that grow, and what makes them fit for an agent, a terminal or a URL. */
#define _GNU_SOURCE
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REPLACEMENT 0xfffd
#define PICTURES 0x2400 /* Unicode's pictures of the first 32 characters */

static uint32_t visible(uint32_t code);

char *room_for(struct text *into, size_t count) {
  if (into->room - into->length <= count) {
    size_t room = into->length + count + 1 + (into->length + count) / 2 + 64;
    char *at = realloc(into->at, room);
    if (at == NULL) {
      static const char why[] = "hookpool hook: there is no memory left\n";
      if (write(2, why, sizeof why - 1) < 0) _exit(2);
      _exit(2);
    }
    into->at = at;
    into->room = room;
  }
  return into->at + into->length;
}

void add(struct text *into, const char *bytes, size_t count) {
  if (count == 0) return;
  memcpy(room_for(into, count), bytes, count);
  into->length += count;
}

void add_text(struct text *into, const char *text) { add(into, text, strlen(text)); }

void add_format(struct text *into, const char *format, ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  int count = vsnprintf(NULL, 0, format, again);
  va_end(again);
  if (count > 0) {
    vsnprintf(room_for(into, (size_t)count), (size_t)count + 1, format, arguments);
    into->length += (size_t)count;
  }
  va_end(arguments);
}

void add_code_point(struct text *into, uint32_t code) {
  char *at = room_for(into, 4);
  if (code < 0x80) {
    at[0] = (char)code;
    into->length += 1;
  } else if (code < 0x800) {
    at[0] = (char)(0xc0 | (code >> 6));
    at[1] = (char)(0x80 | (code & 0x3f));
    into->length += 2;
  } else if (code < 0x10000) {
    at[0] = (char)(0xe0 | (code >> 12));
    at[1] = (char)(0x80 | ((code >> 6) & 0x3f));
    at[2] = (char)(0x80 | (code & 0x3f));
    into->length += 3;
  } else {
    at[0] = (char)(0xf0 | (code >> 18));
    at[1] = (char)(0x80 | ((code >> 12) & 0x3f));
    at[2] = (char)(0x80 | ((code >> 6) & 0x3f));
    at[3] = (char)(0x80 | (code & 0x3f));
    into->length += 4;
  }
}

const char *c_string(struct text *text) {
  *room_for(text, 1) = '\0';
  return text->at;
}

size_t next_code_point(const char *bytes, size_t count, uint32_t *code) {
  const uint8_t *at = (const uint8_t *)bytes;
  uint8_t lead = at[0], low = 0x80, high = 0xbf;
  size_t more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
  if (lead == 0xe0) low = 0xa0;
  if (lead == 0xed) high = 0x9f;
  if (lead == 0xf0) low = 0x90;
  if (lead == 0xf4) high = 0x8f;
  *code = more == 0 ? lead : lead & (0x3fu >> more);
  if (more > 0 && (lead < 0xc2 || lead > 0xf4)) more = 0, *code = REPLACEMENT;
  for (size_t done = 1; done <= more; done++, low = 0x80, high = 0xbf) {
    if (done == count || at[done] < low || at[done] > high) {
      *code = REPLACEMENT;
      return done;
    }
    *code = (*code << 6) | (at[done] & 0x3fu);
  }
  return more + 1;
}

void add_clean(struct text *into, const char *bytes, size_t count) {
  size_t start = 0; /* of the bytes that need no change */
  for (size_t at = 0; at < count;) {
    uint32_t code;
    size_t length = next_code_point(bytes + at, count - at, &code);
    bool is_itself = length == 3 && memcmp(bytes + at, "\xef\xbf\xbd", 3) == 0;
    if (code == REPLACEMENT && !is_itself) {
      add(into, bytes + start, at - start);
      add_code_point(into, REPLACEMENT);
      start = at + length;
    }
    at += length;
  }
  add(into, bytes + start, count - start);
}

const char *cleaned(const char *text) {
  struct text clean = {0};
  add_clean(&clean, text, strlen(text));
  return c_string(&clean);
}

void add_plain(struct text *into, const char *bytes, size_t count) {
  for (size_t at = 0; at < count;) {
    uint32_t code;
    size_t length = next_code_point(bytes + at, count - at, &code);
    bool ends_line = code == '\r' && at + 1 < count && bytes[at + 1] == '\n';
    if (!ends_line) add_code_point(into, visible(code));
    at += length;
  }
}

static uint32_t visible(uint32_t code) {
  if (code == '\t' || code == '\n') return code;
  if (code < 0x20) return PICTURES + code;
  if (code == 0x7f) return 0x2421;
  bool is_control = code > 0x7f && code < 0xa0;
  bool ends_line = code == 0x2028 || code == 0x2029;
  bool turns_line = code == 0x61c || code == 0x200e || code == 0x200f ||
                    (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
  return is_control || ends_line || turns_line ? REPLACEMENT : code;
}

void add_cut(struct text *into, const char *bytes, size_t count, size_t units, const char *more) {
  for (size_t at = 0; at < count;) {
    uint32_t code;
    size_t length = next_code_point(bytes + at, count - at, &code);
    size_t wide = code > 0xffff ? 2 : 1;
    if (units < wide) {
      if (units == 1) add_code_point(into, REPLACEMENT); /* half of a pair */
      add_text(into, more);
      return;
    }
    add_code_point(into, code);
    units -= wide;
    at += length;
  }
}

void add_json(struct text *into, const char *bytes, size_t count) {
  static const char named[] = "\b\t\n\f\r", letters[] = "btnfr";
  for (size_t at = 0; at < count; at++) {
    char one = bytes[at];
    const char *found = one == '\0' ? NULL : strchr(named, one);
    if (found != NULL)
      add_format(into, "\\%c", letters[found - named]);
    else if ((uint8_t)one < 0x20)
      add_format(into, "\\u%04x", (unsigned)(uint8_t)one);
    else {
      if (one == '"' || one == '\\') add(into, "\\", 1);
      add(into, &one, 1);
    }
  }
}

void add_encoded(struct text *into, const char *text) {
  static const char plain[] = "-_.!~*'()";
  for (; *text != '\0'; text++) {
    char one = *text;
    bool is_letter = (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z');
    if (is_letter || (one >= '0' && one <= '9') || strchr(plain, one) != NULL)
      add(into, &one, 1);
    else
      add_format(into, "%%%02X", (unsigned)(uint8_t)one);
  }
}

/* Texts that grow. All of them are UTF-8, or bytes that become it by add_clean(). */
#ifndef HOOKPOOL_BRIDGE_TEXT_H
#define HOOKPOOL_BRIDGE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Starts as {0}. */
struct text {
  char *at;
  size_t length;
  size_t room;
};

/* Ends the process with a block when there is no memory. */
void add(struct text *into, const char *bytes, size_t count);
void add_text(struct text *into, const char *text);
__attribute__((format(printf, 2, 3))) void add_format(struct text *into, const char *format, ...);
void add_code_point(struct text *into, uint32_t code);
/* Room for `count` more bytes, which the caller fills and adds to `length`. */
char *room_for(struct text *into, size_t count);
/* The text with a NUL behind it, until the text grows. */
const char *c_string(struct text *text);

/* Bytes that are no UTF-8 become U+FFFD, one for each sequence that is cut off. */
void add_clean(struct text *into, const char *bytes, size_t count);
/* A copy of clean bytes that is never freed. */
const char *cleaned(const char *text);
/* What a terminal would obey becomes visible; as plainText() in src/plain-text.ts. */
void add_plain(struct text *into, const char *bytes, size_t count);
/* At most `units` of UTF-16, and `more` where that is less than the whole. */
void add_cut(struct text *into, const char *bytes, size_t count, size_t units, const char *more);
/* As it stands inside of a string of JSON. */
void add_json(struct text *into, const char *bytes, size_t count);
/* As encodeURIComponent() does it. */
void add_encoded(struct text *into, const char *text);

/* Reads one character. Returns its bytes; what is no UTF-8 is U+FFFD. */
size_t next_code_point(const char *bytes, size_t count, uint32_t *code);

#endif

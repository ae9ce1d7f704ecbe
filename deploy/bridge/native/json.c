/* Reads JSON. The nesting is in a stack of bits, so that a context of 64 MiB of brackets costs 8 MiB
 * and no recursion. */
#include "json.h"

#include <stdlib.h>
#include <string.h>

/* What is left of a text. */
struct cursor {
  const char *at;
  const char *end;
};

static void skip_blanks(struct cursor *in);
static bool take(struct cursor *in, char wanted);
static bool read_scalar(struct cursor *in);
static bool read_string(struct cursor *in);
static bool read_number(struct cursor *in);
static bool read_word(struct cursor *in, const char *word);
static bool read_key(struct cursor *in);
static void skip_value(struct cursor *in);
static bool is_name(struct slice key, const char *name, size_t length);
static uint32_t hex4(const char *at);

/* Bits of the open brackets; 1 is an object. */
struct stack {
  struct text bits;
  size_t depth;
};

static void push(struct stack *stack, bool is_object) {
  if (stack->depth / 8 == stack->bits.length) add(&stack->bits, "", 1);
  char *byte = stack->bits.at + stack->depth / 8;
  char bit = (char)(1 << stack->depth % 8);
  *byte = (char)(is_object ? *byte | bit : *byte & ~bit);
  stack->depth++;
}

static bool is_in_object(const struct stack *stack) {
  size_t top = stack->depth - 1;
  return (stack->bits.at[top / 8] >> top % 8 & 1) != 0;
}

/* Reads up to the end of one value or bracket; true where the whole is one value. */
static bool read_all(struct cursor *in, struct stack *stack) {
  for (;;) {
    skip_blanks(in);
    bool opens_object = take(in, '{');
    if (opens_object || take(in, '[')) {
      push(stack, opens_object);
      skip_blanks(in);
      if (!take(in, opens_object ? '}' : ']')) {
        if (opens_object && !read_key(in)) return false;
        continue;
      }
      stack->depth--;
    } else if (!read_scalar(in)) {
      return false;
    }
    for (skip_blanks(in); stack->depth > 0; skip_blanks(in)) {
      bool in_object = is_in_object(stack);
      if (take(in, ',')) {
        skip_blanks(in);
        if (in_object && !read_key(in)) return false;
        break;
      }
      if (!take(in, in_object ? '}' : ']')) return false;
      stack->depth--;
    }
    if (stack->depth == 0) return in->at == in->end;
  }
}

bool json_is_valid(struct slice text) {
  struct cursor in = {text.at, text.at + text.length};
  struct stack stack = {0};
  bool is_valid = read_all(&in, &stack);
  free(stack.bits.at);
  return is_valid;
}

bool json_at(struct slice root, const char *path, struct slice *value) {
  *value = root;
  for (const char *name = path; name != NULL;) {
    const char *dot = strchr(name, '.');
    size_t length = dot == NULL ? strlen(name) : (size_t)(dot - name);
    struct cursor in = {value->at, value->at + value->length};
    bool found = false;
    skip_blanks(&in);
    if (!take(&in, '{')) return false;
    for (skip_blanks(&in); !take(&in, '}') && in.at < in.end; skip_blanks(&in)) {
      struct slice key = {.at = in.at};
      read_string(&in);
      key.length = (size_t)(in.at - key.at);
      skip_blanks(&in);
      take(&in, ':');
      skip_blanks(&in);
      const char *start = in.at;
      skip_value(&in);
      if (is_name(key, name, length)) {
        found = true;
        *value = (struct slice){start, (size_t)(in.at - start)};
      }
      skip_blanks(&in);
      take(&in, ',');
    }
    if (!found) return false;
    name = dot == NULL ? NULL : dot + 1;
  }
  return true;
}

bool json_string(struct slice value, struct text *into) {
  static const char letters[] = "bfnrt", meant[] = "\b\f\n\r\t";
  if (value.length < 2 || value.at[0] != '"') return false;
  const char *end = value.at + value.length - 1;
  for (const char *at = value.at + 1; at < end;) {
    const char *escape = memchr(at, '\\', (size_t)(end - at));
    const char *stop = escape == NULL ? end : escape;
    add_clean(into, at, (size_t)(stop - at));
    if (escape == NULL) break;
    at = escape + 2;
    const char *letter = strchr(letters, escape[1]);
    if (escape[1] == 'u') {
      uint32_t code = hex4(at);
      at += 4;
      bool has_half = code >= 0xd800 && code < 0xdc00 && end - at >= 6 && at[0] == '\\' &&
                      at[1] == 'u';
      uint32_t other = has_half ? hex4(at + 2) : 0;
      if (other >= 0xdc00 && other < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (other - 0xdc00);
        at += 6;
      }
      add_code_point(into, code >= 0xd800 && code < 0xe000 ? 0xfffd : code);
    } else {
      add(into, letter == NULL ? escape + 1 : meant + (letter - letters), 1);
    }
  }
  return true;
}

static bool read_scalar(struct cursor *in) {
  if (in->at == in->end) return false;
  switch (*in->at) {
    case '"':
      return read_string(in);
    case 't':
      return read_word(in, "true");
    case 'f':
      return read_word(in, "false");
    case 'n':
      return read_word(in, "null");
    default:
      return read_number(in);
  }
}

static bool read_key(struct cursor *in) {
  if (!read_string(in)) return false;
  skip_blanks(in);
  return take(in, ':');
}

static bool is_hex(char one) {
  return (one >= '0' && one <= '9') || (one >= 'a' && one <= 'f') || (one >= 'A' && one <= 'F');
}

static bool read_string(struct cursor *in) {
  if (!take(in, '"')) return false;
  while (in->at < in->end && *in->at != '"') {
    if ((uint8_t)*in->at < 0x20) return false;
    if (*in->at++ != '\\') continue;
    if (in->at == in->end || *in->at == '\0' || strchr("\"\\/bfnrtu", *in->at) == NULL) return false;
    if (*in->at++ != 'u') continue;
    for (int digits = 0; digits < 4; digits++)
      if (in->at == in->end || !is_hex(*in->at++)) return false;
  }
  return take(in, '"');
}

static bool read_digits(struct cursor *in) {
  const char *start = in->at;
  while (in->at < in->end && *in->at >= '0' && *in->at <= '9') in->at++;
  return in->at > start;
}

static bool read_number(struct cursor *in) {
  take(in, '-');
  if (!take(in, '0') && !read_digits(in)) return false;
  if (take(in, '.') && !read_digits(in)) return false;
  if (!take(in, 'e') && !take(in, 'E')) return true;
  if (!take(in, '+')) take(in, '-');
  return read_digits(in);
}

static bool read_word(struct cursor *in, const char *word) {
  size_t length = strlen(word);
  if ((size_t)(in->end - in->at) < length || memcmp(in->at, word, length) != 0) return false;
  in->at += length;
  return true;
}

/* Of a valid text. */
static void skip_value(struct cursor *in) {
  size_t depth = 0;
  do {
    skip_blanks(in);
    if (in->at == in->end) return;
    char one = *in->at;
    if (one == '"')
      read_string(in);
    else
      in->at++;
    if (one == '{' || one == '[') depth++;
    if (one == '}' || one == ']') depth--;
    bool is_word = strchr("\"{}[],:", one) == NULL;
    while (is_word && in->at < in->end && strchr("{}[],: \t\n\r", *in->at) == NULL) in->at++;
  } while (depth > 0);
}

static void skip_blanks(struct cursor *in) {
  while (in->at < in->end &&
         (*in->at == ' ' || *in->at == '\t' || *in->at == '\n' || *in->at == '\r'))
    in->at++;
}

static bool take(struct cursor *in, char wanted) {
  if (in->at == in->end || *in->at != wanted) return false;
  in->at++;
  return true;
}

static bool is_name(struct slice key, const char *name, size_t length) {
  if (memchr(key.at, '\\', key.length) == NULL)
    return key.length == length + 2 && memcmp(key.at + 1, name, length) == 0;
  struct text plain = {0};
  json_string(key, &plain);
  bool is_same = plain.length == length && memcmp(plain.at, name, length) == 0;
  free(plain.at);
  return is_same;
}

static uint32_t hex4(const char *at) {
  uint32_t code = 0;
  for (int digits = 0; digits < 4; digits++, at++) {
    uint32_t digit = (uint32_t)(*at <= '9' ? *at - '0' : (*at | 0x20) - 'a' + 10);
    code = code << 4 | digit;
  }
  return code;
}

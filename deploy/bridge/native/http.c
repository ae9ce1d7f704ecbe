/* The reader of HTTP/1.1 answers. It takes what RFC 9112 allows a server to send, and no more. */
#define _GNU_SOURCE
#include "http.h"

#include <string.h>
#include <strings.h>

#define NO_BODY 204
#define NOT_MODIFIED 304
#define SWITCHING 101

static enum http_end read_line(struct http_reader *reader);
static enum http_end read_status(struct http_reader *reader);
static enum http_end read_header(struct http_reader *reader);
static enum http_end end_head(struct http_reader *reader);
static enum http_end read_chunk_line(struct http_reader *reader);
static enum http_end read_body(struct http_reader *reader, const char *bytes, size_t *count);
static bool is_line_part(enum http_part part);
static bool is_clean(const char *bytes, size_t count);

enum http_end http_read(struct http_reader *reader, const char *bytes, size_t count) {
  enum http_end end = HTTP_MORE;
  while (count > 0 && end == HTTP_MORE) {
    size_t used = count;
    if (is_line_part(reader->part)) {
      const char *feed = memchr(bytes, '\n', count);
      if (feed != NULL) used = (size_t)(feed - bytes) + 1;
      reader->head_bytes += used;
      if (reader->head_bytes > HTTP_HEAD_MAX) return HTTP_BROKEN;
      add(&reader->line, bytes, used);
      if (feed != NULL) end = read_line(reader);
    } else {
      end = read_body(reader, bytes, &used);
    }
    bytes += used;
    count -= used;
  }
  return end;
}

enum http_end http_closed(const struct http_reader *reader) {
  return reader->part == HTTP_BODY_UNTIL_END ? HTTP_DONE : HTTP_MORE;
}

/* The line ends with CR and LF, and both leave it. A lone CR or LF could hide a header. */
static enum http_end read_line(struct http_reader *reader) {
  struct text *line = &reader->line;
  if (line->length < 2 || line->at[line->length - 2] != '\r') return HTTP_BROKEN;
  line->length -= 2;
  if (!is_clean(line->at, line->length)) return HTTP_BROKEN;
  c_string(line);
  enum http_end end = HTTP_BROKEN;
  if (reader->part == HTTP_STATUS_LINE) end = read_status(reader);
  else if (reader->part == HTTP_HEADER || reader->part == HTTP_TRAILER) end = read_header(reader);
  else if (reader->part == HTTP_CHUNK_LINE) end = read_chunk_line(reader);
  line->length = 0;
  return end;
}

static bool is_digit(char one) { return one >= '0' && one <= '9'; }

static enum http_end read_status(struct http_reader *reader) {
  const char *line = reader->line.at;
  if (strncmp(line, "HTTP/1.", 7) != 0 || (line[7] != '0' && line[7] != '1') || line[8] != ' ' ||
      !is_digit(line[9]) || line[9] == '0' || !is_digit(line[10]) || !is_digit(line[11]) ||
      (line[12] != ' ' && line[12] != '\0'))
    return HTTP_BROKEN;
  reader->status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
  reader->part = HTTP_HEADER;
  return HTTP_MORE;
}

/* Characters of a header's name. */
static bool is_token(const char *name, size_t length) {
  static const char signs[] = "!#$%&'*+-.^_`|~";
  for (size_t at = 0; at < length; at++) {
    char one = name[at], lower = (char)(one | 0x20);
    if (!is_digit(one) && !(lower >= 'a' && lower <= 'z') && strchr(signs, one) == NULL)
      return false;
  }
  return length > 0;
}

static bool read_length(struct http_reader *reader, const char *value) {
  size_t digits = strspn(value, "0123456789");
  if (digits == 0 || digits > 15 || value[digits] != '\0' || reader->has_length) return false;
  reader->has_length = true;
  for (reader->left = 0; *value != '\0'; value++)
    reader->left = reader->left * 10 + (uint64_t)(*value - '0');
  return true;
}

static enum http_end read_header(struct http_reader *reader) {
  char *line = reader->line.at;
  if (reader->line.length == 0) return reader->part == HTTP_TRAILER ? HTTP_DONE : end_head(reader);
  char *colon = strchr(line, ':');
  if (colon == NULL || !is_token(line, (size_t)(colon - line))) return HTTP_BROKEN;
  if (reader->part == HTTP_TRAILER) return HTTP_MORE;
  *colon = '\0';
  char *value = colon + 1 + strspn(colon + 1, " \t");
  for (char *last = line + reader->line.length; last > value && strchr(" \t", last[-1]) != NULL;)
    *--last = '\0';
  if (strcasecmp(line, "content-length") == 0 && !read_length(reader, value)) return HTTP_BROKEN;
  if (strcasecmp(line, "transfer-encoding") == 0) {
    if (reader->is_chunked || strcasecmp(value, "chunked") != 0) return HTTP_BROKEN;
    reader->is_chunked = true;
  }
  return HTTP_MORE;
}

static enum http_end end_head(struct http_reader *reader) {
  if (reader->is_chunked && reader->has_length) return HTTP_BROKEN;
  reader->head_bytes = 0;
  if (reader->status == SWITCHING) return HTTP_BROKEN;
  if (reader->status < 200) { /* the answer itself follows */
    reader->is_chunked = reader->has_length = false;
    reader->part = HTTP_STATUS_LINE;
    return HTTP_MORE;
  }
  if (reader->status == NO_BODY || reader->status == NOT_MODIFIED) return HTTP_DONE;
  reader->part = reader->is_chunked   ? HTTP_CHUNK_LINE
                 : reader->has_length ? HTTP_BODY
                                      : HTTP_BODY_UNTIL_END;
  return reader->part == HTTP_BODY && reader->left == 0 ? HTTP_DONE : HTTP_MORE;
}

/* A size in hexadecimal digits; an extension behind it has no meaning here. */
static enum http_end read_chunk_line(struct http_reader *reader) {
  static const char digits[] = "0123456789abcdefABCDEF";
  const char *line = reader->line.at;
  size_t length = strspn(line, digits);
  if (length == 0 || length > 12 || (line[length] != '\0' && line[length] != ';'))
    return HTTP_BROKEN;
  reader->left = 0;
  for (size_t at = 0; at < length; at++) {
    size_t digit = (size_t)(strchr(digits, line[at]) - digits);
    reader->left = reader->left * 16 + (digit > 15 ? digit - 6 : digit);
  }
  reader->part = reader->left == 0 ? HTTP_TRAILER : HTTP_CHUNK;
  reader->head_bytes = 0;
  return HTTP_MORE;
}

static enum http_end read_body(struct http_reader *reader, const char *bytes, size_t *count) {
  if (reader->part == HTTP_CHUNK_END) { /* CR and LF, which may come apart */
    *count = 1;
    if (bytes[0] != (reader->left == 2 ? '\r' : '\n')) return HTTP_BROKEN;
    if (--reader->left == 0) reader->part = HTTP_CHUNK_LINE;
    return HTTP_MORE;
  }
  bool has_end = reader->part != HTTP_BODY_UNTIL_END;
  if (has_end && *count > reader->left) *count = (size_t)reader->left;
  if (*count > HTTP_BODY_MAX - reader->body.length) return HTTP_TOO_LARGE;
  add(&reader->body, bytes, *count);
  if (!has_end) return HTTP_MORE;
  reader->left -= *count;
  if (reader->left > 0) return HTTP_MORE;
  if (reader->part == HTTP_BODY) return HTTP_DONE;
  reader->part = HTTP_CHUNK_END;
  reader->left = 2;
  return HTTP_MORE;
}

static bool is_line_part(enum http_part part) {
  return part == HTTP_STATUS_LINE || part == HTTP_HEADER || part == HTTP_CHUNK_LINE ||
         part == HTTP_TRAILER;
}

/* No control characters but tabs. */
static bool is_clean(const char *bytes, size_t count) {
  for (size_t at = 0; at < count; at++)
    if (((uint8_t)bytes[at] < 0x20 && bytes[at] != '\t') || bytes[at] == 0x7f) return false;
  return true;
}

/* Reads one answer of an HTTP server, in pieces as they arrive. The server is hostile: the head and
 * the body are bounded, and each byte is looked at once. */
#ifndef HOOKPOOL_BRIDGE_HTTP_H
#define HOOKPOOL_BRIDGE_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "text.h"

#define HTTP_HEAD_MAX (16 << 10) /* that of node's HTTP client */
/* A changed input can be as large as the stdout of a hook; an agent reads nothing larger. */
#define HTTP_BODY_MAX (8 << 20)

enum http_end {
  HTTP_MORE,      /* the answer is not complete */
  HTTP_DONE,      /* status and body are */
  HTTP_BROKEN,    /* it is no HTTP */
  HTTP_TOO_LARGE, /* the body is larger than HTTP_BODY_MAX */
};

enum http_part {
  HTTP_STATUS_LINE,
  HTTP_HEADER,
  HTTP_BODY,           /* of the length that the head gives */
  HTTP_BODY_UNTIL_END, /* of the connection */
  HTTP_CHUNK_LINE,
  HTTP_CHUNK,
  HTTP_CHUNK_END,
  HTTP_TRAILER,
};

/* Starts as {0}. */
struct http_reader {
  enum http_part part;
  struct text line;
  size_t head_bytes;
  int status;
  bool is_chunked;
  bool has_length;
  uint64_t left; /* bytes of the body or of the chunk */
  struct text body;
};

enum http_end http_read(struct http_reader *reader, const char *bytes, size_t count);
/* The server has closed the connection: HTTP_MORE means that the answer is cut off. */
enum http_end http_closed(const struct http_reader *reader);

#endif

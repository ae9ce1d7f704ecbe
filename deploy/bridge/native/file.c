#define _GNU_SOURCE
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"
#include "wait.h"

#define PIECE (64 << 10)

/* Reads to the end, with poll() before each read, so that no pipe holds the deadline up. The number
 * of an error, 0 for none, or EFBIG. */
static int read_all(int fd, struct text *into) {
  for (;;) {
    struct pollfd entry = {.fd = fd, .events = POLLIN};
    wait_for(&entry, 1);
    ssize_t got = read(fd, room_for(into, PIECE), PIECE);
    if (got == 0) return 0;
    if (got > 0) into->length += (size_t)got;
    else if (errno != EINTR && errno != EAGAIN) return errno;
    if (into->length > INPUT_MAX) return EFBIG;
  }
}

void read_context(void) {
  int error = read_all(0, &asked.context);
  if (error == EFBIG) {
    asked.context.length = 0; /* it is no JSON without its end */
    undecided("the context on stdin has more than %d bytes", INPUT_MAX);
  }
  if (error != 0) undecided("%s, read", file_error(error));
  if (asked.context.length == 0)
    undecided("there is nothing on stdin; the agent has to send its JSON there");
}

struct text read_file(const char *path) {
  struct text content = {0};
  int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) undecided("%s cannot be read: %s, open '%s'", path, file_error(errno), path);
  int error = read_all(fd, &content);
  close(fd);
  if (error == EISDIR) undecided("%s cannot be read: it is a folder", path);
  if (error == EFBIG) undecided("%s cannot be read: it has more than %d bytes", path, INPUT_MAX);
  if (error != 0) undecided("%s cannot be read: %s, read", path, file_error(error));
  return content;
}

const char *file_error(int number) {
  static struct text said;
  const char *name = strerrorname_np(number), *words = strerror(number);
  switch (number) {
    case ENOENT: words = "no such file or directory"; break;
    case EACCES: words = "permission denied"; break;
    case EPERM: words = "operation not permitted"; break;
    case ENOTDIR: words = "not a directory"; break;
    case ELOOP: words = "too many symbolic links encountered"; break;
    case ENAMETOOLONG: words = "name too long"; break;
    case EIO: words = "i/o error"; break;
    default: break;
  }
  said.length = 0;
  add_format(&said, "%s: %s", name == NULL ? "EUNKNOWN" : name, words);
  return c_string(&said);
}

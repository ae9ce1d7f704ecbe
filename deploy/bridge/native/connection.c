/* Reads while it sends: a server may answer before it has the whole request. */
#define _GNU_SOURCE
#include "connection.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "answer.h"
#include "wait.h"

#define PIECE (64 << 10)

static int open_connection(const struct place *place, int *error);
static int connect_to(const struct sockaddr_storage *address, int *error);
static void send_some(int fd, struct iovec **parts, int *count, int *error);

void not_asked(const char *server, const char *why) {
  undecided("%s cannot be asked (%s). Is hookpool serve running there?", server, why);
}

static const char *name_of(int error) {
  const char *name = strerrorname_np(error);
  return name == NULL ? "EUNKNOWN" : name;
}

struct http_reader post(const char *server, const struct place *place, struct iovec *parts,
                        int count) {
  static char piece[PIECE];
  struct http_reader reader = {0};
  int error = 0, fd = open_connection(place, &error);
  if (fd < 0) not_asked(server, name_of(error));
  for (enum http_end end = HTTP_MORE;;) {
    struct pollfd entry = {.fd = fd, .events = POLLIN};
    if (count > 0) entry.events = POLLIN | POLLOUT;
    wait_for(&entry, 1);
    if (count > 0 && (entry.revents & (POLLOUT | POLLERR)) != 0)
      send_some(fd, &parts, &count, &error);
    ssize_t got = recv(fd, piece, sizeof piece, MSG_DONTWAIT);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0 && error == 0) error = errno;
    if (got > 0) end = http_read(&reader, piece, (size_t)got);
    if (got == 0 && (end = http_closed(&reader)) == HTTP_MORE && error == 0) error = ECONNRESET;
    if (end == HTTP_DONE) break;
    if (end == HTTP_BROKEN) not_asked(server, "its answer is no HTTP");
    if (end == HTTP_TOO_LARGE)
      undecided("the server's answer has more than %d bytes", HTTP_BODY_MAX);
    if (got <= 0) not_asked(server, name_of(error));
  }
  close(fd);
  return reader;
}

/* The first error counts: that of the other address of localhost says less. */
static int open_connection(const struct place *place, int *error) {
  for (int at = 0; at < place->count; at++) {
    int own = 0, fd = connect_to(&place->addresses[at], &own);
    if (fd >= 0) {
      *error = 0;
      return fd;
    }
    if (*error == 0) *error = own;
  }
  return -1;
}

static int connect_to(const struct sockaddr_storage *address, int *error) {
  static const int yes = 1;
  int family = address->ss_family;
  socklen_t length = family == AF_UNIX   ? sizeof(struct sockaddr_un)
                     : family == AF_INET ? sizeof(struct sockaddr_in)
                                         : sizeof(struct sockaddr_in6);
  int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) {
    *error = errno;
    return -1;
  }
  if (family != AF_UNIX) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (connect(fd, (const struct sockaddr *)address, length) != 0) *error = errno;
  if (*error == EINPROGRESS) {
    struct pollfd entry = {.fd = fd, .events = POLLOUT};
    socklen_t size = sizeof *error;
    wait_for(&entry, 1);
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, error, &size) != 0) *error = errno;
  }
  if (*error == 0) return fd;
  close(fd);
  return -1;
}

/* After an error nothing more is sent: the server may have answered before. */
static void send_some(int fd, struct iovec **parts, int *count, int *error) {
  struct msghdr message = {.msg_iov = *parts, .msg_iovlen = (size_t)*count};
  ssize_t sent = sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (sent < 0) {
    *error = errno;
    *count = 0;
    return;
  }
  size_t left = (size_t)sent;
  for (; *count > 0 && left >= (*parts)->iov_len; ++*parts, --*count) left -= (*parts)->iov_len;
  if (*count == 0) return;
  (*parts)->iov_base = (char *)(*parts)->iov_base + left;
  (*parts)->iov_len -= left;
}

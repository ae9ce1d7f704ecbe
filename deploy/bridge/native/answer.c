/* Writes the answer; as src/answering/undecided.ts and src/cli/hook/write-and-exit.ts. */
#define _GNU_SOURCE
#include "answer.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "json.h"
#include "wait.h"

#define REASON_UNITS 2000
#define BLOCKED 2
/* A pipe that is ready takes so many bytes without blocking. */
#define PIECE 4096
#define ELLIPSIS "\xe2\x80\xa6"

struct asked asked = {.fail_mode = FAIL_BY_EVENT};

/* The text that is left for one stream. */
struct outgoing {
  int fd;
  struct text text;
  size_t done;
  bool failed;
};

static struct outgoing outgoing_to(int fd, const struct text *text);
static void write_some(struct outgoing *to);
static const char *event_name(struct text *into);
static void fill(struct text *into, const char *template, const struct text *reason);
static void add_short(struct text *into, const char *format, va_list arguments);

void write_and_exit(const struct text *out, const struct text *err, int code) {
  volatile int ends_with = BLOCKED;
  struct outgoing to[2] = {outgoing_to(1, out), outgoing_to(2, err)};
  end_soon(&ends_with);
  for (;;) {
    struct pollfd entries[2];
    nfds_t count = 0;
    if (to[0].done == to[0].text.length && !to[0].failed) ends_with = code;
    for (int at = 0; at < 2; at++)
      if (to[at].done < to[at].text.length && !to[at].failed)
        entries[count++] = (struct pollfd){.fd = to[at].fd, .events = POLLOUT};
    if (count == 0) _exit(ends_with);
    if (poll(entries, count, -1) < 0) continue;
    for (int at = 0; at < 2; at++)
      for (nfds_t ready = 0; ready < count; ready++)
        if (entries[ready].fd == to[at].fd && entries[ready].revents != 0) write_some(&to[at]);
  }
}

/* An agent gets the bytes unchanged; a terminal would obey their control sequences. */
static struct outgoing outgoing_to(int fd, const struct text *text) {
  struct outgoing to = {.fd = fd, .text = *text};
  if (text->length > 0 && isatty(fd)) {
    struct text plain = {0};
    add_plain(&plain, text->at, text->length);
    to.text = plain;
  }
  return to;
}

static void write_some(struct outgoing *to) {
  size_t left = to->text.length - to->done;
  size_t count = left < PIECE ? left : PIECE;
  ssize_t written = send(to->fd, to->text.at + to->done, count, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (written < 0 && errno == ENOTSOCK) written = write(to->fd, to->text.at + to->done, count);
  if (written > 0)
    to->done += (size_t)written;
  else if (written == 0 || (errno != EINTR && errno != EAGAIN))
    to->failed = true;
}

void undecided(const char *format, ...) {
  static bool is_answering;
  struct text why = {0}, reason = {0}, event = {0}, out = {0}, err = {0};
  va_list arguments;
  va_start(arguments, format);
  add_short(&why, format, arguments);
  va_end(arguments);
  if (is_answering) block_any_agent("%s", c_string(&why));
  is_answering = true;
  const struct dialect *dialect = find_dialect(asked.dialect);
  if (dialect == NULL)
    block_any_agent("There is no dialect \"%s\". Known: %s. (%s)", asked.dialect, dialect_names(),
                    c_string(&why));
  const char *name = asked.event != NULL ? asked.event : event_name(&event);
  enum fail_mode mode = asked.fail_mode;
  const struct template *template = template_of(dialect, name, &mode);
  add_text(&reason, "hookpool has no decision: ");
  add(&reason, why.at, why.length);
  bool ended = strchr(".?!", reason.at[reason.length - 1]) != NULL ||
               (reason.length > 3 && memcmp(reason.at + reason.length - 3, ELLIPSIS, 3) == 0);
  if (!ended) add_text(&reason, ".");
  static const char *const then[] = {" Without one it is blocked.", " A person decides.",
                                     " The agent goes on without one."};
  add_text(&reason, then[mode]);
  fill(&out, template->out, &reason);
  fill(&err, template->err, &reason);
  write_and_exit(&out, &err, template->exit_code);
}

void block_any_agent(const char *format, ...) {
  struct text out = {0}, err = {0};
  va_list arguments;
  va_start(arguments, format);
  add_text(&err, "hookpool hook: ");
  add_short(&err, format, arguments);
  va_end(arguments);
  add_text(&err, "\n");
  write_and_exit(&out, &err, BLOCKED);
}

/* It may quote a server, a file or the environment, and an agent shows it to a person. */
static void add_short(struct text *into, const char *format, va_list arguments) {
  struct text whole = {0}, plain = {0};
  va_list again;
  va_copy(again, arguments);
  int count = vsnprintf(NULL, 0, format, arguments);
  if (count > 0) {
    vsnprintf(room_for(&whole, (size_t)count), (size_t)count + 1, format, again);
    whole.length = (size_t)count;
  }
  va_end(again);
  add_plain(&plain, whole.at, whole.length);
  add_cut(into, plain.at, plain.length, REASON_UNITS, ELLIPSIS);
}

/* The first member of the context that names one; "" where none does. */
static const char *event_name(struct text *into) {
  struct slice root = {asked.context.at, asked.context.length}, value;
  if (!json_is_valid(root)) return "";
  for (const char *const *key = find_dialect(asked.dialect)->event_keys; *key != NULL; key++)
    if (json_at(root, *key, &value) && json_string(value, into)) {
      const char *name = c_string(into);
      return strlen(name) == into->length ? name : ""; /* with a NUL it is no event of an agent */
    }
  return "";
}

static void fill(struct text *into, const char *template, const struct text *reason) {
  for (; *template != '\0'; template++) {
    if (*template == REASON_IN_JSON)
      add_json(into, reason->at, reason->length);
    else if (*template == REASON)
      add(into, reason->at, reason->length);
    else
      add(into, template, 1);
  }
}

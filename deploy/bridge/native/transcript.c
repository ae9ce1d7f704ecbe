/* The path comes from the agent, and the agent from everything that it has read; as
 * src/cli/hook/transcript.ts. */
#define _GNU_SOURCE
#include "transcript.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "answer.h"
#include "file.h"
#include "json.h"
#include "path.h"

#define PROBLEM_UNITS 300

/* Each of these leaves the problem in `why` and returns false. */
static bool find_own_file(const struct dialect *dialect, struct text *named, struct text *real,
                          struct text *why);
static bool read_newest(const char *file, size_t limit, struct text *lines, struct text *why);
static bool read_end(int fd, size_t size, size_t limit, struct text *lines, struct text *why);

static bool find_name(const struct dialect *dialect, struct slice root, struct text *named);
static bool is_in_folder(const struct folder *folder, const char *file);
static bool is_below(const char *folder, const char *file);
static int open_without_links(const char *file);

struct transcript read_transcript(size_t limit) {
  struct transcript found = {0};
  struct text named = {0}, real = {0}, why = {0}, plain = {0};
  const struct dialect *dialect = find_dialect(asked.dialect);
  struct slice root = {asked.context.at, asked.context.length};
  if (dialect == NULL) return found;
  if (!json_is_valid(root)) {
    add_text(&why, "the context is no JSON");
  } else {
    if (!find_name(dialect, root, &named)) return found;
    found.is_there = find_own_file(dialect, &named, &real, &why) &&
                     read_newest(c_string(&real), limit, &found.lines, &why);
  }
  if (found.is_there) return found;
  add_text(&found.problem, "hookpool hook: no transcript: ");
  add_plain(&plain, why.at, why.length);
  add_cut(&found.problem, plain.at, plain.length, PROBLEM_UNITS, "");
  add_text(&found.problem, "\n");
  return found;
}

static bool find_name(const struct dialect *dialect, struct slice root, struct text *named) {
  struct slice value;
  for (const char *const *key = dialect->transcript_keys; *key != NULL; key++)
    if (json_at(root, *key, &value) && json_string(value, named) && named->length > 0) return true;
  return false;
}

static bool find_own_file(const struct dialect *dialect, struct text *named, struct text *real,
                          struct text *why) {
  const char *home = getenv("HOME"), *file = c_string(named);
  if (dialect->folders->in_home == NULL) {
    add_format(why, "where %s keeps them is not known", dialect->name);
    return false;
  }
  if (strlen(file) != named->length) {
    add_text(why, "its path has a NUL character");
    return false;
  }
  if (strncmp(file, "~/", 2) == 0 && home != NULL && home[0] == '/') {
    struct text whole = {0};
    add_format(&whole, "%s/%s", home, file + 2);
    file = resolved(c_string(&whole));
  }
  if (file[0] != '/') {
    add_format(why, "\"%s\" is no absolute path", file);
    return false;
  }
  char *path = realpath(file, NULL);
  if (path == NULL) {
    add_format(why, "%s, realpath '%s'", file_error(errno), file);
    return false;
  }
  add_text(real, path);
  free(path);
  for (const struct folder *folder = dialect->folders; folder->in_home != NULL; folder++)
    if (is_in_folder(folder, c_string(real))) return true;
  add_format(why, "\"%s\" is in no folder of %s's transcripts", c_string(real), dialect->name);
  return false;
}

/* The folder before the part * may be a link, for example to a folder of dotfiles. */
static bool is_in_folder(const struct folder *folder, const char *file) {
  const char *other = folder->variable == NULL ? NULL : getenv(folder->variable);
  bool is_elsewhere = other != NULL && other[0] != '\0';
  const char *above = is_elsewhere ? other : getenv("HOME");
  const char *below = is_elsewhere ? folder->below : folder->in_home;
  if (above == NULL) return false;
  const char *star = strstr(below, "/*/");
  size_t length = star == NULL ? strlen(below) : (size_t)(star - below);
  struct text place = {0};
  add_format(&place, "%s/%.*s", above, (int)length, below);
  char *root = realpath(c_string(&place), NULL);
  bool holds = root != NULL && is_below(root, file);
  if (holds && star != NULL) {
    const char *inner = strchr(file + strlen(root) + 1, '/');
    holds = inner != NULL && is_below(star + 3, inner + 1);
  }
  free(root);
  return holds;
}

static bool is_below(const char *folder, const char *file) {
  size_t length = strlen(folder);
  return strncmp(file, folder, length) == 0 && file[length] == '/';
}

static bool read_newest(const char *file, size_t limit, struct text *lines, struct text *why) {
  struct stat status;
  int fd = open_without_links(file);
  if (fd < 0 || fstat(fd, &status) != 0) {
    add_format(why, "%s, open '%s'", file_error(errno), file);
  } else if (!S_ISREG(status.st_mode)) {
    add_format(why, "\"%s\" is no file", file);
  } else if (status.st_uid != geteuid()) {
    add_format(why, "\"%s\" belongs to another user", file);
  } else {
    bool is_read = read_end(fd, (size_t)status.st_size, limit, lines, why);
    close(fd);
    return is_read;
  }
  if (fd >= 0) close(fd);
  return false;
}

/* The path has no links since realpath(), and none is followed that was put there meanwhile. A
 * kernel before 5.6, or a sandbox that does not know the call, looks at the last part only, as node
 * does. Opens without waiting, so that a FIFO does not hold the answer up. */
static int open_without_links(const char *file) {
  const int flags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY;
  struct open_how how = {.flags = (uint64_t)flags, .resolve = RESOLVE_NO_SYMLINKS};
  long fd = syscall(SYS_openat2, AT_FDCWD, file, &how, sizeof how);
  if (fd < 0 && (errno == ENOSYS || errno == EPERM)) fd = open(file, flags);
  return (int)fd;
}

static bool read_end(int fd, size_t size, size_t limit, struct text *lines, struct text *why) {
  /* With the byte before them, the last bytes show whether they begin with a line. */
  bool is_whole = size <= limit;
  size_t start = is_whole ? 0 : size - limit - 1, count = size - start;
  struct text end = {0};
  char *into = room_for(&end, count);
  while (end.length < count) {
    ssize_t got = pread(fd, into + end.length, count - end.length, (off_t)(start + end.length));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      add_format(why, "%s, read", file_error(errno));
      return false;
    }
    if (got == 0) break;
    end.length += (size_t)got;
  }
  const char *feed = is_whole || end.length == 0 ? NULL : memchr(end.at, '\n', end.length);
  size_t first = is_whole ? 0 : feed == NULL ? end.length : (size_t)(feed - end.at) + 1;
  if (!is_whole && first == end.length) {
    add_format(why, "its last line has more than %zu bytes", limit);
    return false;
  }
  add(lines, end.at == NULL ? "" : end.at + first, end.length - first);
  free(end.at);
  return true;
}

#define _GNU_SOURCE
#include "hand_over.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text.h"

/* Set for the bridge in node: a wrapper on PATH that starts this program would go round in
 * circles. */
#define MARK "HOOKPOOL_HANDED_OVER"

/* From dist/native of the package itself, and from a package for this platform that lies beside it
 * or, where hookpool is installed for all users, in its own node_modules. */
static const char *const mains[] = {
    "../cli/main.js",
    "../../hookpool/dist/cli/main.js",
    "../../../dist/cli/main.js",
};

static const char **arguments(const char *const *first, char *const *argv);

void hand_over(char *const *argv) {
  char own[PATH_MAX];
  sigset_t none;
  if (getenv(MARK) != NULL || setenv(MARK, "1", 1) != 0) return;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  signal(SIGPIPE, SIG_DFL);
  ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
  if (length > 0) {
    own[length] = '\0';
    *strrchr(own, '/') = '\0';
    for (size_t at = 0; at < sizeof mains / sizeof *mains; at++) {
      struct text file = {0};
      add_format(&file, "%s/%s", own, mains[at]);
      if (access(c_string(&file), R_OK) != 0) continue;
      const char *const first[] = {"node", file.at, "hook", NULL};
      execvp("node", (char *const *)arguments(first, argv));
    }
  }
  const char *const first[] = {"hookpool", "hook", NULL};
  execvp("hookpool", (char *const *)arguments(first, argv));
  unsetenv(MARK);
}

/* The first arguments, and those behind the name of this program. */
static const char **arguments(const char *const *first, char *const *argv) {
  size_t count = 0, more = 0;
  while (first[count] != NULL) count++;
  while (argv[more] != NULL) more++;
  struct text list = {0};
  const char **all = (const char **)(void *)room_for(&list, (count + more + 1) * sizeof *all);
  memcpy(all, first, count * sizeof *all);
  all[count] = NULL; /* a caller may give no name and no arguments */
  if (more > 0) memcpy(all + count, argv + 1, more * sizeof *all); /* with the NULL at its end */
  return all;
}

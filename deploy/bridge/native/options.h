/* The arguments of the bridge. */
#ifndef HOOKPOOL_BRIDGE_OPTIONS_H
#define HOOKPOOL_BRIDGE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* NULL: not given. The texts are UTF-8. */
struct options {
  const char *dialect, *agent, *event, *server, *hookset, *hooks_file;
  const char *tenant, *thread, *cwd, *deadline, *fail_mode, *token_file, *transcript;
  const char *token;
  double deadline_seconds;
  size_t transcript_bytes;
};

/* False where the arguments are wrong, or are those of a call that only the bridge in node knows:
 * --local, --help, numbers that are not decimal. That one then tells what is wrong. Fills in the
 * dialect, the event and the failMode of `asked`. */
bool read_options(char *const *argv, struct options *options);

#endif

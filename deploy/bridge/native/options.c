/* Reads what is written plainly; as src/cli/hook/options.ts. */
#define _GNU_SOURCE
#include "options.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "path.h"
#include "text.h"

#define DEFAULT_SERVER "http://127.0.0.1:4665"
#define DEFAULT_DEADLINE "25" /* below 30 s, the shortest timeout of an agent */
#define DEFAULT_TRANSCRIPT "1048576"
#define TRANSCRIPT_MAX (8 << 20)

static const struct {
  const char *name;
  size_t place;
} known[] = {
    {"dialect", offsetof(struct options, dialect)},
    {"agent", offsetof(struct options, agent)},
    {"event", offsetof(struct options, event)},
    {"server", offsetof(struct options, server)},
    {"hookset", offsetof(struct options, hookset)},
    {"hooks", offsetof(struct options, hooks_file)},
    {"tenant", offsetof(struct options, tenant)},
    {"thread", offsetof(struct options, thread)},
    {"cwd", offsetof(struct options, cwd)},
    {"deadline", offsetof(struct options, deadline)},
    {"fail-mode", offsetof(struct options, fail_mode)},
    {"token-file", offsetof(struct options, token_file)},
    {"transcript-bytes", offsetof(struct options, transcript)},
};

static const char *const modes[] = {"block", "ask", "allow"};

static const char **place_of(struct options *options, const char *argument, size_t length);
static bool read_number(const char *text, double min, double max, double *number);
static bool read_mode(const char *text);

bool read_options(char *const *argv, struct options *options) {
  memset(options, 0, sizeof *options);
  for (char *const *at = argv + 1; *at != NULL; at++) {
    if (strncmp(*at, "--", 2) != 0) return false;
    const char *equals = strchr(*at, '=');
    size_t length = (equals == NULL ? strlen(*at) : (size_t)(equals - *at)) - 2;
    const char **value = place_of(options, *at + 2, length);
    if (value == NULL) return false;
    /* What begins with a dash may be the next option. */
    if (equals == NULL && (*++at == NULL || **at == '-')) return false;
    *value = cleaned(equals == NULL ? *at : equals + 1);
  }
  const char *server = getenv("HOOKPOOL_SERVER"), *token = getenv("HOOKPOOL_TOKEN");
  if (options->server == NULL) options->server = server == NULL ? DEFAULT_SERVER : cleaned(server);
  if (token != NULL) options->token = cleaned(token);
  if (options->deadline == NULL) options->deadline = DEFAULT_DEADLINE;
  if (options->transcript == NULL) options->transcript = DEFAULT_TRANSCRIPT;
  if (options->dialect == NULL || (options->hookset == NULL) == (options->hooks_file == NULL))
    return false;
  if (options->hookset != NULL && options->agent != NULL) return false;
  if (options->cwd != NULL) options->cwd = resolved(options->cwd);
  double bytes;
  if (!read_number(options->deadline, 0.05, 3600, &options->deadline_seconds) ||
      !read_number(options->transcript, 0, TRANSCRIPT_MAX, &bytes) ||
      !read_mode(options->fail_mode))
    return false;
  options->transcript_bytes = (size_t)bytes;
  asked.dialect = options->dialect;
  asked.event = options->event;
  return true;
}

static const char **place_of(struct options *options, const char *argument, size_t length) {
  for (size_t at = 0; at < sizeof known / sizeof *known; at++)
    if (strlen(known[at].name) == length && strncmp(known[at].name, argument, length) == 0)
      return (const char **)(void *)((char *)options + known[at].place);
  return NULL;
}

static bool read_number(const char *text, double min, double max, double *number) {
  static const char digits[] = "0123456789";
  size_t whole = strspn(text, digits);
  size_t end = whole;
  if (text[whole] == '.') end = whole + 1 + strspn(text + whole + 1, digits);
  if (whole == 0 || text[end - 1] == '.' || text[end] != '\0') return false;
  *number = strtod(text, NULL);
  return *number >= min && *number <= max;
}

static bool read_mode(const char *text) {
  if (text == NULL) return true;
  for (int mode = FAIL_BLOCK; mode < FAIL_BY_EVENT; mode++) {
    if (strcmp(text, modes[mode]) != 0) continue;
    asked.fail_mode = (enum fail_mode)mode;
    return true;
  }
  return false;
}

/* POST /v1/hook; as src/cli/hook/ask-server.ts, with the answer as text instead of JSON. */
#define _GNU_SOURCE
#include "ask.h"

#include <string.h>

#include "answer.h"
#include "connection.h"
#include "file.h"
#include "json.h"
#include "trace.h"
#include "transcript.h"
#include "wait.h"

#define WAY_BACK_MS 500
#define RECORD_END '\x1e'
/* The status of a server whose hooks read the transcript, where it was only offered. */
#define TRANSCRIPT_NEEDED 428
#define OK 200

/* What goes along with the context. `transcript`: the value of Hookpool-Transcript. */
struct sent {
  const struct text *hooks;
  const struct text *lines;
  const char *transcript;
  const char *token;
};

static const char *token_of(const struct options *options);
static struct http_reader ask(const struct options *options, const struct place *place,
                              const struct sent *sent);
static void add_query(struct text *into, const struct options *options, bool has_hooks);
static void add_token(struct text *into, const char *server, const char *token);
static void print_answer(const struct text *body, const struct text *problem)
    __attribute__((noreturn));
static void refused(const struct http_reader *answer) __attribute__((noreturn));

void ask_server(const struct options *options, const struct place *place) {
  struct text hooks = {0}, length = {0};
  struct transcript transcript = {0};
  struct sent sent = {0};
  if (options->hooks_file != NULL) {
    hooks = read_file(options->hooks_file);
    sent.hooks = &hooks;
  }
  sent.token = token_of(options);
  if (options->transcript_bytes > 0) sent.transcript = "offered";
  struct http_reader answer = ask(options, place, &sent);
  if (answer.status == TRANSCRIPT_NEEDED && sent.transcript != NULL) {
    transcript = read_transcript(options->transcript_bytes);
    add_format(&length, "%zu", transcript.lines.length);
    sent.transcript = transcript.is_there ? c_string(&length) : NULL;
    sent.lines = transcript.is_there ? &transcript.lines : NULL;
    answer = ask(options, place, &sent);
  }
  if (answer.status != OK) refused(&answer);
  print_answer(&answer.body, &transcript.problem);
}

/* Without the blanks around it, which may be those of Unicode. */
static const char *token_of(const struct options *options) {
  static const char *const blanks[] = {" ", "\t", "\n", "\v", "\f", "\r", "\xc2\xa0", "\xef\xbb\xbf"};
  struct text token = {0};
  if (options->token_file == NULL) return options->token;
  struct text content = read_file(options->token_file);
  add_clean(&token, content.at, content.length);
  const char *start = c_string(&token);
  size_t length = strlen(start);
  for (size_t at = 0; at < sizeof blanks / sizeof *blanks; at++) {
    size_t blank = strlen(blanks[at]);
    if (length >= blank && strncmp(start, blanks[at], blank) == 0)
      start += blank, length -= blank, at = (size_t)-1;
    else if (length >= blank && strncmp(start + length - blank, blanks[at], blank) == 0)
      length -= blank, at = (size_t)-1;
  }
  token.at[(size_t)(start - token.at) + length] = '\0';
  return start;
}

static struct http_reader ask(const struct options *options, const struct place *place,
                              const struct sent *sent) {
  static const struct text nothing;
  const struct text *bodies[] = {&asked.context, sent->hooks, sent->lines};
  struct text head = {0};
  struct iovec parts[4];
  size_t bytes = 0;
  for (int at = 0; at < 3; at++) {
    const struct text *body = bodies[at] == NULL ? &nothing : bodies[at];
    parts[at + 1] = (struct iovec){body->at, body->length};
    bytes += body->length;
  }
  add_format(&head, "POST %s/v1/hook?", place->prefix);
  add_query(&head, options, sent->hooks != NULL);
  add_format(&head, " HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nAccept: text/plain\r\n",
             place->host);
  add_format(&head, "Content-Type: application/json\r\nContent-Length: %zu\r\n", bytes);
  if (sent->transcript != NULL) add_format(&head, "Hookpool-Transcript: %s\r\n", sent->transcript);
  add_trace(&head);
  if (sent->token != NULL) add_token(&head, options->server, sent->token);
  add_text(&head, "\r\n");
  parts[0] = (struct iovec){head.at, head.length};
  return post(options->server, place, parts, 4);
}

/* The deadline of the server leaves time for the way back: half a second, at most a tenth. */
static void add_query(struct text *into, const struct options *options, bool has_hooks) {
  const struct {
    const char *name, *value;
  } fields[] = {
      {"dialect", options->dialect}, {"agent", options->agent},   {"event", options->event},
      {"hookset", options->hookset}, {"tenant", options->tenant}, {"thread", options->thread},
      {"cwd", options->cwd},
  };
  for (size_t at = 0; at < sizeof fields / sizeof *fields; at++) {
    if (fields[at].value == NULL) continue;
    add_format(into, "%s=", fields[at].name);
    add_encoded(into, fields[at].value);
    add_text(into, "&");
  }
  if (has_hooks) add_format(into, "contextBytes=%zu&", asked.context.length);
  int64_t left_ms = left_us() / 1000, most_ms = left_us() * 9 / 10000;
  int64_t server_ms = left_ms - WAY_BACK_MS > most_ms ? left_ms - WAY_BACK_MS : most_ms;
  add_format(into, "deadlineMs=%lld", (long long)(server_ms > 1 ? server_ms : 1));
}

/* A header has Latin-1, and no character that could end it. */
static void add_token(struct text *into, const char *server, const char *token) {
  add_text(into, "Authorization: Bearer ");
  for (size_t at = 0, count = strlen(token); at < count;) {
    uint32_t code;
    at += next_code_point(token + at, count - at, &code);
    char one = (char)code;
    if (code > 0xff || (code < 0x20 && code != '\t') || code == 0x7f)
      not_asked(server, "ERR_INVALID_CHAR");
    add(into, &one, 1);
  }
  add_text(into, "\r\n");
}

/* Three texts with a separator behind each: the exit code, stdout and stderr. */
static void print_answer(const struct text *body, const struct text *problem) {
  struct text clean = {0}, out = {0}, err = {0};
  add_clean(&clean, body->at, body->length);
  const char *start = c_string(&clean), *end = start + clean.length;
  const char *middle = NULL;
  if (clean.length >= 4 && (start[0] == '0' || start[0] == '2') && start[1] == RECORD_END)
    middle = memchr(start + 2, RECORD_END, clean.length - 2);
  bool is_whole = middle != NULL && end - middle >= 2 &&
                  memchr(middle + 1, RECORD_END, (size_t)(end - middle - 1)) == end - 1;
  if (!is_whole) undecided("the server's answer is none of hookpool");
  add(&out, start + 2, (size_t)(middle - start - 2));
  add(&err, middle + 1, (size_t)(end - 1 - middle - 1));
  add(&err, problem->at, problem->length);
  write_and_exit(&out, &err, start[0] - '0');
}

/* The text of a member, made plain: a NUL would end it. False where it is none. */
static bool plain_member(struct slice root, const char *path, struct text *into) {
  struct slice value;
  struct text text = {0};
  if (!json_at(root, path, &value) || !json_string(value, &text)) return false;
  add_plain(into, text.at, text.length);
  return true;
}

static void refused(const struct http_reader *answer) {
  struct text code = {0}, message = {0};
  struct slice root = {answer->body.at, answer->body.length};
  bool is_json = json_is_valid(root);
  if (is_json) plain_member(root, "error.code", &code);
  bool has_message = is_json && plain_member(root, "error.message", &message);
  undecided("the server answered %d %s: %s", answer->status, c_string(&code),
            has_message ? c_string(&message) : "no message");
}

/* Writes one of every frame to stdout, with the supervisor's own headers, channel.c and process.c. golden-frames.test.ts
 * builds and runs it, and keeps what it writes in test/fixtures/frames.txt. Ends with EXIT_BROKEN, as die() does. */
#include <string.h>

#include "channel.h"
#include "process.h"
#include "wire.h"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static const uint8_t nonce[NONCE_BYTES] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

static void send_job(enum runtime runtime, const char *script, const char *transcript, const char *state,
                     size_t state_bytes, const char *context) {
  char texts[256] = "";
  size_t at;
  struct job_header head = {
      .runtime = runtime,
      .timeout_ms = 30000,
      .stdout_cap = 1u << 20,
      .stderr_cap = 64u << 10,
      .script_bytes = (uint32_t)strlen(script),
      .transcript_bytes = transcript == NULL ? 0 : (uint32_t)strlen(transcript),
      .has_transcript = transcript != NULL,
      .context_bytes = (uint32_t)strlen(context),
      .state_bytes = (uint32_t)state_bytes,
      .has_state = state != NULL,
  };
  strcat(strcat(texts, script), transcript == NULL ? "" : transcript);
  at = strlen(texts);
  if (state != NULL) memcpy(texts + at, state, state_bytes), at += state_bytes;
  memcpy(texts + at, context, head.context_bytes), at += head.context_bytes;
  send_frame(FRAME_JOB, nonce, &head, sizeof head, texts, at, NULL, 0);
}

/* A folder with a file in it. @returns the bytes. */
static size_t write_pack(char *pack) {
  static const struct {
    const char *path, *content;
    uint32_t mode, is_folder;
  } entries[] = {{"d", "", 0750, 1}, {"d/n", "41", 0600, 0}};
  size_t at = 0;
  for (size_t i = 0; i < COUNT_OF(entries); i++) {
    struct state_entry entry = {entries[i].mode, entries[i].is_folder, (uint32_t)strlen(entries[i].path),
                                (uint32_t)strlen(entries[i].content)};
    memcpy(pack + at, &entry, sizeof entry), at += sizeof entry;
    memcpy(pack + at, entries[i].path, entry.path_bytes), at += entry.path_bytes;
    memcpy(pack + at, entries[i].content, entry.content_bytes), at += entry.content_bytes;
  }
  return at;
}

static void send_state(enum state_outcome outcome, uint32_t left_out, const char *pack, size_t pack_bytes) {
  struct state_header head = {(uint32_t)outcome, left_out};
  send_frame(FRAME_STATE, nonce, &head, sizeof head, pack, pack_bytes, NULL, 0);
}

static void send_bundle(void) {
  static const struct {
    const char *path, *content;
    uint32_t executable;
  } files[] = {{"b/x.sh", "exit 2", 1}, {"words.txt", "", 0}};
  uint8_t payload[256];
  uint32_t count = COUNT_OF(files);
  size_t at = sizeof count;
  memcpy(payload, &count, sizeof count);
  for (size_t i = 0; i < count; i++) {
    struct bundle_file file = {(uint32_t)strlen(files[i].path), files[i].executable, (uint32_t)strlen(files[i].content)};
    memcpy(payload + at, &file, sizeof file), at += sizeof file;
    memcpy(payload + at, files[i].path, file.path_bytes), at += file.path_bytes;
    memcpy(payload + at, files[i].content, file.content_bytes), at += file.content_bytes;
  }
  send_frame(FRAME_BUNDLE, nonce, payload, at, NULL, 0, NULL, 0);
}

static void send_done(enum status status, uint32_t exit_code, uint32_t signal, uint32_t oom_kills, uint64_t stdout_total) {
  struct done_header head = {
      .status = (uint32_t)status,
      .exit_code = exit_code,
      .signal = signal,
      .oom_kills = oom_kills,
      .wall_us = 1500,
      .cpu_us = 900,
      .stdout_total = stdout_total,
      .stderr_total = 70,
      .stdout_bytes = 3,
      .stderr_bytes = 2,
  };
  send_frame(FRAME_DONE, nonce, &head, sizeof head, "out", 3, "er", 2);
}

int main(void) {
  static const uint32_t no_files = 0;
  char pack[256];
  size_t pack_bytes = write_pack(pack);
  send_text(FRAME_HELLO, nonce, "");
  send_text(FRAME_PING, nonce, "");
  send_text(FRAME_CANCEL, nonce, "");
  send_job(RUNTIME_BASH, "true", NULL, NULL, 0, "{}");
  send_job(RUNTIME_PYTHON3, "print(1)", "said before", NULL, 0, "{\"a\":1}");
  send_job(RUNTIME_BASH, "true", NULL, "", 0, "{}");
  send_job(RUNTIME_BASH, "true", "t", pack, pack_bytes, "{}");
  send_bundle();
  send_frame(FRAME_BUNDLE, nonce, &no_files, sizeof no_files, NULL, 0, NULL, 0);

  send_text(FRAME_READY, nonce, READY_TEXT);
  send_text(FRAME_READY, nonce, "");
  send_state(STATE_PACKED, 3, pack, pack_bytes);
  send_state(STATE_TOO_LARGE, 0, "", 0);
  send_done(STATUS_EXITED, 2, 0, 0, 3);
  send_done(STATUS_SIGNALED, NO_EXIT_CODE, 15, 0, 4);
  send_done(STATUS_TIMED_OUT, NO_EXIT_CODE, 9, 0, 5);
  send_done(STATUS_OUT_OF_MEMORY, 1, 0, 6, 6);
  send_done(STATUS_OUTPUT_LIMIT, NO_EXIT_CODE, 9, 0, (1ull << 32) + 7);
  send_done(STATUS_CANCELLED, NO_EXIT_CODE, 9, 0, 8);
  send_text(FRAME_DIRTY, nonce, "a file is left");
  enable_fault_frames();
  die(EXIT_BROKEN, "the zygote is %s", "gone");
}

/* Declarations shared by the parts of process 1. Theory of operation: main.c. */
#ifndef HOOKPOOL_SUPERVISOR_H
#define HOOKPOOL_SUPERVISOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "wire.h"

#define JOB_DIR "/job" /* root's tmpfs: script and transcript, read-only to the job */
#define SCRIPT_PATH JOB_DIR "/script"
#define TRANSCRIPT_PATH JOB_DIR "/transcript.txt"
#define PROJECT_DIR "/project" /* root's tmpfs: the files that came with the script, read-only to the job */
#define SCRATCH_DIR "/tmp" /* the job's only writable place: its cwd and HOME */
#define PROGRAM_DIR "/opt/hookpool"
#define GATE_PATH PROGRAM_DIR "/gate.sh"
#define ZYGOTE_PATH PROGRAM_DIR "/zygote"

#define IDLE_LIMIT_MS 15000 /* no frame for this long: the host is gone or frozen */
#define RESET_LIMIT_MS 250  /* a wipe that needs longer costs the container */

/* Process exit codes of the supervisor; the host only ever logs them. */
enum exit_code { EXIT_HOST_GONE = 0, EXIT_PROTOCOL = 70, EXIT_POSTURE = 71, EXIT_BROKEN = 72 };

/* main.c: the sandbox itself failed. Sends FAULT when the channel still works; never returns. */
__attribute__((noreturn, format(printf, 2, 3))) void die(int code, const char *format, ...);
int64_t now_us(void);
int signal_fd(void);
/* Waits until fd is readable; false when `ms` have passed. */
bool wait_readable(int fd, int ms);

/* channel.c: the framed control channel on fds 0 and 1. */
struct job {
  struct job_header head;
  uint8_t nonce[NONCE_BYTES];
  const uint8_t *script, *transcript, *context;
  void *memory;
  size_t memory_bytes;
  bool is_large;
};
void read_header(struct frame_header *header);
void read_exactly(void *into, size_t bytes);
void read_job(const struct frame_header *header, struct job *job);
/* Takes the pages of a large job out of our own memory; they come back when they are read. */
void set_aside(const struct job *job);
/* Frees the whole pages of a large job between two places: what is there is not needed any more. */
void give_back(const struct job *job, const uint8_t *from, const uint8_t *end);
void forget_job(struct job *job);
void send_frame(enum frame_type type, const uint8_t *nonce, const void *head, size_t head_bytes,
                const void *a, size_t a_bytes, const void *b, size_t b_bytes);
void send_text(enum frame_type type, const uint8_t *nonce, const char *text);

/* bundle.c: replaces what lies in PROJECT_DIR by the files of a BUNDLE frame. */
void install_bundle(const struct frame_header *header);

/* identity.c: what every process of a job has in common; also linked into the zygote. */
extern char *const job_environment[];
bool on_gvisor(void);
void close_from(unsigned first);
/* Whom the kernel ends first where memory is short: a job, then the zygote, then process 1, which has to say so. A job
 * may lower its own score to that of process 1, but not that of the zygote. */
#define JOB_OOM_SCORE "1000"
#define ZYGOTE_OOM_SCORE "750"
#define SUPERVISOR_OOM_SCORE "0" /* refused, and 500 kept, where the engine has set a floor */
void set_oom_score(const char *score);
/* What can be set before the job is known: session, umask, OOM score, priority. */
void prepare_process(void);
/* Drops to the job user for good: limits, ids, working directory. `cpu_seconds` 0: the gate sets it. */
int become_job_user(uid_t uid, unsigned cpu_seconds);
int drop_ids(uid_t uid);

/* sibling.c: the zygote's fork. 0 in the child, -1 where none could be made. */
pid_t fork_sibling(void);

/* spare.c: single-use interpreters, started before their job arrives. */
struct spare {
  pid_t pid;
  int gate, in, out, err;
};
void start_zygote(uid_t uid);
/* The zygote, or an interpreter that still waits for its job. */
bool is_one_of_ours(pid_t pid);
void prepare_spare(enum runtime runtime);
struct spare take_spare(enum runtime runtime);
/* Waits until each prepared spare is known to have started. */
void settle_spares(void);
/* Ends a waiting bash: it already is the job user, so no other job may run beside it. */
void discard_bash_spare(void);
int waiting_spares(void);

/* run.c: one job from gate to result. */
struct outcome {
  struct done_header head;
  const uint8_t *out, *err;
};
enum status run_job(const struct job *job);
void write_file(const char *path, const uint8_t *bytes, size_t count, mode_t mode);

/* children.c: collects every ended child; returns the wait status of `pid` through `wait_status`, true if it was among them. */
bool reap(pid_t pid, int *wait_status, int64_t *cpu_us);
/* True when the zygote or a waiting interpreter was among those collected. Whose fault that is, the caller knows. */
bool lost_one_of_ours(void);
/* The same, waiting for it; false when the time is over. */
bool reap_until(int64_t until_us, pid_t pid, int *wait_status, int64_t *cpu_us);
/* Waits for the next child to end, a millisecond at the most; false when the time is over. */
bool settled(int64_t until_us);

/* last_word.c: an interpreter's exit code, before the kernel tells it. The one who says it must end at once. */
void say_last_word(int code);
bool hear_last_word(pid_t pid, int *code, int64_t *cpu_us);

/* cgroup.c: counters of this container's cgroup; -1 where the engine does not show them. */
void open_counters(void);
int64_t oom_kills(void);
int64_t task_count(void);
int64_t memory_bytes(void);

/* reset.c: back to the baseline, or the reason why not (NULL = clean). */
void take_baseline(void);
const char *reset_sandbox(uid_t uid);
/* wipe.c: empties SCRATCH_DIR and gives it `mode` again. Runs as the job user in a process of its own. */
int wipe_scratch(mode_t mode);

/* posture.c: dies unless process 1 is confined as the container spec demands. */
void check_posture(char *report, size_t bytes);

#endif

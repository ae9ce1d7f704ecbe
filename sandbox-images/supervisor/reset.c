/* Resets the sandbox to its baseline after a job: no process, no file, no message queue, memory as
 * before. After a failed reset the host destroys the container; no step is retried. SysV IPC and
 * keyrings need no check here: the seccomp profile has no call that makes them. */
#define _GNU_SOURCE
#include "reset.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "bundle.h"
#include "cgroup.h"
#include "children.h"
#include "identity.h"
#include "paths.h"
#include "process.h"
#include "spare.h"
#include "wipe.h"

/* A longer wipe is a failed reset. compile.sh gives the sanitized build more time. */
#ifndef RESET_LIMIT_MS
#define RESET_LIMIT_MS 250
#endif
/* Page cache of the read-only image is charged to the sandbox that read it first. */
#define MEMORY_SLACK (48 << 20)

/* What the file systems and folders that a job can write to show when they are empty. */
struct footprint {
  fsblkcnt_t blocks;
  fsfilcnt_t inodes;
  mode_t mode;
  struct timespec changed;
};

static const char ours_died[] = "the zygote or a waiting interpreter died";
static struct footprint scratch, project;
static struct timespec queues_changed;
static int64_t memory_before;

static struct footprint measure(const char *path);
static bool is_like(const struct footprint *empty, const char *path);
static bool same_files(void);
static bool same_scratch(void);
static struct timespec queues(void);
static bool leftover_tasks(void);
static int64_t count_processes(void);
static const char *sweep(uid_t uid);

void take_baseline(void) {
  settle_spares();
  settle_node();
  scratch = measure(SCRATCH_DIR);
  project = measure(PROJECT_DIR);
  queues_changed = queues();
  memory_before = memory_bytes();
}

/* Most jobs leave no process and only the files of their bundle: the reset then takes a few system
 * calls and no fork. */
const char *reset_sandbox(uid_t uid) {
  if (unlink(SCRIPT_PATH) != 0) return "the script file is gone";
  if (unlink(TRANSCRIPT_PATH) != 0 && errno != ENOENT) return "the transcript cannot be removed";
  reap_all();
  bool alone = task_count() >= 0 && !leftover_tasks();
  if (!alone || !remove_bundle(uid) || !same_scratch() || !same_files()) {
    const char *problem = sweep(uid);
    if (problem != NULL) return problem;
  }
  struct timespec queues_now = queues();
  if (memcmp(&queues_now, &queues_changed, sizeof queues_now) != 0)
    return "a message queue was made";
  if (lost_one_of_ours()) return ours_died;
  int64_t memory = memory_bytes();
  if (memory >= 0 && memory > memory_before + MEMORY_SLACK) return "memory is still in use";
  return NULL;
}

static struct footprint measure(const char *path) {
  struct statvfs fs;
  struct stat directory;
  struct footprint now;
  memset(&now, 0, sizeof now);
  if (statvfs(path, &fs) != 0 || stat(path, &directory) != 0)
    die(EXIT_BROKEN, "stat: %s", strerror(errno));
  now.blocks = fs.f_bfree;
  now.inodes = fs.f_ffree;
  now.mode = directory.st_mode;
  now.changed = directory.st_ctim;
  return now;
}

static bool is_like(const struct footprint *empty, const char *path) {
  struct footprint now = measure(path);
  return now.blocks == empty->blocks && now.inodes == empty->inodes && now.mode == empty->mode;
}

static bool same_files(void) {
  return is_like(&scratch, SCRATCH_DIR) && is_like(&project, PROJECT_DIR);
}

/* A job cannot set the change time of a directory, so an unchanged one proves that nothing was made
 * in it. */
static bool same_scratch(void) {
  struct footprint now = measure(SCRATCH_DIR);
  return memcmp(&now.changed, &scratch.changed, sizeof now.changed) == 0;
}

static struct timespec queues(void) {
  struct stat directory;
  if (stat("/dev/mqueue", &directory) != 0) return (struct timespec){0, 0};
  return directory.st_ctim;
}

/* Every task beyond our own belongs to the job. The threads of a node that starts are counted before
 * and after, because it may make one in between: then the next look decides. */
static bool leftover_tasks(void) {
  int64_t ours = tasks_of_ours(), tasks = task_count();
  if (tasks < 0) return count_processes() != processes_of_ours();
  return tasks != ours || tasks_of_ours() != ours;
}

static int64_t count_processes(void) {
  int64_t count = 0;
  DIR *proc = opendir("/proc");
  if (proc == NULL) return -1;
  for (struct dirent *entry; (entry = readdir(proc)) != NULL;)
    if (isdigit((unsigned char)entry->d_name[0])) count++;
  closedir(proc);
  return count;
}

/* The sweeper is the job user, so its kill(-1) reaches exactly the processes of the job, in one
 * step that no fork can escape, and it can remove exactly the files of the job. A waiting bash is
 * the job user too, so it is discarded first. */
static const char *sweep(uid_t uid) {
  int64_t until = now_us() + RESET_LIMIT_MS * 1000;
  discard_bash_spare();
  pid_t sweeper = fork();
  if (sweeper < 0) return "no process for the sweeper";
  if (sweeper == 0) {
    if (drop_ids(uid) != 0) _exit(1);
    kill(-1, SIGKILL);
    if (wipe_folder(SCRATCH_DIR, scratch.mode) != 0) _exit(1);
    _exit(wipe_folder(PROJECT_DIR, project.mode) == 0 ? 0 : 1);
  }
  struct end end;
  if (!reap_until(until, sweeper, &end)) return "the wipe took too long";
  if (end.wait_status != 0) return "the wipe failed";
  for (;;) {
    reap_all();
    bool same = same_files();
    if (same && !leftover_tasks()) {
      scratch.changed = measure(SCRATCH_DIR).changed;
      return NULL;
    }
    if (lost_one_of_ours()) return ours_died;
    if (!wait_for_child(until)) return same ? "a process is left" : "a file is left";
  }
}

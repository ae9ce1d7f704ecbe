/* Writes the state of a hook before its run, and packs what it left after its run.
 *
 * The host has checked what is written, and no process of the job exists meanwhile. What is packed
 * is hostile: names, sizes, depths and kinds are the job's, and there may be any number of files. A
 * packer that is the job user, and so can read what the job could read and nothing else, kills the
 * other processes of this user and looks at STATE_ENTRIES_MAX entries at most. It follows no link
 * and waits for no FIFO. Process 1 gives it PACK_LIMIT_MS. */
#define _GNU_SOURCE
#include "state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "children.h"
#include "file.h"
#include "identity.h"
#include "paths.h"
#include "process.h"
#include "spare.h"

#define PACK_LIMIT_MS 200
#define KILL_LIMIT_MS 1000
#define STATE_NAME ".hookpool-state" /* of STATE_DIR in SCRATCH_DIR */

/* What the packer hands to process 1, in memory that both have. */
struct packed {
  struct state_header head;
  uint32_t bytes;
  uint8_t entries[STATE_BYTES_MAX];
};

struct packer {
  struct packed *packed;
  uint32_t seen;
  char path[STATE_PATH_MAX + 1]; /* of the folder that is read; "" or with a slash at its end */
  size_t path_bytes;
};

static void write_entry(char *path, const struct state_entry *entry, const uint8_t *content);
static bool is_inner(const char *path);
static void pack(struct packed *packed, uid_t uid);
static bool pack_folder(struct packer *packer, int folder, int depth);
static bool pack_entry(struct packer *packer, int folder, const char *name, int depth);
static bool pack_file(struct packer *packer, int file, const struct stat *about);
static bool pack_inner(struct packer *packer, int folder, const struct stat *about, int depth);
static uint8_t *add_head(struct packer *packer, const struct stat *about, uint64_t content_bytes);
static bool give_up(struct packer *packer, enum state_outcome why);
static bool leave_out(struct packer *packer, int file);

/* A folder gets its mode when all is written: one that its owner may not write to is in its way. */
void restore_state(const struct job *job, uid_t uid) {
  const uint8_t *folders[STATE_ENTRIES_MAX], *at = job->state;
  size_t left = job->head.state_bytes, count = 0;
  struct state_entry entry;
  char path[sizeof SCRATCH_DIR + STATE_PATH_MAX + 1];
  if (!job->head.has_state) return;
  act_as(uid);
  if (mkdir(STATE_DIR, 0755) != 0) die(EXIT_BROKEN, STATE_DIR ": %s", strerror(errno));
  for (uint64_t size; left > 0; at += size, left -= size) {
    if (left < sizeof entry) die(EXIT_PROTOCOL, "STATE lengths do not add up");
    memcpy(&entry, at, sizeof entry);
    size = (uint64_t)sizeof entry + entry.path_bytes + entry.content_bytes;
    if (entry.path_bytes > STATE_PATH_MAX || size > left)
      die(EXIT_PROTOCOL, "STATE lengths do not add up");
    snprintf(path, sizeof path, SCRATCH_DIR "/%.*s", (int)entry.path_bytes,
             (const char *)at + sizeof entry);
    write_entry(path, &entry, at + sizeof entry + entry.path_bytes);
    if (!entry.is_folder) continue;
    if (count == STATE_ENTRIES_MAX) die(EXIT_PROTOCOL, "STATE has too many folders");
    folders[count++] = at;
  }
  while (count > 0) {
    at = folders[--count];
    memcpy(&entry, at, sizeof entry);
    snprintf(path, sizeof path, SCRATCH_DIR "/%.*s", (int)entry.path_bytes,
             (const char *)at + sizeof entry);
    if (chmod(path, entry.mode & 0777) != 0) die(EXIT_BROKEN, "chmod: %s", strerror(errno));
  }
  act_as_root();
}

static void write_entry(char *path, const struct state_entry *entry, const uint8_t *content) {
  if (!is_inner(path + sizeof SCRATCH_DIR)) die(EXIT_PROTOCOL, "a path of STATE leads out");
  if (entry->is_folder) {
    if (mkdir(path, 0700) != 0) die(EXIT_BROKEN, "a folder of STATE: %s", strerror(errno));
    return;
  }
  write_file(path, content, entry->content_bytes, 0600);
  if (chmod(path, entry->mode & 0777) != 0) die(EXIT_BROKEN, "chmod: %s", strerror(errno));
}

/* No part of the path is empty, "." or "..". */
static bool is_inner(const char *path) {
  for (const char *part = path;; part++) {
    size_t bytes = strcspn(part, "/");
    if (bytes == 0 || (bytes <= 2 && strspn(part, ".") == bytes)) return false;
    part += bytes;
    if (*part == '\0') return true;
  }
}

void send_state(const struct job *job, uid_t uid) {
  struct end end = {0}, nobodys;
  struct packed *packed = mmap(NULL, sizeof *packed, PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (packed == MAP_FAILED) die(EXIT_BROKEN, "mmap of a state: %s", strerror(errno));
  discard_bash_spare();
  pid_t packer = fork();
  if (packer < 0) die(EXIT_BROKEN, "no process for the packer");
  if (packer == 0) pack(packed, uid);
  bool ended = reap_until(now_us() + PACK_LIMIT_MS * 1000, packer, &end);
  if (!ended) {
    kill(packer, SIGKILL);
    if (!reap_until(now_us() + KILL_LIMIT_MS * 1000, packer, &nobodys))
      die(EXIT_BROKEN, "the packer does not die");
  }
  bool is_good = ended && end.wait_status == 0 && packed->bytes <= STATE_BYTES_MAX;
  struct state_header head = {.outcome = is_good ? packed->head.outcome : STATE_UNREADABLE,
                              .left_out = is_good ? packed->head.left_out : 0};
  uint32_t bytes = head.outcome == STATE_PACKED ? packed->bytes : 0;
  send_frame(FRAME_STATE, job->nonce, &head, sizeof head, packed->entries, bytes, NULL, 0);
  munmap(packed, sizeof *packed);
}

__attribute__((noreturn)) static void pack(struct packed *packed, uid_t uid) {
  struct packer packer = {.packed = packed};
  if (drop_ids(uid) != 0) _exit(1);
  kill(-1, SIGKILL);
  int root = open(SCRATCH_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (root < 0 || (!pack_folder(&packer, root, 0) && packed->head.outcome == STATE_PACKED))
    _exit(1);
  _exit(0);
}

/* False: the whole state is given up. Closes `folder`. */
static bool pack_folder(struct packer *packer, int folder, int depth) {
  DIR *here = fdopendir(folder);
  if (here == NULL) return give_up(packer, STATE_UNREADABLE);
  bool goes_on = true;
  for (struct dirent *entry; goes_on && (entry = readdir(here)) != NULL;)
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
      goes_on = pack_entry(packer, folder, entry->d_name, depth);
  closedir(here);
  return goes_on;
}

/* Opens first and looks then, so that what is looked at is what is read. */
static bool pack_entry(struct packer *packer, int folder, const char *name, int depth) {
  bool is_ours = depth == 0 && strcmp(name, STATE_NAME) == 0;
  struct stat about;
  size_t before = packer->path_bytes, bytes = strlen(name);
  if (!is_ours && ++packer->seen > STATE_ENTRIES_MAX) return give_up(packer, STATE_TOO_MANY);
  if (before + bytes + 1 > STATE_PATH_MAX) return give_up(packer, STATE_TOO_DEEP);
  int file = openat(folder, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC);
  if (file < 0 || fstat(file, &about) != 0) return leave_out(packer, file);
  bool is_folder = S_ISDIR(about.st_mode);
  if ((!is_folder && !S_ISREG(about.st_mode)) || (is_ours && !is_folder))
    return leave_out(packer, file);
  memcpy(packer->path + before, name, bytes);
  packer->path_bytes = before + bytes;
  bool goes_on = is_folder ? pack_inner(packer, file, is_ours ? NULL : &about, depth + 1)
                           : pack_file(packer, file, &about);
  packer->path_bytes = before;
  return goes_on;
}

/* A size is what the job says: a sparse file of 32 MiB is too large before a byte of it is read. */
static bool pack_file(struct packer *packer, int file, const struct stat *about) {
  uint8_t *head = add_head(packer, about, (uint64_t)about->st_size);
  uint32_t filled = 0;
  if (head == NULL) return close(file), give_up(packer, STATE_TOO_LARGE);
  while (filled < (uint64_t)about->st_size) {
    ssize_t got = read(file, packer->packed->entries + packer->packed->bytes,
                       (size_t)about->st_size - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    filled += (uint32_t)got;
    packer->packed->bytes += (uint32_t)got;
  }
  memcpy(head + offsetof(struct state_entry, content_bytes), &filled, sizeof filled);
  close(file);
  return true;
}

/* `about` NULL: the folder is there before each run, so only its files are packed. */
static bool pack_inner(struct packer *packer, int folder, const struct stat *about, int depth) {
  if (depth > STATE_DEPTH_MAX) return close(folder), give_up(packer, STATE_TOO_DEEP);
  if (about != NULL && add_head(packer, about, 0) == NULL)
    return close(folder), give_up(packer, STATE_TOO_LARGE);
  packer->path[packer->path_bytes++] = '/';
  return pack_folder(packer, folder, depth);
}

/* Adds the entry up to its content; NULL when there is no room for both. */
static uint8_t *add_head(struct packer *packer, const struct stat *about, uint64_t content_bytes) {
  struct packed *packed = packer->packed;
  uint8_t *head = packed->entries + packed->bytes;
  size_t room = sizeof packed->entries - packed->bytes;
  size_t head_bytes = sizeof(struct state_entry) + packer->path_bytes;
  if (head_bytes > room || content_bytes > room - head_bytes) return NULL;
  struct state_entry entry = {.mode = about->st_mode & 0777,
                              .is_folder = S_ISDIR(about->st_mode),
                              .path_bytes = (uint32_t)packer->path_bytes};
  memcpy(head, &entry, sizeof entry);
  memcpy(head + sizeof entry, packer->path, packer->path_bytes);
  packed->bytes += (uint32_t)head_bytes;
  return head;
}

static bool give_up(struct packer *packer, enum state_outcome why) {
  packer->packed->head.outcome = (uint32_t)why;
  return false;
}

/* A link, a FIFO, a socket, and what the job itself could not read. */
static bool leave_out(struct packer *packer, int file) {
  if (file >= 0) close(file);
  packer->packed->head.left_out++;
  return true;
}

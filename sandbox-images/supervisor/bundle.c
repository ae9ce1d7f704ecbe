/* Installs the files that a script needs beside itself. Each job gets a new copy, which belongs to
 * the job user: a script may write beside its files. After the job the copy is removed and written
 * again from the payload of the BUNDLE, which process 1 keeps. The host knows which one it is.
 *
 * Process 1 cannot write to a folder of the job user, so it takes the effective ids of that user
 * meanwhile. It walks the paths of the payload only and never lists what a job made: a link that a
 * job put into such a path leads to files that the job user may remove himself, and no call here
 * can block. */
#define _GNU_SOURCE
#include "bundle.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "channel.h"
#include "file.h"
#include "paths.h"
#include "process.h"
#include "wipe.h"

#define PATH_BYTES 512

/* What is left to be read of a payload. */
struct cursor {
  const uint8_t *at;
  size_t left;
  uint32_t files;
};

struct entry {
  char path[sizeof PROJECT_DIR + PATH_BYTES + 1];
  const uint8_t *content;
  size_t content_bytes;
  mode_t mode;
};

/* The payload of the last BUNDLE; NULL: no files. */
static const uint8_t *kept;
static size_t kept_bytes;

static const uint8_t *read_payload(size_t bytes);
static struct cursor first_file(void);
static bool next_file(struct cursor *cursor, struct entry *entry);
static bool share_folder(const struct entry *one, const struct entry *other);
static void make_folders(char *path);
static void remove_folders(char *path);
static bool is_empty(const char *path);

void install_bundle(const struct frame_header *header, uid_t uid) {
  if (header->length < sizeof(uint32_t)) die(EXIT_PROTOCOL, "BUNDLE is too short");
  const uint8_t *payload = read_payload(header->length);
  if (!remove_bundle(uid)) die(EXIT_BROKEN, PROJECT_DIR " cannot be emptied");
  if (kept != NULL) munmap((void *)kept, kept_bytes);
  kept = payload;
  kept_bytes = header->length;
  restore_bundle(uid);
}

bool remove_bundle(uid_t uid) {
  struct cursor cursor = first_file();
  struct entry entry, before = {.path = PROJECT_DIR "/"};
  act_as(uid);
  for (; next_file(&cursor, &entry); before = entry) {
    if (!share_folder(&entry, &before)) remove_folders(before.path);
    unlink(entry.path);
  }
  remove_folders(before.path);
  bool empty = clear_attributes(PROJECT_DIR) == 0 && is_empty(PROJECT_DIR);
  act_as_root();
  return empty;
}

void restore_bundle(uid_t uid) {
  struct cursor cursor = first_file();
  struct entry entry, before = {.path = PROJECT_DIR "/"};
  if (cursor.files == 0) return;
  act_as(uid);
  for (; next_file(&cursor, &entry); before = entry) {
    if (!share_folder(&entry, &before)) make_folders(entry.path);
    write_file(entry.path, entry.content, entry.content_bytes, entry.mode);
  }
  act_as_root();
  madvise((void *)kept, kept_bytes, MADV_DONTNEED);
}

/* The mapping is a shared one, although no other process maps it: its pages can stay without being
 * memory of process 1, for which the OOM killer would choose it (set_aside() in channel.c). */
static const uint8_t *read_payload(size_t bytes) {
  uint8_t *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) die(EXIT_BROKEN, "mmap of a bundle: %s", strerror(errno));
  read_exactly(memory, bytes);
  return memory;
}

static struct cursor first_file(void) {
  struct cursor cursor = {0};
  if (kept == NULL) return cursor;
  memcpy(&cursor.files, kept, sizeof cursor.files);
  cursor.at = kept + sizeof cursor.files;
  cursor.left = kept_bytes - sizeof cursor.files;
  return cursor;
}

/* The host has checked the path; one that leads out of PROJECT_DIR is refused once more. */
static bool next_file(struct cursor *cursor, struct entry *entry) {
  struct bundle_file file;
  if (cursor->files == 0 && cursor->left == 0) return false;
  if (cursor->files == 0 || cursor->left < sizeof file)
    die(EXIT_PROTOCOL, "BUNDLE lengths do not add up");
  memcpy(&file, cursor->at, sizeof file);
  cursor->at += sizeof file, cursor->left -= sizeof file, cursor->files--;
  if (file.path_bytes > PATH_BYTES || file.path_bytes > cursor->left ||
      file.content_bytes > cursor->left - file.path_bytes)
    die(EXIT_PROTOCOL, "BUNDLE lengths do not add up");
  snprintf(entry->path, sizeof entry->path, PROJECT_DIR "/%.*s", (int)file.path_bytes,
           (const char *)cursor->at);
  if (strstr(entry->path, "/../") != NULL)
    die(EXIT_PROTOCOL, "a path of BUNDLE leads out of its folder");
  entry->content = cursor->at + file.path_bytes;
  entry->content_bytes = file.content_bytes;
  entry->mode = file.executable ? 0755 : 0644;
  cursor->at += file.path_bytes + file.content_bytes;
  cursor->left -= file.path_bytes + file.content_bytes;
  return true;
}

/* The files are sorted: those of one folder mostly follow each other. */
static bool share_folder(const struct entry *one, const struct entry *other) {
  size_t bytes = (size_t)(strrchr(one->path, '/') - one->path) + 1;
  return strncmp(one->path, other->path, bytes) == 0 && strchr(other->path + bytes, '/') == NULL;
}

static void make_folders(char *path) {
  for (char *slash = path + sizeof PROJECT_DIR; (slash = strchr(slash, '/')) != NULL; slash++) {
    *slash = '\0';
    if (mkdir(path, 0755) != 0 && errno != EEXIST)
      die(EXIT_BROKEN, "%s: %s", path, strerror(errno));
    *slash = '/';
  }
}

/* Removes the folders above a path, up to the first one that is not empty. */
static void remove_folders(char *path) {
  for (char *slash; (slash = strrchr(path + sizeof PROJECT_DIR, '/')) != NULL;) {
    *slash = '\0';
    if (rmdir(path) != 0) return;
  }
}

static bool is_empty(const char *path) {
  DIR *folder = opendir(path);
  if (folder == NULL) return false;
  int entries = 0;
  while (entries <= 2 && readdir(folder) != NULL) entries++;
  closedir(folder);
  return entries == 2; /* "." and ".." */
}

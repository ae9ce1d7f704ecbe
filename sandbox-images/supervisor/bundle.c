/* Installs the files that a script needs beside itself. Process 1 writes them between two jobs, as
 * root, into a tmpfs that no job can write to. The folder holds one bundle at a time; the host
 * knows which. */
#define _GNU_SOURCE
#include "bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "channel.h"
#include "file.h"
#include "paths.h"
#include "process.h"

#define PATH_BYTES 512
#define OPEN_FOLDERS 20

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *place);
static void make_folders(char *path);

void install_bundle(const struct frame_header *header) {
  uint32_t count;
  if (header->length < sizeof count) die(EXIT_PROTOCOL, "BUNDLE is too short");
  uint8_t *memory =
      mmap(NULL, header->length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) die(EXIT_BROKEN, "mmap of a bundle: %s", strerror(errno));
  read_exactly(memory, header->length);
  if (nftw(PROJECT_DIR, remove_entry, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS) != 0)
    die(EXIT_BROKEN, PROJECT_DIR " cannot be emptied: %s", strerror(errno));
  size_t at = sizeof count, left = header->length - at;
  memcpy(&count, memory, sizeof count);
  for (; count > 0; count--) {
    struct bundle_file file;
    char path[sizeof PROJECT_DIR + PATH_BYTES + 1] = PROJECT_DIR "/";
    if (left < sizeof file) die(EXIT_PROTOCOL, "BUNDLE is too short");
    memcpy(&file, memory + at, sizeof file);
    at += sizeof file, left -= sizeof file;
    if (file.path_bytes > PATH_BYTES || file.path_bytes > left ||
        file.content_bytes > left - file.path_bytes)
      die(EXIT_PROTOCOL, "BUNDLE lengths do not add up");
    memcpy(path + sizeof PROJECT_DIR, memory + at, file.path_bytes);
    make_folders(path);
    write_file(path, memory + at + file.path_bytes, file.content_bytes,
               file.executable ? 0755 : 0644);
    at += file.path_bytes + file.content_bytes, left -= file.path_bytes + file.content_bytes;
  }
  if (left != 0) die(EXIT_PROTOCOL, "BUNDLE lengths do not add up");
  munmap(memory, header->length);
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *place) {
  (void)status, (void)type;
  return place->level == 0 ? 0 : remove(path);
}

/* Makes the folders of a file. The host has checked the path; a path that leads out of PROJECT_DIR
 * is refused once more. */
static void make_folders(char *path) {
  if (strstr(path, "/../") != NULL) die(EXIT_PROTOCOL, "a path of BUNDLE leads out of its folder");
  for (char *slash = path + sizeof PROJECT_DIR; (slash = strchr(slash, '/')) != NULL; slash++) {
    *slash = '\0';
    if (mkdir(path, 0755) != 0 && errno != EEXIST)
      die(EXIT_BROKEN, "%s: %s", path, strerror(errno));
    *slash = '/';
  }
}

/* Empties a folder that jobs can write to, as the job user. Goes down with fchdir and up with "..",
 * so a tree may be deeper than PATH_MAX or than the descriptor limit; never follows a link. No
 * other process of this uid is alive, so nothing changes the tree meanwhile. */
#define _GNU_SOURCE
#include "wipe.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum found { EMPTY, WENT_DOWN, FAILED };

static enum found clear_here(void);
static int go_down(const char *name);

int wipe_folder(const char *path, mode_t mode) {
  size_t depth = 0;
  if (chmod(path, 0700) != 0 || chdir(path) != 0) return -1;
  for (;;) {
    enum found found = clear_here();
    if (found == FAILED) return -1;
    if (found == WENT_DOWN) {
      depth++;
    } else if (depth == 0) {
      break;
    } else {
      if (chdir("..") != 0) return -1;
      depth--; /* the directory that we left is empty: the next pass removes it */
    }
  }
  if (chmod(path, mode & 07777) != 0) return -1;
  return clear_attributes(path);
}

/* Removes what it can in the current directory; enters the first directory that is not empty. */
static enum found clear_here(void) {
  DIR *here = opendir(".");
  if (here == NULL) return FAILED;
  enum found found = EMPTY;
  for (struct dirent *entry; found == EMPTY && (entry = readdir(here)) != NULL;) {
    const char *name = entry->d_name;
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) continue;
    if (unlinkat(AT_FDCWD, name, 0) == 0) continue;
    if (errno != EISDIR && errno != EPERM)
      found = FAILED;
    else if (unlinkat(AT_FDCWD, name, AT_REMOVEDIR) == 0)
      continue;
    else
      found = go_down(name) == 0 ? WENT_DOWN : FAILED;
  }
  closedir(here);
  return found;
}

static int go_down(const char *name) {
  int fd = open(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 && errno == EACCES && chmod(name, 0700) == 0)
    fd = open(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return -1;
  int result = fchmod(fd, 0700) == 0 ? fchdir(fd) : -1;
  close(fd);
  return result;
}

/* chattr flags of the directory itself would outlive its files. Not every kernel has them. */
int clear_attributes(const char *path) {
  const struct timespec epoch[2] = {{0, 0}, {0, 0}};
  int none = 0;
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return -1;
  int flags = ioctl(fd, FS_IOC_SETFLAGS, &none);
  bool cleared = flags == 0 || errno == ENOTTY || errno == EOPNOTSUPP || errno == EINVAL;
  int times = futimens(fd, epoch);
  close(fd);
  return cleared && times == 0 ? 0 : -1;
}

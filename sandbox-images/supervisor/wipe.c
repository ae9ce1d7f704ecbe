/* Empties the scratch directory as the job user. Goes down with fchdir and up with "..", so a tree
 * may be deeper than PATH_MAX or than the descriptor limit; never follows a link. No other process
 * of this uid is alive, so nothing changes the tree meanwhile. */
#define _GNU_SOURCE
#include "wipe.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "paths.h"

enum found { EMPTY, WENT_DOWN, FAILED };

static enum found clear_here(void);
static int go_down(const char *name);
static int clear_flags(void);

int wipe_scratch(mode_t mode) {
  size_t depth = 0;
  if (chmod(SCRATCH_DIR, 0700) != 0 || chdir(SCRATCH_DIR) != 0) return -1;
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
  if (clear_flags() != 0) return -1;
  const struct timespec epoch[2] = {{0, 0}, {0, 0}};
  if (chmod(SCRATCH_DIR, mode & 07777) != 0) return -1;
  return utimensat(AT_FDCWD, SCRATCH_DIR, epoch, 0);
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

/* chattr flags of the directory itself would outlive its files. */
static int clear_flags(void) {
  int none = 0;
  int fd = open(SCRATCH_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return -1;
  int result = ioctl(fd, FS_IOC_SETFLAGS, &none);
  close(fd);
  return result == 0 || errno == ENOTTY || errno == EOPNOTSUPP || errno == EINVAL ? 0 : -1;
}

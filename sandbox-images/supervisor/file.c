/* Files that process 1 writes for jobs. */
#define _GNU_SOURCE
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "process.h"

void write_file(const char *path, const uint8_t *bytes, size_t count, mode_t mode) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
  if (fd < 0) die(EXIT_BROKEN, "%s: %s", path, strerror(errno));
  while (count > 0) {
    ssize_t written = write(fd, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) die(EXIT_BROKEN, "%s: %s", path, strerror(errno));
    bytes += written;
    count -= (size_t)written;
  }
  close(fd);
}

/* A job can neither signal nor trace process 1 meanwhile, because its real and saved ids stay
 * root's. */
void act_as(uid_t uid) {
  const uid_t same = (uid_t)-1;
  if (setresgid(same, uid, same) != 0 || setresuid(same, uid, same) != 0)
    die(EXIT_BROKEN, "cannot act as the job user: %s", strerror(errno));
}

void act_as_root(void) {
  const uid_t same = (uid_t)-1;
  if (setresuid(same, 0, same) != 0 || setresgid(same, 0, same) != 0)
    die(EXIT_BROKEN, "cannot act as root again: %s", strerror(errno));
}

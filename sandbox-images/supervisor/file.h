#ifndef HOOKPOOL_FILE_H
#define HOOKPOOL_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Makes or replaces the file at `path`, never through a link. Dies when not all `count` bytes were
 * written. */
void write_file(const char *path, const uint8_t *bytes, size_t count, mode_t mode);
/* Takes the effective ids of the job user: process 1 has no right to write to folders of that user
 * otherwise. */
void act_as(uid_t uid);
void act_as_root(void);

#endif

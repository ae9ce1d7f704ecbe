#ifndef HOOKPOOL_WIPE_H
#define HOOKPOOL_WIPE_H

#include <sys/types.h>

/* Empties a folder of the job user and gives it `mode` again; -1 when it could not. Runs as the job
 * user in a process of its own. */
int wipe_folder(const char *path, mode_t mode);
/* Sets the flags and times of the folder itself back; -1 when it could not. Runs as the job
 * user. */
int clear_attributes(const char *path);

#endif

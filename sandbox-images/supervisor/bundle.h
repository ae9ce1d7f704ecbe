#ifndef HOOKPOOL_BUNDLE_H
#define HOOKPOOL_BUNDLE_H

#include <stdbool.h>
#include <sys/types.h>

#include "wire.h"

/* Reads the payload of a BUNDLE and replaces the files in PROJECT_DIR. They belong to `uid`. */
void install_bundle(const struct frame_header *header, uid_t uid);
/* After a job: removes the files of the bundle. True when PROJECT_DIR is empty then; its mode may
 * be another one. No process of the job may be alive. */
bool remove_bundle(uid_t uid);
/* Writes the files again. PROJECT_DIR must be empty. */
void restore_bundle(uid_t uid);

#endif

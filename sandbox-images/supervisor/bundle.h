#ifndef HOOKPOOL_BUNDLE_H
#define HOOKPOOL_BUNDLE_H

#include "wire.h"

/* Replaces the content of PROJECT_DIR by the files of a BUNDLE frame, whose header was already
 * read. */
void install_bundle(const struct frame_header *header);

#endif

/* Paths of files. */
#ifndef HOOKPOOL_BRIDGE_PATH_H
#define HOOKPOOL_BRIDGE_PATH_H

/* The path from the root, without empty parts, "." and ".."; a relative one from the working
 * folder. Never freed. */
const char *resolved(const char *path);

#endif

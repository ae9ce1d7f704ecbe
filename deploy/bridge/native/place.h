/* The address of a server. */
#ifndef HOOKPOOL_BRIDGE_PLACE_H
#define HOOKPOOL_BRIDGE_PLACE_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>

#define PLACES_MAX 2

struct place {
  /* Where to connect, in the order in which it is tried: localhost has two addresses. */
  struct sockaddr_storage addresses[PLACES_MAX];
  int count;
  /* The value of the header Host. */
  const char *host;
  /* The path before /v1/hook. */
  const char *prefix;
};

/* False for every address that has to be resolved, encrypted or normalized: the bridge in node
 * takes it. */
bool read_place(const char *server, struct place *place);

#endif

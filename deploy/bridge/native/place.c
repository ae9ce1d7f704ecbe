/* Reads the plain forms of an address, in which a URL parser changes nothing. */
#define _GNU_SOURCE
#include "place.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

#define SOCKET_PATH_MAX 103 /* the shortest limit of all systems, as for `serve` */

static bool is_plain_path(const char *path);
static bool add_address(struct place *place, const char *host, bool is_v6, in_port_t port);
static bool read_port(const char *text, in_port_t *port);

bool read_place(const char *server, struct place *place) {
  static const char http[] = "http://", unix_path[] = "unix:///";
  memset(place, 0, sizeof *place);
  place->prefix = "";
  if (strncmp(server, unix_path, strlen(unix_path)) == 0) {
    const char *path = server + strlen(unix_path) - 1;
    struct sockaddr_un *address = (struct sockaddr_un *)&place->addresses[0];
    if (strlen(path) > SOCKET_PATH_MAX || !is_plain_path(path)) return false;
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, path, strlen(path) + 1);
    place->host = "localhost";
    place->count = 1;
    return true;
  }
  if (strncmp(server, http, strlen(http)) != 0) return false;
  const char *start = server + strlen(http);
  char *host = strdup(start), *port_text = NULL;
  if (host == NULL) return false;
  size_t length = strcspn(host, "/");
  if (!is_plain_path(start + length)) return false;
  struct text prefix = {0};
  add_text(&prefix, start + length);
  if (prefix.length > 0 && prefix.at[prefix.length - 1] == '/') prefix.length--;
  place->prefix = c_string(&prefix);
  host[length] = '\0';
  struct text header = {0};
  bool is_v6 = host[0] == '[';
  char *end = is_v6 ? strchr(host, ']') : host + strcspn(host, ":");
  if (end == NULL) return false;
  char *behind = is_v6 ? end + 1 : end;
  if (*behind == ':') port_text = behind + 1;
  if (*behind != ':' && *behind != '\0') return false;
  in_port_t port = 80;
  if (port_text != NULL && !read_port(port_text, &port)) return false;
  if (port == 80 || port_text == NULL) *behind = '\0';
  add_text(&header, host);
  place->host = c_string(&header);
  *end = '\0';
  if (strcmp(host, "localhost") == 0)
    return add_address(place, "127.0.0.1", false, port) && add_address(place, "::1", true, port);
  return add_address(place, host + is_v6, is_v6, port);
}

static bool add_address(struct place *place, const char *host, bool is_v6, in_port_t port) {
  struct sockaddr_storage *into = &place->addresses[place->count++];
  if (is_v6) {
    struct sockaddr_in6 *address = (struct sockaddr_in6 *)into;
    address->sin6_family = AF_INET6;
    address->sin6_port = htons(port);
    return inet_pton(AF_INET6, host, &address->sin6_addr) == 1;
  }
  struct sockaddr_in *address = (struct sockaddr_in *)into;
  address->sin_family = AF_INET;
  address->sin_port = htons(port);
  return inet_pton(AF_INET, host, &address->sin_addr) == 1;
}

/* 1 to 65535, without zeros before it. */
static bool read_port(const char *text, in_port_t *port) {
  size_t digits = strspn(text, "0123456789");
  if (digits == 0 || digits > 5 || text[digits] != '\0' || text[0] == '0') return false;
  long number = strtol(text, NULL, 10);
  *port = (in_port_t)number;
  return number <= 65535;
}

/* Letters, digits and a few signs; no part is "." or "..". */
static bool is_plain_path(const char *path) {
  static const char plain[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_-.~@+,=:";
  if (path[strspn(path, plain)] != '\0') return false;
  for (const char *part = strchr(path, '/'); part != NULL; part = strchr(part + 1, '/')) {
    size_t length = strcspn(part + 1, "/");
    if (length > 0 && length <= 2 && strspn(part + 1, ".") >= length) return false;
  }
  return true;
}

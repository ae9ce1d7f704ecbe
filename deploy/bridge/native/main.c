/* hookpool-hook: the bridge of `hookpool hook` as a static program, for the 100 ms that node needs to
 * start. It takes the same options and gives the same answers. What it does not know itself, it gives
 * to the bridge in node before it has read anything. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>

#include "answer.h"
#include "ask.h"
#include "file.h"
#include "hand_over.h"
#include "wait.h"

/* A connection must not become stdout. */
static void open_standard_streams(void) {
  for (int fd = 0; fd <= 2; fd++)
    if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd) _exit(2);
}

int main(int argc, char **argv) {
  struct options options;
  struct place place;
  open_standard_streams();
  start_clock();
  if (argc < 1 || !read_options(argv, &options)) {
    hand_over(argv);
    block_any_agent("Only the bridge in node knows these arguments, or says what is wrong with them, "
                    "and neither node nor hookpool is on PATH. Until this is put right, it blocks.");
  }
  bool is_plain = read_place(options.server, &place);
  if (!is_plain) hand_over(argv);
  set_deadline(options.deadline_seconds);
  read_context();
  if (!is_plain)
    undecided("only the bridge in node can ask the server \"%s\", and neither node nor hookpool is on "
              "PATH. Without them give http:// with an IP address, or unix://", options.server);
  ask_server(&options, &place);
}

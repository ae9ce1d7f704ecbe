#ifndef HOOKPOOL_HOT_PAGES_H
#define HOOKPOOL_HOT_PAGES_H

/* Runs `rehearse` in a child and remembers the pages that it wrote to. Call once, before any
 * job. */
void find_hot_pages(void (*rehearse)(void));
/* Call in a forked interpreter: gives it its own copy of each of these pages. */
void copy_hot_pages(void);

#endif

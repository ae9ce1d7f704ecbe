#ifndef HOOKPOOL_HOT_PAGES_H
#define HOOKPOOL_HOT_PAGES_H

/* Runs `rehearse` in a child and remembers the pages that it wrote to. Call once, before any job. */
void find_hot_pages(void (*rehearse)(void));
/* In a forked interpreter: gets its own copy of each of them. */
void copy_hot_pages(void);

#endif

/* The python half of the zygote, zygote.py, as the C half calls it. */
#ifndef HOOKPOOL_PYTHON_HALF_H
#define HOOKPOOL_PYTHON_HALF_H

/* The exit code of a zygote that cannot go on. */
enum { ZYGOTE_BROKEN = 72 };

/* Runs zygote.py and remembers the state of its warm modules; ends the process on failure. */
void load_python_half(void);
/* What zygote.py does when a process becomes a job, and when a job ends. */
void enter_job(void);
void finish_job(void);

#endif

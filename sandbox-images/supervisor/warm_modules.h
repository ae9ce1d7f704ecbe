/* Which of the modules that jobs find imported a job has changed. */
#ifndef HOOKPOOL_WARM_MODULES_H
#define HOOKPOOL_WARM_MODULES_H

#include "cpython.h"

/* Watches the dicts of the modules in KEPT of zygote.py. Call once; -1 with an exception. */
int watch_warm_modules(PyObject *kept);
/* A list of the indices into KEPT of the modules that have changed since then. */
PyObject *changed_modules(void);

#endif

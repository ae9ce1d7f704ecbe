/* CPython's own header, for the one version that the zygote was checked with. Include it before
 * the headers of the system. */
#ifndef HOOKPOOL_CPYTHON_H
#define HOOKPOOL_CPYTHON_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* The zygote depends on internals of CPython 3.13: what its Py_FinalizeEx and Py_Exit do, in which
 * order (replaced in python_end.c), the reference count of immortal objects (immortal.c), and
 * threading._after_fork and _set_native_id (zygote.py). With another version it may compile and
 * still end a script in another way. Before another version is permitted here,
 * compare these with its source and run test/integration/differential.test.ts, which compares
 * scripts with the image's own python3. */
#if PY_VERSION_HEX < 0x030d0000 || PY_VERSION_HEX >= 0x030e0000
#error "the zygote was checked with CPython 3.13 alone: read the comment above this line"
#endif

#endif

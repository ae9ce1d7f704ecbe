/* The end of CPython in a job, of which only the part is done that a script can observe. */
#ifndef HOOKPOOL_PYTHON_END_H
#define HOOKPOOL_PYTHON_END_H

/* Ends the process after Py_RunMain() has returned this code. */
_Noreturn void leave_python(int code);

#endif

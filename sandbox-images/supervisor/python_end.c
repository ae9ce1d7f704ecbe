#include "python_end.h"

#include "cpython.h"
#include <stdbool.h>
#include <unistd.h>

#include "last_word.h"
#include "python_half.h"

int __wrap_Py_FinalizeEx(void);
void __wrap_Py_Exit(int code);
static void call_method(const char *module_name, const char *method);
static int flush_standard_streams(bool tell);
static int is_closed(PyObject *stream);

/* The two functions that end CPython, replaced at link time (--wrap): the whole of Py_FinalizeEx
 * took 3 ms more than the part of it that a script can observe. The kernel frees the rest. */
int __wrap_Py_FinalizeEx(void) {
  call_method("threading", "_shutdown");
  call_method("atexit", "_run_exitfuncs");
  int status = flush_standard_streams(true);
  PyGC_Collect();
  finish_job();
  flush_standard_streams(
      false); /* CPython drops the streams here, which flushes them and ignores errors */
  return status;
}

void __wrap_Py_Exit(int code) {
  if (__wrap_Py_FinalizeEx() < 0) code = 120;
  leave_python(code);
}

/* Ends without the destructors of libraries, whose pages are not in memory yet; a script cannot
 * observe them. */
_Noreturn void leave_python(int code) {
  fflush(NULL);
  say_last_word(code);
  _exit(code);
}

static void call_method(const char *module_name, const char *method) {
  PyObject *name = PyUnicode_FromString(module_name);
  PyObject *module = name == NULL ? NULL : PyImport_GetModule(name);
  PyObject *result = module == NULL ? NULL : PyObject_CallMethod(module, method, NULL);
  if (result == NULL && PyErr_Occurred()) PyErr_WriteUnraisable(module);
  Py_XDECREF(result);
  Py_XDECREF(module);
  Py_XDECREF(name);
}

/* Works as CPython's own function: an error of stdout is reported and makes the exit code 120. */
static int flush_standard_streams(bool tell) {
  int status = 0;
  static const char *const names[] = {"stdout", "stderr"};
  for (int i = 0; i < 2; i++) {
    PyObject *stream = PySys_GetObject(names[i]);
    if (stream == NULL || stream == Py_None || is_closed(stream)) continue;
    PyObject *result = PyObject_CallMethod(stream, "flush", NULL);
    if (result == NULL) {
      status = -1;
      if (i == 0 && tell)
        PyErr_FormatUnraisable("Exception ignored on flushing sys.stdout");
      else
        PyErr_Clear();
    }
    Py_XDECREF(result);
  }
  return status;
}

static int is_closed(PyObject *stream) {
  PyObject *closed = PyObject_GetAttrString(stream, "closed");
  int result = closed == NULL ? 0 : PyObject_IsTrue(closed);
  Py_XDECREF(closed);
  if (closed == NULL || result < 0) PyErr_Clear();
  return result > 0;
}

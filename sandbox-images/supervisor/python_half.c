#include "python_half.h"

#include "cpython.h"
#include <stdio.h>
#include <stdlib.h>

#include "immortal.h"
#include "paths.h"
#include "warm_modules.h"

#define PYTHON_HALF PROGRAM_DIR "/zygote.py"

/* Functions of zygote.py. Never released: they hold the warm modules. */
static PyObject *enter, *finish;

static void call(PyObject *function, PyObject *argument);

void load_python_half(void) {
  FILE *file = fopen(PYTHON_HALF, "re");
  PyObject *scope = PyDict_New();
  if (file == NULL || scope == NULL ||
      PyDict_SetItemString(scope, "__builtins__", PyEval_GetBuiltins()) != 0)
    exit(ZYGOTE_BROKEN);
  PyObject *result = PyRun_FileEx(file, PYTHON_HALF, Py_file_input, scope, scope, 1);
  if (result == NULL) {
    PyErr_Print();
    exit(ZYGOTE_BROKEN);
  }
  Py_DECREF(result);
  enter = PyDict_GetItemString(scope, "enter");
  finish = PyDict_GetItemString(scope, "finish");
  PyObject *set_stage = PyDict_GetItemString(scope, "set_stage");
  PyObject *kept = PyDict_GetItemString(scope, "KEPT");
  if (enter == NULL || finish == NULL || set_stage == NULL || kept == NULL) exit(ZYGOTE_BROKEN);
  if (watch_warm_modules(kept) != 0) exit(ZYGOTE_BROKEN);
  immortalise_warm_objects();
  call(set_stage, NULL);
}

void enter_job(void) { call(enter, NULL); }

void finish_job(void) { call(finish, changed_modules()); }

static void call(PyObject *function, PyObject *argument) {
  PyObject *result =
      argument == NULL ? PyObject_CallNoArgs(function) : PyObject_CallOneArg(function, argument);
  if (result == NULL) PyErr_WriteUnraisable(function);
  Py_XDECREF(result);
}

#include "python_half.h"

#include "cpython.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "paths.h"

#define PYTHON_HALF PROGRAM_DIR "/zygote.py"

/* Functions and data of zygote.py. Never released: they hold the warm modules. */
static PyObject *enter, *finish, *kept;
/* The version that CPython gives to the dict of each warm module. It shows a change without a look
 * at the values, which would copy every page that they lie on. */
static uint64_t *versions;

static void call(PyObject *function, PyObject *argument);
static uint64_t version_of(Py_ssize_t index);
static PyObject *changed_modules(void);

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
  kept = PyDict_GetItemString(scope, "KEPT");
  if (enter == NULL || finish == NULL || kept == NULL) exit(ZYGOTE_BROKEN);
  versions = calloc((size_t)PyList_GET_SIZE(kept), sizeof *versions);
  if (versions == NULL) exit(ZYGOTE_BROKEN);
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(kept); i++) versions[i] = version_of(i);
}

void enter_job(void) { call(enter, NULL); }

void finish_job(void) { call(finish, changed_modules()); }

static uint64_t version_of(Py_ssize_t index) {
  return ((PyDictObject *)PyTuple_GET_ITEM(PyList_GET_ITEM(kept, index), 2))->ma_version_tag;
}

/* The indices into KEPT of the modules that have changed. */
static PyObject *changed_modules(void) {
  PyObject *changed = PyList_New(0);
  for (Py_ssize_t i = 0; changed != NULL && i < PyList_GET_SIZE(kept); i++) {
    if (version_of(i) == versions[i]) continue;
    PyObject *index = PyLong_FromSsize_t(i);
    if (index == NULL || PyList_Append(changed, index) != 0) PyErr_Clear();
    Py_XDECREF(index);
  }
  return changed;
}

static void call(PyObject *function, PyObject *argument) {
  PyObject *result =
      argument == NULL ? PyObject_CallNoArgs(function) : PyObject_CallOneArg(function, argument);
  if (result == NULL) PyErr_WriteUnraisable(function);
  Py_XDECREF(result);
}

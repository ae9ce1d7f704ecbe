/* Which warm modules a job has changed. The watch shows it without a look at the values of the
 * modules, which would copy every page that they lie on. */
#include "warm_modules.h"

static PyObject *modules, *changed;
static int watcher;

static PyObject *names_of(Py_ssize_t index);
static int note_change(PyDict_WatchEvent event, PyObject *dict, PyObject *key, PyObject *value);

int watch_warm_modules(PyObject *kept) {
  modules = kept;
  changed = PyList_New(0);
  watcher = PyDict_AddWatcher(note_change);
  if (changed == NULL || watcher < 0) return -1;
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(modules); i++)
    if (PyDict_Watch(watcher, names_of(i)) != 0) return -1;
  return 0;
}

PyObject *changed_modules(void) { return changed; }

static PyObject *names_of(Py_ssize_t index) {
  return PyTuple_GET_ITEM(PyList_GET_ITEM(modules, index), 2);
}

/* The first change of a dict ends its watch, because a script may make a million of them. */
static int note_change(PyDict_WatchEvent event, PyObject *dict, PyObject *key, PyObject *value) {
  (void)event, (void)key, (void)value;
  if (PyDict_Unwatch(watcher, dict) != 0) return -1;
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(modules); i++) {
    if (names_of(i) != dict) continue;
    PyObject *index = PyLong_FromSsize_t(i);
    int status = index == NULL ? -1 : PyList_Append(changed, index);
    Py_XDECREF(index);
    return status;
  }
  return 0;
}

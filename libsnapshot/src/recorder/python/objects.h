#pragma once

#include "recorder/python/interpreter.h"

#include <cstddef>

namespace snapshot::recorder {

struct PythonMethod {                     // PyMethodDef
  static constexpr int kNoArguments = 4;  ///< METH_NOARGS

  const char* name;
  PyObject* (*function)(PyObject* self, PyObject* arguments);
  int flags;
  const char* doc;
};

/// What of the limited API the recorder needs where it runs a little Python itself: not in hooks.
struct PythonObjects {
  PyObject* (*dict_new)();
  int (*dict_set)(PyObject* dict, const char* name, PyObject* value);
  PyObject* (*builtins)();  ///< borrowed
  PyObject* (*new_function)(PythonMethod* method, PyObject* self, PyObject* module);
  PyObject* (*compile)(const char* text, const char* filename, int start);
  PyObject* (*evaluate)(PyObject* code, PyObject* globals, PyObject* locals);
  PyObject* (*frame)();  ///< of the caller, borrowed
  PyObject* (*attribute)(PyObject* object, const char* name);
  PyObject* (*import)(const char* name);
  PyObject* (*call)(PyObject* callable, ...);  ///< arguments, and a null
  std::ptrdiff_t (*list_size)(PyObject* list);
  PyObject* (*list_item)(PyObject* list, std::ptrdiff_t index);  ///< borrowed
  long (*as_long)(PyObject* number);
  void (*retain)(PyObject* object);  ///< these two take null, too
  void (*release)(PyObject* object);
  void (*clear_error)();
  PyObject* none;

  /// False where this Python lacks one.
  bool find();
};

}  // namespace snapshot::recorder

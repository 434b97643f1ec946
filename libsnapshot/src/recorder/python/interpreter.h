#pragma once

#include <cstddef>
#include <cstdint>

namespace snapshot::recorder {

struct PyObject;  // CPython's, of which nothing is known here

/// PEP 445's, with its five fields.
struct PythonAllocator {
  void* context;
  void* (*malloc)(void* context, std::size_t size);
  void* (*calloc)(void* context, std::size_t count, std::size_t size);
  void* (*realloc)(void* context, void* block, std::size_t size);
  void (*free)(void* context, void* block);
};

enum class PythonDomain : int { raw = 0, mem = 1, object = 2 };

/// The functions of the CPython in this process, found by name: the recorder is not linked with any, and the same
/// binary serves all versions. Those of the limited API unless said otherwise.
struct Interpreter {
  const char* (*get_version)();
  int (*is_initialized)();
  void* (*unchecked_thread)();  ///< _PyThreadState_UncheckedGet: null without the GIL
  void* (*own_thread)();        ///< PyGILState_GetThisThreadState: also without the GIL
  void (*get_allocator)(PythonDomain domain, PythonAllocator* allocator);  // PEP 445
  void (*set_allocator)(PythonDomain domain, PythonAllocator* allocator);
  std::ptrdiff_t (*request_code_index)(void (*free)(void*));  // PEP 523
  int (*set_code_extra)(PyObject* code, std::ptrdiff_t index, void* extra);
  std::ptrdiff_t (*text_length)(PyObject* text);
  std::uint32_t (*text_char)(PyObject* text, std::ptrdiff_t index);
  std::ptrdiff_t (*bytes_size)(PyObject* bytes);
  const char* (*bytes_data)(PyObject* bytes);
  void (*clear_error)();
  int (*add_audit_hook)(int (*hook)(const char*, PyObject*, void*), void* data);  // PEP 578
  int (*set_tracer)(int (*tracer)(PyObject*, int, void*), void* data);            // 3.13; else null
  int (*(*get_tracer)(void** data))(PyObject*, int, void*);

  std::uint64_t eval_begin;  ///< the code of _PyEval_EvalFrameDefault(), which runs the functions of Python
  std::uint64_t eval_end;

  /// Those of the CPython that is in the process; null where there is none of a version that can be recorded. `refusal`
  /// says why not.
  static const Interpreter* find(const char** refusal);
};

}  // namespace snapshot::recorder

#include "recorder/python/interpreter.h"

#include "recorder/python/look_up.h"

#include <link.h>

namespace snapshot::recorder {
namespace {

void find_eval(Interpreter& python) {
  void* function = nullptr;
  Dl_info info{};
  void* symbol = nullptr;
  if (!look_up(function, "_PyEval_EvalFrameDefault")) return;
  if (dladdr1(function, &info, &symbol, RTLD_DL_SYMENT) == 0 || symbol == nullptr) return;
  python.eval_begin = reinterpret_cast<std::uint64_t>(function);
  python.eval_end = python.eval_begin + static_cast<const ElfW(Sym)*>(symbol)->st_size;
}

bool fill(Interpreter& python) {
  find_eval(python);
  if (look_up(python.set_tracer, "PyRefTracer_SetTracer")) look_up(python.get_tracer, "PyRefTracer_GetTracer");
  return look_up(python.get_version, "Py_GetVersion") && look_up(python.is_initialized, "Py_IsInitialized") &&
         look_up(python.unchecked_thread, "PyThreadState_GetUnchecked", "_PyThreadState_UncheckedGet") &&
         look_up(python.own_thread, "PyGILState_GetThisThreadState") &&
         look_up(python.get_allocator, "PyMem_GetAllocator") && look_up(python.set_allocator, "PyMem_SetAllocator") &&
         look_up(python.request_code_index, "PyUnstable_Eval_RequestCodeExtraIndex", "_PyEval_RequestCodeExtraIndex") &&
         look_up(python.set_code_extra, "PyUnstable_Code_SetExtra", "_PyCode_SetExtra") &&
         look_up(python.text_length, "PyUnicode_GetLength") && look_up(python.text_char, "PyUnicode_ReadChar") &&
         look_up(python.bytes_size, "PyBytes_Size") && look_up(python.bytes_data, "PyBytes_AsString") &&
         look_up(python.clear_error, "PyErr_Clear") && look_up(python.add_audit_hook, "PySys_AddAuditHook");
}

}  // namespace

const Interpreter* Interpreter::find(const char** refusal) {
  static Interpreter python;
  static bool is_found = false;
  if (is_found || fill(python)) {
    is_found = true;
    return &python;
  }
  *refusal = "this version of Python is not known: 3.8 to 3.13 are";
  return nullptr;
}

}  // namespace snapshot::recorder

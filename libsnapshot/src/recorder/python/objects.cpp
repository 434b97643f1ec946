#include "recorder/python/objects.h"

#include "recorder/python/look_up.h"

namespace snapshot::recorder {

bool PythonObjects::find() {
  return look_up(dict_new, "PyDict_New") && look_up(dict_set, "PyDict_SetItemString") &&
         look_up(builtins, "PyEval_GetBuiltins") && look_up(new_function, "PyCFunction_NewEx") &&
         look_up(compile, "Py_CompileString") && look_up(evaluate, "PyEval_EvalCode") &&
         look_up(frame, "PyEval_GetFrame") && look_up(attribute, "PyObject_GetAttrString") &&
         look_up(import, "PyImport_ImportModule") && look_up(call, "PyObject_CallFunctionObjArgs") &&
         look_up(list_size, "PyList_Size") && look_up(list_item, "PyList_GetItem") &&
         look_up(as_long, "PyLong_AsLong") && look_up(retain, "Py_IncRef") && look_up(release, "Py_DecRef") &&
         look_up(clear_error, "PyErr_Clear") && look_up(none, "_Py_NoneStruct");
}

}  // namespace snapshot::recorder

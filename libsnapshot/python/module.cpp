// The extension module _tmrecorder: what Python cannot say itself of the recorder. The package tmrecorder beside it
// makes tracemalloc's API of it. Of CPython's API the limited one of 3.8 alone is used, so one binary serves all
// versions.

#define Py_LIMITED_API 0x03080000
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <recorder/python/module_api.h>
#include <snapshot/recorder.h>

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

extern char** environ;

namespace {

constexpr unsigned kMostFrames = 65535;
constexpr std::size_t kPath = 1024;

PyObject* none() {
  Py_INCREF(Py_None);
  return Py_None;
}

PyObject* start(PyObject* /*module*/, PyObject* arguments, PyObject* named) {
  static const char* const kNames[] = {"nframe", "sample_interval", nullptr};
  int frames = 1;
  long long interval = 0;
  if (!PyArg_ParseTupleAndKeywords(arguments, named, "|iL:start", const_cast<char**>(kNames), &frames, &interval)) {
    return nullptr;
  }
  if (interval < 0) return PyErr_Format(PyExc_ValueError, "sample_interval must not be negative");
  if (frames < 1 || frames > static_cast<int>(kMostFrames)) {
    return PyErr_Format(PyExc_ValueError, "the number of frames must be in range [1; %u]", kMostFrames);
  }
  if (snapshot_is_tracing() != 0) return none();
  if (const char* const refusal =
          snapshot_python_start(static_cast<unsigned>(frames), static_cast<std::uint64_t>(interval));
      refusal != nullptr) {
    return PyErr_Format(PyExc_RuntimeError, "tmrecorder: %s", refusal);
  }
  return none();
}

PyObject* stop(PyObject* /*module*/, PyObject* /*none*/) {
  snapshot_python_stop();
  return none();
}

PyObject* is_tracing(PyObject* /*module*/, PyObject* /*none*/) { return PyBool_FromLong(snapshot_is_tracing()); }

PyObject* clear_traces(PyObject* /*module*/, PyObject* /*none*/) {
  snapshot_python_clear();
  return none();
}

PyObject* reset_peak(PyObject* /*module*/, PyObject* /*none*/) {
  snapshot_reset_peak();
  return none();
}

PyObject* get_traced_memory(PyObject* /*module*/, PyObject* /*none*/) {
  std::size_t size = 0;
  std::size_t peak = 0;
  if (snapshot_is_tracing() != 0) snapshot_get_traced_memory(&size, &peak);
  return Py_BuildValue("nn", static_cast<Py_ssize_t>(size), static_cast<Py_ssize_t>(peak));
}

PyObject* get_tracemalloc_memory(PyObject* /*module*/, PyObject* /*none*/) {
  return PyLong_FromSize_t(snapshot_get_recorder_memory());
}

PyObject* get_traceback_limit(PyObject* /*module*/, PyObject* /*none*/) {
  const unsigned limit = snapshot_get_traceback_limit();
  return PyLong_FromUnsignedLong(limit == 0 ? 1 : limit);
}

PyObject* traceback_tuple(const snapshot_python_frame* frames, std::size_t count) {
  PyObject* const result = PyTuple_New(static_cast<Py_ssize_t>(count));
  for (std::size_t i = 0; result != nullptr && i < count; ++i) {
    PyObject* const name =
        PyUnicode_DecodeUTF8(frames[i].filename, static_cast<Py_ssize_t>(frames[i].size), "surrogatepass");
    PyObject* const frame = name != nullptr ? Py_BuildValue("NI", name, frames[i].lineno) : nullptr;
    if (frame == nullptr || PyTuple_SetItem(result, static_cast<Py_ssize_t>(i), frame) != 0) {
      Py_DECREF(result);
      return nullptr;
    }
  }
  return result;
}

PyObject* get_object_traceback(PyObject* /*module*/, PyObject* object) {
  const std::size_t count = snapshot_python_traceback(object, nullptr, 0);
  if (count == 0) return none();
  auto* const frames = static_cast<snapshot_python_frame*>(PyMem_Calloc(count, sizeof(snapshot_python_frame)));
  if (frames == nullptr) return PyErr_NoMemory();
  const std::size_t found = snapshot_python_traceback(object, frames, count);
  PyObject* const result = traceback_tuple(frames, found < count ? found : count);
  PyMem_Free(frames);
  return result;
}

PyObject* add_filter(PyObject* /*module*/, PyObject* arguments) {
  int inclusive = 0;
  const char* pattern = nullptr;
  unsigned lineno = 0;
  int all_frames = 0;
  if (!PyArg_ParseTuple(arguments, "psIp:add_filter", &inclusive, &pattern, &lineno, &all_frames)) return nullptr;
  if (snapshot_python_add_filter(inclusive, pattern, lineno, all_frames) == 0) return none();
  PyErr_SetString(PyExc_ValueError,
                  errno == EINVAL ? "the pattern is longer than 247 bytes" : "there are 64 filters already");
  return nullptr;
}

PyObject* clear_filters(PyObject* /*module*/, PyObject* /*none*/) {
  snapshot_python_clear_filters();
  return none();
}

PyObject* add_metric(PyObject* /*module*/, PyObject* arguments) {
  const char* name = nullptr;
  PyObject* value = nullptr;
  const char* format = nullptr;
  if (!PyArg_ParseTuple(arguments, "sOs:add_metric", &name, &value, &format)) return nullptr;
  int status = 0;
  if (PyFloat_Check(value)) {
    status = snapshot_add_real_metric(name, PyFloat_AsDouble(value), format);
  } else {
    const long long number = PyLong_AsLongLong(value);
    if (number == -1 && PyErr_Occurred() != nullptr) return nullptr;
    status = snapshot_add_metric(name, number, format);
  }
  if (status == 0) return none();
  PyErr_SetString(PyExc_ValueError, errno == ENOENT ? "not recording" : "there are 128 metrics already");
  return nullptr;
}

/// Runs `tmrecord --snapshot` on the recorder's memory. The program may have its own way with ended children: what
/// counts is whether the file is there.
bool run_writer(const char* tmrecord, int region, const char* path) {
  char source[64];
  std::snprintf(source, sizeof source, "/proc/%ld/fd/%d", static_cast<long>(getpid()), region);
  const char* const arguments[] = {tmrecord, "--quiet", "-o", path, "--snapshot", source, nullptr};
  pid_t child = 0;
  const int error = posix_spawn(&child, tmrecord, nullptr, nullptr, const_cast<char* const*>(arguments), environ);
  if (error != 0) {
    errno = error;
    return false;
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return true;
}

/// Writes a snapshot to an unnamed file; its descriptor, or -1 and errno.
int write_snapshot(const char* tmrecord, const char* directory) {
  char folder[kPath];
  char path[kPath + 16];
  if (std::snprintf(folder, sizeof folder, "%s/tmrecorder-XXXXXX", directory) >= static_cast<int>(sizeof folder)) {
    errno = ENAMETOOLONG;
    return -1;
  }
  if (mkdtemp(folder) == nullptr) return -1;
  std::snprintf(path, sizeof path, "%s/snapshot.tms", folder);
  errno = EIO;
  const int region = snapshot_python_region();
  if (region >= 0) {
    run_writer(tmrecord, region, path);
  } else {
    snapshot_take(path);
  }
  const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  const int error = errno == ENOENT ? EIO : errno;
  unlink(path);
  rmdir(folder);
  errno = error;
  return descriptor;
}

PyObject* take(PyObject* /*module*/, PyObject* arguments) {
  PyObject* prepare = nullptr;
  if (!PyArg_ParseTuple(arguments, "O:take", &prepare)) return nullptr;
  snapshot_python_begin_own_work();
  PyObject* const prepared = PyObject_CallFunctionObjArgs(prepare, nullptr);
  const char* tmrecord = nullptr;
  const char* directory = nullptr;
  PyObject* result = nullptr;
  if (prepared != nullptr && PyArg_ParseTuple(prepared, "ss", &tmrecord, &directory)) {
    snapshot_python_note_types();
    const int descriptor = write_snapshot(tmrecord, directory);
    const int error = errno;
    snapshot_python_forget_types();
    errno = error;
    result = descriptor < 0 ? PyErr_SetFromErrnoWithFilename(PyExc_OSError, tmrecord) : PyLong_FromLong(descriptor);
  }
  Py_XDECREF(prepared);
  snapshot_python_end_own_work();
  return result;
}

PyMethodDef g_methods[] = {
    {"start", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(start)), METH_VARARGS | METH_KEYWORDS,
     "start(nframe=1, sample_interval=0): begin to record, with up to nframe frames a traceback, 1 to 65535, and of "
     "all "
     "blocks one in sample_interval bytes. No effect when recording already."},
    {"stop", stop, METH_NOARGS, "Stop, and forget all traces."},
    {"is_tracing", is_tracing, METH_NOARGS, "Whether allocations are recorded."},
    {"clear_traces", clear_traces, METH_NOARGS, "Forget all traces; recording goes on."},
    {"reset_peak", reset_peak, METH_NOARGS, "Set the peak to the traced memory of now."},
    {"get_traced_memory", get_traced_memory, METH_NOARGS, "Bytes of all recorded blocks, now and at most."},
    {"get_tracemalloc_memory", get_tracemalloc_memory, METH_NOARGS, "Bytes that the recorder itself takes."},
    {"get_traceback_limit", get_traceback_limit, METH_NOARGS, "The frames that are kept of a traceback."},
    {"_get_object_traceback", get_object_traceback, METH_O,
     "((filename, lineno), ...), the most recent first, or None."},
    {"_add_filter", add_filter, METH_VARARGS, "(inclusive, pattern, lineno or 0, all_frames)"},
    {"_clear_filters", clear_filters, METH_NOARGS, "Record all again."},
    {"_add_metric", add_metric, METH_VARARGS, "(name, value, format)"},
    {"_take", take, METH_VARARGS,
     "(prepare): calls prepare(), which gives the path of tmrecord and a directory, and writes a snapshot; the "
     "descriptor "
     "of the unnamed file. None of what this allocates is recorded."},
    {nullptr, nullptr, 0, nullptr}};

int execute(PyObject* /*module*/) {
  if (snapshot_python_is_main() != 0) return 0;
  PyErr_SetString(PyExc_ImportError, "tmrecorder: subinterpreters are not recorded");
  return -1;
}

PyModuleDef_Slot g_slots[] = {{Py_mod_exec, reinterpret_cast<void*>(execute)}, {0, nullptr}};

PyModuleDef g_module = {
    PyModuleDef_HEAD_INIT, "_tmrecorder", "The recorder of tmtools.", 0, g_methods, g_slots, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit__tmrecorder() { return PyModuleDef_Init(&g_module); }

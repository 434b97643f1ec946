#include "recorder/python/self_check.h"

#include "recorder/python/line_number.h"
#include "recorder/python/objects.h"

#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace snapshot::recorder {
namespace {

constexpr int kFileInput = 257;  // Py_file_input
constexpr int kFrames = 3;       // around probe() in the program below

constexpr const char* kProgram =
    "def inner():\n"
    "    return probe()\n"
    "def middle(values):\n"
    "    return [inner() for value in values\n"
    "            if value]\n"
    "\n"
    "middle((1,))\n";

/// What a run has to do with: probe() has no argument for it.
struct Check {
  const Interpreter* python;
  const PythonLayout* layout;
  PythonObjects api;
  bool agrees;
};
Check g_check;

template <typename T>
bool read_safely(std::uint64_t address, T& value) {
  iovec to{&value, sizeof value};
  const iovec from{reinterpret_cast<void*>(address), sizeof value};
  return syscall(SYS_process_vm_readv, getpid(), &to, 1, &from, 1, 0) == static_cast<long>(sizeof value);
}

bool running_frame(const Check& check, std::uint64_t& frame) {
  const auto thread = reinterpret_cast<std::uint64_t>(check.python->unchecked_thread());
  if (!read_safely(thread + check.layout->thread_frame, frame)) return false;
  if (check.layout->cframe_frame < 0) return true;
  return read_safely(frame + static_cast<std::uint64_t>(check.layout->cframe_frame), frame);
}

/// Steps over frames of C's own.
bool skip_entry_frames(const PythonLayout& layout, std::uint64_t& frame) {
  char owner = kOwnedByC;
  while (layout.has_entry_frames) {
    if (!read_safely(frame + layout.owner, owner)) return false;
    if (owner != kOwnedByC) break;
    if (!read_safely(frame + layout.previous, frame)) return false;
  }
  return true;
}

bool instruction_at(const PythonLayout& layout, std::uint64_t frame, std::uint64_t code, std::int64_t& instruction) {
  if (layout.bytecode != 0) {
    std::uint64_t at = 0;
    if (!read_safely(frame + layout.instruction, at)) return false;
    instruction = (static_cast<std::int64_t>(at) - static_cast<std::int64_t>(code + layout.bytecode)) / 2;
    return true;
  }
  std::int32_t last = 0;
  if (!read_safely(frame + layout.instruction, last)) return false;
  instruction = layout.unit == 2 ? last : last / 2;
  return true;
}

std::uint32_t line_at(const Check& check, std::uint64_t code, std::int32_t instruction) {
  std::uint64_t table = 0;
  std::uint32_t first_line = 0;
  if (!read_safely(code + check.layout->lines, table) || !read_safely(code + check.layout->first_line, first_line)) {
    return 0;
  }
  auto* const bytes = reinterpret_cast<PyObject*>(table);
  return line_number(check.layout->line_table, reinterpret_cast<const unsigned char*>(check.python->bytes_data(bytes)),
                     static_cast<std::size_t>(check.python->bytes_size(bytes)), first_line, instruction);
}

/// Whether one frame is what Python's object of it says.
bool is_same(const Check& check, std::uint64_t frame, PyObject* object) {
  std::uint64_t code = 0;
  std::int64_t instruction = 0;
  if (!read_safely(frame + check.layout->code, code)) return false;
  PyObject* const said = check.api.attribute(object, "f_code");
  if (said == nullptr) return false;
  check.api.release(said);  // the frame has it
  if (reinterpret_cast<std::uint64_t>(said) != code) return false;
  if (!instruction_at(*check.layout, frame, code, instruction)) return false;
  PyObject* const line = check.api.attribute(object, "f_lineno");
  if (line == nullptr) return false;
  const long wanted = check.api.as_long(line);
  check.api.release(line);
  return line_at(check, code, static_cast<std::int32_t>(instruction)) == static_cast<std::uint32_t>(wanted);
}

bool compare(const Check& check) {
  std::uint64_t frame = 0;
  if (!running_frame(check, frame)) return false;
  PyObject* object = check.api.frame();
  check.api.retain(object);
  bool same = true;
  for (int i = 0; same && i < kFrames; ++i) {
    same = object != nullptr && skip_entry_frames(*check.layout, frame) && is_same(check, frame, object) &&
           read_safely(frame + check.layout->previous, frame);
    PyObject* const back = object != nullptr ? check.api.attribute(object, "f_back") : nullptr;
    check.api.release(object);
    object = back;
  }
  check.api.release(object);
  return same;
}

PyObject* probe(PyObject* /*self*/, PyObject* /*none*/) {
  g_check.agrees = compare(g_check);
  g_check.api.retain(g_check.api.none);
  return g_check.api.none;
}

void run(const PythonObjects& api) {
  static PythonMethod method{"probe", probe, PythonMethod::kNoArguments, nullptr};
  PyObject* const names = api.dict_new();
  PyObject* const function = api.new_function(&method, nullptr, nullptr);
  PyObject* const code = api.compile(kProgram, "<recorder>", kFileInput);
  if (names != nullptr && function != nullptr && code != nullptr &&
      api.dict_set(names, "__builtins__", api.builtins()) == 0 && api.dict_set(names, "probe", function) == 0) {
    api.release(api.evaluate(code, names, names));
  }
  api.clear_error();
  api.release(code);
  api.release(function);
  api.release(names);
}

}  // namespace

bool agrees_with_python(const Interpreter& python, const PythonLayout& layout) {
  g_check = {&python, &layout, {}, false};
  if (!g_check.api.find()) return false;
  run(g_check.api);
  return g_check.agrees;
}

}  // namespace snapshot::recorder

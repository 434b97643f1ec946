#include "recorder/python/start.h"

#include "recorder/core.h"
#include "recorder/metadata.h"
#include "recorder/python/codes.h"
#include "recorder/python/early_hook.h"
#include "recorder/python/hooks.h"
#include "recorder/python/objects.h"
#include "recorder/python/self_check.h"
#include "recorder/python/small_blocks.h"
#include "recorder/python/track.h"
#include "recorder/python/types.h"
#include "recorder/python/walk.h"

#include <dlfcn.h>

#include <cstring>

namespace snapshot::recorder {
namespace {

constexpr std::uint32_t kMallocDomain = 1;  // its number, for PyTraceMalloc_Track's are anything

const PythonLayout* g_layout;

/// A code object that has a row died: what walks remember of it no longer holds.
void forget_code_object(void* row) {
  if (row != nullptr) g_python_world.generation.fetch_add(1, std::memory_order_relaxed);
}

/// The minor version of "3.11.7 (main, ...)"; 0 for another one.
int minor_of(const char* version) {
  if (version[0] != '3' || version[1] != '.') return 0;
  int minor = 0;
  for (const char* digit = version + 2; *digit >= '0' && *digit <= '9'; ++digit) minor = minor * 10 + *digit - '0';
  return minor;
}

const PythonLayout* layout_of(const char* version) {
  if (strstr(version, "free-threading") != nullptr) return nullptr;
  switch (minor_of(version)) {
    case 8: return &kPython38;
    case 9: return &kPython39;
    case 10: return &kPython310;
    case 11: return &kPython311;
    case 12: return &kPython312;
    case 13: return &kPython313;
    default: return nullptr;
  }
}

std::uint64_t interpreter_of(void* thread) {
  return read_at<std::uint64_t>(reinterpret_cast<std::uint64_t>(thread), kThreadInterpreter);
}

bool is_main(void* thread) {
  auto* const main = reinterpret_cast<void* (*)()>(dlsym(RTLD_DEFAULT, "PyInterpreterState_Main"));
  return main == nullptr || reinterpret_cast<std::uint64_t>(main()) == interpreter_of(thread);
}

/// Before Python imports a module the last one has long been loaded.
int on_import(const char* event, PyObject* /*arguments*/, void* /*data*/) {
  if (is_active() && strcmp(event, "import") == 0) track_new_modules();
  return 0;
}

const char* prepare(const Interpreter& python) {
  if (g_layout != nullptr) return nullptr;
  const PythonLayout* const layout = layout_of(python.get_version());
  if (layout == nullptr) return "this version or build of Python is not known: 3.8 to 3.13 with the GIL are";
  void* const thread = python.unchecked_thread();
  if (thread == nullptr || !is_main(thread)) return "subinterpreters are not recorded";
  if (!agrees_with_python(python, *layout)) return "this build of Python keeps its frames in another way";
  const std::ptrdiff_t index = python.request_code_index(forget_code_object);
  if (index < 0) return "Python has no room for what the recorder keeps with code";
  g_python_world.python = &python;
  g_python_world.code_index = index;
  g_python_world.main_interpreter = interpreter_of(thread);
  if (python.add_audit_hook(on_import, nullptr) != 0) python.clear_error();  // another hook does not want it
  g_layout = layout;
  return nullptr;
}

/// Sets up the parts of the region in use.
const char* prepare_region(const Interpreter& python) {
  const RegionMap region = current_region();
  Header& header = region.header();
  if (header.python.minor.load() != 0) return nullptr;  // this was done, or a child has its parent's
  ++g_python_world.region;                              // what code objects and walks have is of another one
  g_python_world.generation.fetch_add(1);
  header.python.line_table = g_layout->line_table;
  const char* const version = python.get_version();
  const std::size_t length = strcspn(version, " ");
  memcpy(header.python.version, version, length < sizeof header.python.version ? length : 0);
  if (!PythonCodes(region).start() || !SmallBlocks(region).start())
    return "there is no memory for what the recorder keeps of code";
  header.python.minor.store(static_cast<std::uint32_t>(g_layout->minor));
  return nullptr;
}

}  // namespace

void note_python_types() {
  if (g_layout == nullptr || !is_active()) return;
  begin_own_work();
  note_types(*g_python_world.python, *g_layout);
  end_own_work();
}

namespace {

/// At the end of the program, before Python takes everything apart: what is held now is what a snapshot of the end is
/// to show.
PyObject* end(PyObject* /*self*/, PyObject* /*none*/) {
  if (is_active()) {
    note_python_types();
    stop_updates();
  }
  PythonObjects python{};
  if (!python.find()) return nullptr;
  python.retain(python.none);
  return python.none;
}

/// Functions that are registered first are called last.
void register_end() {
  static PythonMethod method{"end_of_recording", end, PythonMethod::kNoArguments, nullptr};
  PythonObjects python{};
  if (!python.find()) return;
  PyObject* const module = python.import("atexit");
  PyObject* const add = module != nullptr ? python.attribute(module, "register") : nullptr;
  PyObject* const function = python.new_function(&method, nullptr, nullptr);
  if (add != nullptr && function != nullptr) python.release(python.call(add, function, nullptr));
  python.clear_error();
  python.release(function);
  python.release(add);
  python.release(module);
}

int on_event(const char* event, PyObject* /*arguments*/, void* data) {
  static std::atomic<bool> done{false};
  const auto& python = *static_cast<const Interpreter*>(data);
  if (done.load(std::memory_order_relaxed) || strncmp(event, "cpython.run_", 12) != 0) return 0;
  if (python.is_initialized() == 0 || python.unchecked_thread() == nullptr || done.exchange(true)) return 0;
  drop_early_hook();
  if (!is_active()) return 0;
  begin_own_work();
  const char* const refusal = start_python();
  if (refusal != nullptr) {
    copy_text(current_region().header().refusal, refusal);
  } else {
    register_end();
  }
  end_own_work();
  return 0;
}

}  // namespace

const char* prepare_python() {
  const char* refusal = nullptr;
  const Interpreter* const python = Interpreter::find(&refusal);
  return python != nullptr ? prepare(*python) : refusal;
}

const char* start_python() {
  begin_own_work();
  const char* refusal = prepare_python();
  if (refusal == nullptr) refusal = prepare_region(*g_python_world.python);
  end_own_work();
  if (refusal == nullptr) install_python_hooks(*g_python_world.python, *g_layout);
  return refusal;
}

void stop_python() {
  if (g_layout != nullptr) remove_python_hooks(*g_python_world.python);
}

void await_python(Header& header) {
  const char* refusal = nullptr;
  const Interpreter* const python = Interpreter::find(&refusal);
  if (python == nullptr && dlsym(RTLD_DEFAULT, "Py_GetVersion") != nullptr) copy_text(header.refusal, refusal);
  if (python == nullptr) return;
  header.python.malloc_domain.store(domain_row(header, kMallocDomain, "malloc"));
  add_early_hook(*python, on_event, const_cast<Interpreter*>(python));
}

bool is_main_interpreter() {
  const char* refusal = nullptr;
  const Interpreter* const python = Interpreter::find(&refusal);
  return python == nullptr || python->unchecked_thread() == nullptr || is_main(python->unchecked_thread());
}

std::size_t traceback_of_object(const PyObject* object, std::size_t first, std::uint64_t* frames,
                                std::size_t capacity) {
  Block block{};
  if (g_layout == nullptr || !is_active()) return 0;
  if (!find_python_block(block_of_object(*g_layout, object), block)) return 0;
  std::size_t count = 0;
  const Node* const nodes = current_region().nodes();
  for (std::uint32_t row = block.node(); row > CallNodes::kCutRoot; row = nodes[row].parent.load()) {
    const std::uint64_t frame = nodes[row].frame.load();
    if (!is_code_frame(frame)) continue;
    if (count >= first && count - first < capacity) frames[count - first] = frame;
    ++count;
  }
  return count;
}

PythonFrameText python_frame_text(std::uint64_t frame) {
  const PythonCodes codes(current_region());
  const PythonCodes::Text file = codes.filename(code_of(frame));
  return {file.data, file.size, codes.line(frame)};
}

}  // namespace snapshot::recorder

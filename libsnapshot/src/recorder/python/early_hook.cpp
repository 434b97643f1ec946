#include "recorder/python/early_hook.h"

#include <dlfcn.h>
#include <link.h>

namespace snapshot::recorder {
namespace {

PythonAllocator g_raw;
void* g_entry;  // Python's of the hook: _Py_AuditHookEntry, of which the first field is the next one

void* note_entry(void* /*context*/, std::size_t size) { return g_entry = g_raw.malloc(g_raw.context, size); }

}  // namespace

void add_early_hook(const Interpreter& python, AuditHook hook, void* data) {
  python.get_allocator(PythonDomain::raw, &g_raw);
  PythonAllocator noting = g_raw;
  noting.malloc = note_entry;
  python.set_allocator(PythonDomain::raw, &noting);
  python.add_audit_hook(hook, data);
  python.set_allocator(PythonDomain::raw, &g_raw);
}

void drop_early_hook() {
  void* const runtime = dlsym(RTLD_DEFAULT, "_PyRuntime");
  Dl_info info{};
  void* symbol = nullptr;
  if (g_entry == nullptr || runtime == nullptr) return;
  if (dladdr1(runtime, &info, &symbol, RTLD_DL_SYMENT) == 0 || symbol == nullptr) return;
  auto* const words = static_cast<void**>(runtime);
  const std::size_t count = static_cast<const ElfW(Sym)*>(symbol)->st_size / sizeof *words;
  for (std::size_t i = 0; i < count; ++i) {
    if (words[i] != g_entry) continue;
    __atomic_store_n(&words[i], *static_cast<void**>(g_entry), __ATOMIC_RELEASE);  // not freed: Python may be in it
    g_entry = nullptr;
    return;
  }
}

}  // namespace snapshot::recorder

#include "recorder/python/hook_parts.h"

#include "recorder/python/current_thread.h"

namespace snapshot::recorder {

PythonWalker* make_walker(ThreadState& thread) {
  thread.python = static_cast<PythonWalker*>(map_private(sizeof(PythonWalker)));
  if (thread.python != nullptr) current_region().header().memory.fetch_add(16384, std::memory_order_relaxed);
  return thread.python;
}

void* ask_current_thread(ThreadState& thread) {
  const Interpreter& python = *g_python_world.python;
  thread.python_thread = slot_of_current_thread(python.unchecked_thread);
  return python.unchecked_thread();
}

void enter_large(ThreadState& thread, std::uint64_t address, std::uint64_t size, std::uint32_t domain,
                 std::uint32_t node) {
  {
    const Busy busy(thread);
    enter_known(thread, prefetch_block(address), address, size, domain, node);
  }
  if (thread.deferred_count != 0) settle_deferred(thread);
}

}  // namespace snapshot::recorder

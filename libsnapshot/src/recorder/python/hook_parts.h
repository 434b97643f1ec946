#pragma once

#include "recorder/core.h"
#include "recorder/python/interpreter.h"
#include "recorder/python/layout.h"
#include "recorder/python/walk_frames.h"
#include "recorder/system.h"
#include "recorder/threads.h"

#include <atomic>
#include <cstddef>
#include <cstdint>

// What the functions in front of Python's allocators have in common.

namespace snapshot::recorder {

inline std::uint64_t address_of(const void* block) { return reinterpret_cast<std::uint64_t>(block); }

inline bool is_sampling() { return __builtin_expect(current_region().header().settings.sampling_interval != 0, 0); }

/// Where samples are: by a hash of their page, whether there ever was one. Most blocks that are freed are none.
inline std::atomic<unsigned char> g_sampled[1 << 13];
inline std::atomic<unsigned char>& sampled_at(std::uint64_t address) {
  return g_sampled[(address >> 12) * 0x9e3779b97f4a7c15 >> 51];
}

/// The calling thread's state, when what it allocates now is to be entered.
inline ThreadState* recorded_thread() {
  if (!is_active()) return nullptr;
  ThreadState* const thread = t_thread != nullptr ? t_thread : attach_thread(current_region());
  return thread != nullptr && thread->own_work == 0 ? thread : nullptr;
}

/// While an allocator is at work: what it takes from the next one is not a block of the program's.
class OwnWork {
 public:
  explicit OwnWork(ThreadState& thread) : thread_(thread) { ++thread_.own_work; }
  ~OwnWork() { --thread_.own_work; }
  OwnWork(const OwnWork&) = delete;
  OwnWork& operator=(const OwnWork&) = delete;

 private:
  ThreadState& thread_;
};

/// Null where there is no memory.
[[gnu::cold]] PythonWalker* make_walker(ThreadState& thread);

/// As Interpreter::unchecked_thread, which it finds a shorter way to for the next time.
[[gnu::noinline]] void* ask_current_thread(ThreadState& thread);

/// The node of the calling thread's traceback. `may_lack_gil`: it may run without Python's lock.
template <const PythonLayout& kLayout>
inline std::uint32_t walk_own_thread(ThreadState& thread, bool may_lack_gil) {
  PythonWalker* const walker = __builtin_expect(thread.python != nullptr, 1) ? thread.python : make_walker(thread);
  if (walker == nullptr) return 0;
  // Up to 3.11 the current thread is whoever has the GIL.
  void* const running = thread.python_thread != nullptr ? *thread.python_thread : ask_current_thread(thread);
  void* const own = may_lack_gil ? g_python_world.python->own_thread() : running;
  return walker->walk<kLayout>(current_region(), reinterpret_cast<std::uint64_t>(own), own == running,
                               current_region().header().settings.traceback_limit);
}

/// Enters a block in the table of all that are not small blocks of Python's.
[[gnu::noinline]] void enter_large(ThreadState& thread, std::uint64_t address, std::uint64_t size, std::uint32_t domain,
                                   std::uint32_t node);

}  // namespace snapshot::recorder

#pragma once

#include "recorder/block_table.h"
#include "recorder/counters.h"
#include "recorder/walker.h"

#include <cstdint>

namespace snapshot::recorder {

class PythonWalker;

/// An update that a signal handler could not make, because its thread was in the middle of one.
struct Deferred {
  Block block;
  std::int64_t size;
  std::uint32_t domain;  ///< of a removal
  bool is_removal;
};

/// What the recorder knows of a living thread, in private memory.
struct ThreadState {
  static constexpr std::uint32_t kMostDeferred = 64;

  std::uint32_t busy;      ///< not 0: the recorder is at work in this thread, which may be interrupted by a signal
  std::uint32_t shard;     ///< whose lock it has, counted from 1
  std::uint32_t own_work;  ///< not 0: the recorder works for itself here (take_snapshot), which is not entered
  std::uint32_t row;       ///< of Header's threads, counted from 1; 0 when there was none left
  std::uint32_t deferred_count;
  std::int64_t until_sample;   ///< bytes
  std::uint64_t last_entered;  ///< address of the last block that was entered under a traceback of Python's
  PythonWalker* python;        ///< made for the first such
  void* const* python_thread;  ///< where Python keeps what runs in the thread (current_thread.h); null: ask
  std::uint64_t random;
  Counters counters;
  ThreadState* next_free;
  Deferred deferred[kMostDeferred];
  Walker walker;  // last: most of it is never touched
};

/// The calling thread's; null before its first block and after its end.
extern constinit thread_local ThreadState* t_thread __attribute__((tls_model("initial-exec")));

/// Whether the calling thread is at its end: what the C library frees then is not worth a state.
bool has_ended();

/// Makes one for the calling thread. Null where there is no memory, and while one is being made.
[[gnu::cold]] ThreadState* attach_thread(RegionMap region);

/// Has the states of threads given back when they end. Once, before threads are made.
void prepare_threads();

/// Enters the calling thread, which alone survived a fork, in the region of the child.
void adopt_thread(RegionMap region);

/// The row of the calling thread in the region, counted from 1; 0 when there is none left.
std::uint32_t add_thread_row(RegionMap region);

/// Keeps the recorder out of the calling thread's own allocations.
class Busy {
 public:
  explicit Busy(ThreadState& thread) : thread_(thread) {
    ++thread_.busy;
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }
  ~Busy() {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    --thread_.busy;
  }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

 private:
  ThreadState& thread_;
};

}  // namespace snapshot::recorder

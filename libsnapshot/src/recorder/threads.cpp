#include "recorder/threads.h"

#include "recorder/machine_stack.h"
#include "recorder/system.h"

#include <pthread.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace snapshot::recorder {

constinit thread_local ThreadState* t_thread __attribute__((tls_model("initial-exec"))) = nullptr;

namespace {

thread_local bool t_ended __attribute__((tls_model("initial-exec"))) = false;
thread_local bool t_attaching __attribute__((tls_model("initial-exec"))) = false;

pthread_key_t g_key;
std::atomic<bool> g_has_key{false};
std::atomic<std::uint32_t> g_free_lock{0};
ThreadState* g_free = nullptr;  // states of threads that ended

ThreadState* take_free() {
  spin_lock(g_free_lock);
  ThreadState* state = g_free;
  if (state != nullptr) g_free = state->next_free;
  g_free_lock.store(0, std::memory_order_release);
  return state;
}

void put_free(ThreadState* state) {
  spin_lock(g_free_lock);
  state->next_free = g_free;
  g_free = state;
  g_free_lock.store(0, std::memory_order_release);
}

/// At the end of a thread. What it allocates or frees after this, in other destructors, attaches it again.
void detach(void* value) {
  auto* state = static_cast<ThreadState*>(value);
  t_attaching = true;  // a signal handler that allocates now is not recorded
  t_thread = nullptr;
  t_ended = true;
  state->counters.detach();
  put_free(state);
  t_attaching = false;
}

void set_up(ThreadState& state, RegionMap region) {
  state.busy = 0;
  state.shard = 0;
  state.own_work = 0;
  state.deferred_count = 0;
  state.counters.attach(region);
  state.walker.restart(own_machine_stack());
  state.random = monotonic_now() ^ reinterpret_cast<std::uint64_t>(&state) ^ std::uint64_t{thread_id()} << 32;
  state.until_sample = 0;
  state.python_thread = nullptr;
  state.row = add_thread_row(region);
}

}  // namespace

bool has_ended() { return t_ended; }

void prepare_threads() {
  if (g_has_key.load() || pthread_key_create(&g_key, detach) != 0) return;
  g_has_key.store(true);
}

std::uint32_t add_thread_row(RegionMap region) {
  Header& header = region.header();
  std::uint32_t row = header.thread_count.load(std::memory_order_relaxed);
  do {
    if (row >= kMaxThreads) return 0;
  } while (!header.thread_count.compare_exchange_weak(row, row + 1));
  ThreadRow& thread = region.threads()[row];
  if (!populate(&thread, sizeof thread)) return 0;
  prctl(PR_GET_NAME, thread.name);
  thread.id.store(thread_id(), std::memory_order_release);
  return row + 1;
}

ThreadState* attach_thread(RegionMap region) {
  if (t_attaching) return nullptr;
  t_attaching = true;
  const KeepErrno keep;
  ThreadState* state = take_free();
  if (state == nullptr) {
    state = static_cast<ThreadState*>(map_private(sizeof(ThreadState)));
    if (state != nullptr) region.header().memory.fetch_add(16384, std::memory_order_relaxed);  // the pages in use
  }
  if (state != nullptr) {
    set_up(*state, region);
    ++state->busy;
    t_thread = state;
    if (g_has_key.load(std::memory_order_relaxed)) pthread_setspecific(g_key, state);
    --state->busy;
  }
  t_attaching = false;
  return state;
}

void adopt_thread(RegionMap region) {
  forget_counter_slots();
  g_free_lock.store(0);
  if (t_thread == nullptr) return;
  t_thread->shard = 0;
  t_thread->counters.attach(region);
  t_thread->walker.restart(own_machine_stack());
  t_thread->row = add_thread_row(region);
}

}  // namespace snapshot::recorder

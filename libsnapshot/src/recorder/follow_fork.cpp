#include "recorder/follow_fork.h"

#include "recorder/core.h"
#include "recorder/new_region.h"
#include "recorder/system.h"
#include "recorder/threads.h"

#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

namespace snapshot::recorder {
namespace {

constexpr std::uint64_t kLongestCopy = 5'000'000'000;  // ns that a parent waits

std::uint64_t g_hold = 0;  // the hold under which a fork is going on; 0: its child is not followed

/// From here to the end of the child's copy the region does not change.
void before_fork() {
  g_hold = 0;
  if (!is_active()) return;
  Header& header = current_region().header();
  if (header.settings.follow_fork == 0 || (t_thread != nullptr && t_thread->busy != 0)) return;
  const KeepErrno keep;
  spin_lock(header.nodes_lock);
  spin_lock(header.modules_lock);
  header.forking.store(1);
  wait_for_hold(header);  // that of a reader who came before
  const std::uint64_t until = monotonic_now() + kLongestCopy;
  header.hold_until.store(until);
  for (std::size_t i = 0; i < kShards; ++i) {
    for (unsigned tries = 0; current_region().shards()[i].lock.load() != 0; ++tries) yield(tries);
  }
  g_hold = until;
}

void end_hold(Header& header) {
  std::uint64_t until = g_hold;
  if (header.hold_until.compare_exchange_strong(until, 0)) {
    header.hold_wake.fetch_add(1);
    futex_wake(header.hold_wake);
  }
}

void after_fork_in_parent() {
  if (g_hold == 0) return;
  const KeepErrno keep;
  Header& header = current_region().header();
  while (header.hold_until.load() == g_hold && monotonic_now() < g_hold) {
    const std::uint32_t wake = header.hold_wake.load();
    if (header.hold_until.load() == g_hold) futex_wait(header.hold_wake, wake, 10'000'000);
  }
  end_hold(header);
  header.forking.store(0);
  header.modules_lock.store(0);
  header.nodes_lock.store(0);
}

bool copy_range(void* to, const void* from, std::size_t size) {
  if (size == 0) return true;
  if (!populate(to, size)) return false;
  memcpy(to, from, size);
  return true;
}

template <typename T>
void copy_word(std::atomic<T>& to, const std::atomic<T>& from) {
  to.store(from.load(std::memory_order_relaxed), std::memory_order_relaxed);
}

void copy_header(const Header& from, Header& to) {
  copy_word(to.state, from.state);
  copy_word(to.full_reason, from.full_reason);
  copy_word(to.clear, from.clear);
  copy_word(to.traced, from.traced);
  copy_word(to.peak, from.peak);
  copy_word(to.node_count, from.node_count);
  copy_word(to.index_generation, from.index_generation);
  copy_word(to.thread_count, from.thread_count);
  copy_word(to.module_count, from.module_count);
  copy_word(to.memory, from.memory);
  memcpy(static_cast<void*>(to.domains), from.domains, sizeof to.domains);
  memcpy(static_cast<void*>(to.metrics), from.metrics, sizeof to.metrics);
}

/// All that the parent's region has.
bool copy_region(RegionMap from, RegionMap to) {
  const Header& header = from.header();
  if (!populate(&to.header(), Layout::kThreads)) return false;
  copy_header(header, to.header());
  bool whole = copy_range(to.counters(), from.counters(), kCounterSlots * sizeof(CounterSlot)) &&
               copy_range(to.shards(), from.shards(), kShards * sizeof(Shard)) &&
               copy_range(to.threads(), from.threads(), header.thread_count.load() * sizeof(ThreadRow)) &&
               copy_range(to.modules(), from.modules(), header.module_count.load() * sizeof(ModuleRow));
  // Memory for nodes is asked for 4,096 rows at a time (call_nodes.cpp).
  const std::size_t nodes = (header.node_count.load() + 4095) / 4096 * 4096;
  const std::uint32_t generation = header.index_generation.load();
  whole = whole && copy_range(to.nodes(), from.nodes(), nodes * sizeof(Node)) &&
          copy_range(to.index(generation), from.index(generation), index_size(generation) * 8);
  for (std::size_t i = 0; whole && i < kShards; ++i) {
    whole = copy_range(to.slots(i), from.slots(i), from.shards()[i].capacity.load() * sizeof(Slot));
  }
  return whole;
}

void drop(RegionMap region) {
  const Header& header = region.header();
  char path[sizeof header.directory + sizeof header.session + 32];
  if (region_path(path, sizeof path, header.directory, header.session, static_cast<std::uint32_t>(getpid()),
                  header.sequence)) {
    unlink(path);
  }
  unmap_region(region);
}

void after_fork_in_child() {
  g_forked_page.active.store(0);  // also where the kernel could not do it
  if (g_hold == 0) return;
  const KeepErrno keep;
  const RegionMap parent = current_region();
  const RegionMap own = create_next_region(parent.header());
  bool copied = own && copy_region(parent, own);
  copied = copied && parent.header().hold_until.load() == g_hold;  // else the parent has gone on
  end_hold(parent.header());
  if (!copied) {
    if (own) drop(own);
    return;
  }
  describe_process(own.header());
  // To the place of the parent's, so that nothing that points there has to be told.
  const std::size_t size = own.header().region_size;
  if (mremap(own.base(), size, size, MREMAP_MAYMOVE | MREMAP_FIXED, parent.base()) == MAP_FAILED) {
    drop(own);
    return;
  }
  adopt_thread(parent);
  start_in(parent);
}

}  // namespace

void prepare_forks() { pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child); }

}  // namespace snapshot::recorder

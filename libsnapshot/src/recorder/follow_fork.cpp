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

constexpr std::uint64_t kLongestCopy = 5'000'000'000;  // ns that a parent waits for a child that copies
constexpr std::uint64_t kLongestBirth = 500'000'000;   // ns that it waits for one to begin: perhaps there is none

// Header::forking
constexpr std::uint32_t kForking = 1;
constexpr std::uint32_t kCopying = 2;  // set by the child

/// The fork that is going on. One at a time; the lock is held from the first handler to the last.
struct Fork {
  std::atomic<std::uint32_t> lock;
  std::uint64_t hold;  // 0: its child is not followed
  std::uint32_t shard;
};
Fork g_fork;

/// From here to the end of the child's copy no block is entered or taken out. Only that: whoever waits now may have
/// what the C library's part of fork() waits for, and goes on when the hold is over. Nodes and modules may still be
/// added.
void before_fork() {
  if (!is_active() || current_region().header().settings.follow_fork == 0) return;
  const KeepErrno keep;
  begin_own_work();  // so that there is a state
  end_own_work();
  ThreadState* thread = t_thread;
  if (thread == nullptr || thread->busy != 0) return;
  ++thread->busy;
  spin_lock(g_fork.lock);
  g_fork.shard = thread->shard;
  thread->shard = 1;  // what signal handlers do here now is made up for afterwards
  Header& header = current_region().header();
  wait_for_hold(header);  // that of a reader who came before
  header.forking.store(kForking);
  const std::uint64_t until = monotonic_now() + kLongestCopy;
  header.hold_until.store(until);
  const auto wait_for = [](const std::atomic<std::uint32_t>& lock) {
    for (unsigned tries = 0; lock.load() != 0; ++tries) yield(tries);
  };
  for (std::size_t i = 0; i < kShards; ++i) wait_for(current_region().shards()[i].lock);
  wait_for(header.python.small.lock);
  g_fork.hold = until;
}

void end_hold(Header& header) {
  std::uint64_t until = g_fork.hold;
  if (header.hold_until.compare_exchange_strong(until, 0)) {
    header.hold_wake.fetch_add(1);
    futex_wake(header.hold_wake);
  }
}

/// Whether this thread is between the two handlers.
bool is_forking() { return t_thread != nullptr && t_thread->busy != 0 && g_fork.hold != 0; }

void end_fork() {
  t_thread->shard = g_fork.shard;
  g_fork.hold = 0;
  --t_thread->busy;
  g_fork.lock.store(0, std::memory_order_release);
}

void after_fork_in_parent() {
  if (!is_active() || !is_forking()) return;
  const KeepErrno keep;
  Header& header = current_region().header();
  const std::uint64_t begin = monotonic_now();
  while (header.hold_until.load() == g_fork.hold) {
    const std::uint64_t now = monotonic_now();
    if (now > g_fork.hold || (header.forking.load() == kForking && now - begin > kLongestBirth)) break;
    const std::uint32_t wake = header.hold_wake.load();
    if (header.hold_until.load() == g_fork.hold) futex_wait(header.hold_wake, wake, 10'000'000);
  }
  end_hold(header);
  header.forking.store(0);
  end_fork();
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
  copy_word(to.thread_count, from.thread_count);
  copy_word(to.module_count, from.module_count);
  copy_word(to.memory, from.memory);
  memcpy(static_cast<void*>(to.domains), from.domains, sizeof to.domains);
  memcpy(static_cast<void*>(to.metrics), from.metrics, sizeof to.metrics);
}

/// The index, without nodes that came after those that were copied.
bool copy_index(RegionMap from, RegionMap to, std::uint32_t node_count) {
  const std::uint32_t generation = from.header().index_generation.load();
  const std::uint64_t size = index_size(generation);
  if (!copy_range(to.index(generation), from.index(generation), size * sizeof(IndexEntry))) return false;
  IndexEntry* index = to.index(generation);
  for (std::uint64_t i = 0; i < size; ++i) {
    const std::uint64_t entry = index[i].load(std::memory_order_relaxed);
    // Without its mark it is not found, and keeps its place in the row of those that are.
    if (node_of(entry) >= node_count) index[i].store(entry & ~kMarkMask, std::memory_order_relaxed);
  }
  to.header().index_generation.store(generation);
  return true;
}

/// What is known of Python: its code, and its small blocks.
bool copy_python(RegionMap from, RegionMap to) {
  const PythonPart& part = from.header().python;
  if (part.minor.load() == 0) return true;
  memcpy(static_cast<void*>(&to.header().python), &part, sizeof part);
  to.header().python.lock.store(0);
  to.header().python.small.lock.store(0);
  constexpr std::size_t kPiece = 1 << 16;  // bytes: memory beyond the rows is asked for in such pieces at most
  const auto whole_pieces = [](std::size_t bytes) { return (bytes + kPiece - 1) / kPiece * kPiece; };
  const std::size_t codes = (part.code_count.load() + kCodesAtOnce - 1) / kCodesAtOnce * kCodesAtOnce;
  const std::uint32_t generation = part.small.generation.load();
  return copy_range(to.codes(), from.codes(), codes * sizeof(CodeRow)) &&
         copy_range(to.code_buckets(), from.code_buckets(), kCodeBuckets * sizeof(std::uint32_t)) &&
         copy_range(to.text_buckets(), from.text_buckets(), kTextBuckets * sizeof(std::uint32_t)) &&
         copy_range(to.texts(), from.texts(), whole_pieces(part.text_used.load() * kTextUnit)) &&
         copy_range(to.small_pages(generation), from.small_pages(generation),
                    small_rows(generation) * sizeof(SmallPage)) &&
         copy_range(to.small_entries(), from.small_entries(),
                    whole_pieces(part.small.entries_used * sizeof(SmallEntry)));
}

/// All that the parent's region has. Rows are only ever added, so those that are there now are whole.
bool copy_region(RegionMap from, RegionMap to) {
  const Header& header = from.header();
  if (!populate(&to.header(), Layout::kThreads)) return false;
  copy_header(header, to.header());
  const std::uint32_t nodes = to.header().node_count.load();
  const std::size_t made_nodes = (nodes + kNodesAtOnce - 1) / kNodesAtOnce * kNodesAtOnce;
  bool whole = copy_range(to.counters(), from.counters(), kCounterSlots * sizeof(CounterSlot)) &&
               copy_range(to.shards(), from.shards(), kShards * sizeof(Shard)) &&
               copy_range(to.threads(), from.threads(), to.header().thread_count.load() * sizeof(ThreadRow)) &&
               copy_range(to.modules(), from.modules(), to.header().module_count.load() * sizeof(ModuleRow)) &&
               copy_range(to.nodes(), from.nodes(), made_nodes * sizeof(Node)) && copy_index(from, to, nodes);
  whole = whole && copy_python(from, to);
  for (std::size_t i = 0; whole && i < kShards; ++i) {
    to.shards()[i].lock.store(0);
    whole = copy_range(to.slots(i), from.slots(i), to.shards()[i].capacity.load() * sizeof(Slot));
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
  if (header.descriptor != 0) return close_nameless(region);
  unmap_region(region);
}

/// The child's own region, in the place of its parent's. False when it is not followed.
bool move_to_own_region(RegionMap parent) {
  parent.header().forking.store(kCopying);
  const RegionMap own = create_next_region(parent.header());
  const bool copied = own && copy_region(parent, own) && parent.header().hold_until.load() == g_fork.hold;
  end_hold(parent.header());
  if (!own) return false;
  const std::size_t size = own.header().region_size;
  if (copied) describe_process(own.header());
  // To the place of the parent's, so that nothing that points there has to be told.
  if (copied && mremap(own.base(), size, size, MREMAP_MAYMOVE | MREMAP_FIXED, parent.base()) != MAP_FAILED) return true;
  drop(own);
  return false;
}

void after_fork_in_child() {
  g_forked_page.active.store(0);  // also where the kernel could not do it
  g_forked_page.mine.store(0);
  if (!is_forking()) {
    g_fork.lock.store(0);
    return;
  }
  const KeepErrno keep;
  const RegionMap region = current_region();
  const bool followed = move_to_own_region(region);
  end_fork();
  if (!followed) return;
  adopt_thread(region);
  start_in(region);
}

}  // namespace

void prepare_forks() { pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child); }

}  // namespace snapshot::recorder

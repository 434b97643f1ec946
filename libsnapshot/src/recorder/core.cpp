#include "recorder/core.h"

#include "recorder/call_nodes.h"
#include "recorder/code_modules.h"
#include "recorder/metadata.h"
#include "recorder/sampling.h"
#include "recorder/system.h"
#include "recorder/threads.h"

#include <linux/membarrier.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>

#ifdef SNAPSHOT_JUDGE_WALKS
#include "judge_walk.h"  // tests/walks
#endif

namespace snapshot::recorder {

ForkedPage g_forked_page;

namespace {

RegionMap g_region;

constexpr std::uint32_t kFewFrames = 8;           // limits up to here are kept by walking no further
constexpr std::uint64_t kPeakHold = 250'000'000;  // ns

/// Lets the reader copy what there is. The hold keeps it as it is until then.
[[gnu::cold]] void request_peak(Header& header) {
  const KeepErrno keep;
  std::int64_t captured = header.captured_peak.load(std::memory_order_relaxed);
  const std::int64_t peak = header.peak.load(std::memory_order_relaxed);
  if (!header.captured_peak.compare_exchange_strong(captured, peak)) return;  // another thread does
  const std::uint32_t reader = header.reader.load(std::memory_order_relaxed);
  if (reader == 0 || (kill(static_cast<pid_t>(reader), 0) != 0 && errno == ESRCH)) {
    header.reader.store(0, std::memory_order_relaxed);
    return;
  }
  std::uint64_t not_held = 0;
  header.hold_until.compare_exchange_strong(not_held, monotonic_now() + kPeakHold);
  header.requests.fetch_or(kRequestPeak);
  futex_wake(header.requests);
  wait_for_hold(header);
}

[[gnu::cold]] void become_full(Header& header) {
  State expected = State::recording;
  if (header.state.compare_exchange_strong(expected, State::full)) header.full_reason.store(FullReason::table);
}

/// Notes that the thread takes a lock of the table, so that a signal handler in it does not wait for it for ever.
class LockNote {
 public:
  LockNote(ThreadState& thread, const BlockTable::Place& place) : thread_(thread), before_(thread.shard) {
    thread.shard = place.shard() + 1;
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }
  ~LockNote() {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    thread_.shard = before_;
  }
  LockNote(const LockNote&) = delete;
  LockNote& operator=(const LockNote&) = delete;

 private:
  ThreadState& thread_;
  std::uint32_t before_;
};

BlockTable::Place place_of(std::uint64_t address) { return BlockTable(g_region).place_of(address); }

void insert(ThreadState& thread, const BlockTable::Place& place, const Block& block, std::int64_t size) {
  Block old{};
  bool falls = false;
  {
    const LockNote note(thread, place);
    const BlockTable::Lock lock(BlockTable(g_region), place);
    const BlockTable::Outcome outcome = lock.insert(block, old);
    if (outcome == BlockTable::Outcome::full) {
      become_full(g_region.header());
      return;
    }
    if (outcome == BlockTable::Outcome::replaced) falls = thread.counters.subtract(whole_size(g_region, old));
    thread.counters.add(size);
  }
  if (falls) request_peak(g_region.header());
}

TakenBlock remove(ThreadState& thread, const BlockTable::Place& place, std::uint64_t address, std::uint32_t domain) {
  TakenBlock taken{};
  bool falls = false;
  {
    const LockNote note(thread, place);
    const BlockTable::Lock lock(BlockTable(g_region), place);
    taken.was_there = lock.remove(address, domain, taken.block);
    if (!taken.was_there) return taken;
    taken.size = whole_size(g_region, taken.block);
    falls = thread.counters.subtract(taken.size);
  }
  if (falls && thread.busy == 1) request_peak(g_region.header());
  return taken;
}

void defer(ThreadState& thread, const Deferred& update) {
  if (thread.deferred_count == ThreadState::kMostDeferred) {
    g_region.header().lost_updates.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  thread.deferred[thread.deferred_count] = update;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  ++thread.deferred_count;
}

/// Makes up for what signal handlers left. They may come again meanwhile.
[[gnu::cold]] void settle(ThreadState& thread) {
  const Busy busy(thread);
  for (std::uint32_t i = 0; i < thread.deferred_count; ++i) {
    const Deferred update = thread.deferred[i];
    if (update.is_removal) {
      remove(thread, place_of(update.block.address()), update.block.address(), 0);
    } else {
      insert(thread, place_of(update.block.address()), update.block, update.size);
    }
  }
  thread.deferred_count = 0;
}

bool is_sampled(ThreadState& thread, std::uint64_t interval, std::uint64_t size) {
  if (thread.random == 0 || thread.until_sample == 0) thread.until_sample = next_sample(thread.random, interval);
  thread.until_sample -= static_cast<std::int64_t>(size);
  if (thread.until_sample > 0) return false;
  while (thread.until_sample <= 0) thread.until_sample += next_sample(thread.random, interval);
  return true;
}

Block make_block(const CallNodes& nodes, const ThreadState& thread, std::uint64_t address, std::uint64_t size,
                 std::uint32_t domain, std::uint32_t node, bool nested) {
  const auto size_high = static_cast<std::uint32_t>(size >> 40);
  std::uint64_t key = (address & Block::kAddressMask) | std::uint64_t{thread.row} << Block::kThreadShift;
  if (__builtin_expect(domain != 0 || size_high != 0, 0)) {
    node = nodes.tag(node, domain, size_high, nested);
    key |= Block::kTaggedBit | (domain != 0 ? Block::kDomainBit : 0);
  }
  return {key, (size & Block::kSizeMask) | std::uint64_t{node} << 40};
}

ThreadState* this_thread() { return t_thread != nullptr ? t_thread : attach_thread(g_region); }

/// In a signal handler that came while the recorder was at work in this thread.
[[gnu::cold]] void enter_nested(ThreadState& thread, std::uint64_t address, std::uint64_t size, std::uint32_t domain,
                                const Registers& caller) {
  const CallNodes nodes(g_region);
  const std::uint32_t node = thread.walker.walk_nested(nodes, caller);
  const Block block = make_block(nodes, thread, address, size, domain, node, true);
  if (thread.shard != 0) {
    defer(thread, {block, static_cast<std::int64_t>(size), false});
  } else {
    insert(thread, place_of(address), block, static_cast<std::int64_t>(size));
  }
}

}  // namespace

RegionMap current_region() { return g_region; }

void start_in(RegionMap region) {
  const KeepErrno keep;
  g_region = region;
  prepare_threads();
  syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, 0, 0);  // for readers that hold (block_table.cpp)
  // Where the kernel is too old for it, the handlers of fork() do what they can (follow_fork.cpp).
  madvise(&g_forked_page, sizeof g_forked_page, MADV_WIPEONFORK);
  g_forked_page.active.store(1, std::memory_order_release);
}

void stop_updates() {
  g_region.header().state.store(State::stopped);
  g_forked_page.active.store(0, std::memory_order_release);
}

void resume_updates() {
  g_forked_page.active.store(1, std::memory_order_release);
  g_region.header().state.store(State::recording);
}

void clear_all_blocks() {
  ThreadState* thread = this_thread();
  if (thread == nullptr || thread->busy != 0) return;
  const Busy busy(*thread);
  g_region.header().clear.fetch_add(1);
  thread->counters.flush();
  BlockTable(g_region).settle_clear();
  reset_peak_of(g_region);
}

bool find_block(std::uint64_t address, std::uint32_t domain, Block& block) {
  ThreadState* thread = this_thread();
  if (thread == nullptr || thread->busy != 0) return false;
  const Busy busy(*thread);
  const LockNote note(*thread, place_of(address));
  return BlockTable::Lock(BlockTable(g_region), address).find(address, domain, block);
}

void enter_block(std::uint64_t address, std::uint64_t size, std::uint32_t domain, const Registers& caller) {
  const Header& header = g_region.header();
  if (header.state.load(std::memory_order_relaxed) != State::recording) return;
  ThreadState* thread = this_thread();
  if (thread == nullptr || thread->own_work != 0) return;
  const std::uint64_t interval = header.settings.sampling_interval;
  if (interval != 0 && !is_sampled(*thread, interval, size)) return;
  if (thread->busy != 0) {
    enter_nested(*thread, address, size, domain, caller);
    return;
  }
  const BlockTable::Place place = place_of(address);
  place.prefetch();
  {
    const Busy busy(*thread);
    const CallNodes nodes(g_region);
    const std::uint32_t limit = header.settings.traceback_limit;
    const std::uint32_t node = thread->walker.walk(nodes, caller, limit <= kFewFrames ? limit : 0);
#ifdef SNAPSHOT_JUDGE_WALKS
    judge_walk(g_region, node, caller);
#endif
    const Block block = make_block(nodes, *thread, address, size, domain, node, false);
    if (header.filter_count.load(std::memory_order_relaxed) == 0 || !nodes.is_excluded(block.node())) {
      insert(*thread, place, block, static_cast<std::int64_t>(size));
    }
  }
  if (thread->deferred_count != 0) settle(*thread);
}

TakenBlock forget_block(std::uint64_t address, std::uint32_t domain) {
  const BlockTable::Place place = place_of(address);
  place.prefetch();
  __builtin_prefetch(reinterpret_cast<const void*>(address - 16), 1);  // where the C library's free() will look
  const Header& header = g_region.header();
  const bool few_are_recorded =
      header.settings.sampling_interval != 0 || header.state.load(std::memory_order_relaxed) != State::recording;
  if (few_are_recorded && BlockTable(g_region).surely_absent(address)) return {};
  ThreadState* thread = this_thread();
  if (thread == nullptr) return {};
  // The writer of a snapshot, in the program itself, would wait for the end of its own hold. Its blocks are not
  // entered.
  if (thread->own_work != 0 && header.hold_until.load(std::memory_order_relaxed) != 0) return {};
  if (thread->busy != 0 && thread->shard != 0) {
    defer(*thread, {{address, 0}, 0, true});
    return {};
  }
  TakenBlock taken{};
  {
    const Busy busy(*thread);
    taken = remove(*thread, place, address, domain);
  }
  if (thread->deferred_count != 0 && thread->busy == 0) settle(*thread);
  return taken;
}

void remember_block(const TakenBlock& taken) {
  if (!taken.was_there || t_thread == nullptr) return;
  const Busy busy(*t_thread);
  insert(*t_thread, place_of(taken.block.address()), taken.block, taken.size);
}

void begin_own_work() {
  if (ThreadState* thread = is_active() ? this_thread() : nullptr) ++thread->own_work;
}

void end_own_work() {
  if (t_thread != nullptr && t_thread->own_work != 0) --t_thread->own_work;
}

void code_changed() {
  Walker::forget_code();
  if (CodeModules(g_region).mark_gone()) CallNodes(g_region).forget_gone_modules();
}

}  // namespace snapshot::recorder

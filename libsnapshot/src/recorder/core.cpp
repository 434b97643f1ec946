#include "recorder/core.h"

#include "recorder/call_nodes.h"
#include "recorder/code_modules.h"
#include "recorder/metadata.h"
#include "recorder/own_region.h"
#include "recorder/sampling.h"
#include "recorder/system.h"
#include "recorder/threads.h"

#include <linux/membarrier.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>

#ifdef SNAPSHOT_JUDGE_WALKS
#include "judge_walk.h"  // tests/walks
#endif

namespace snapshot::recorder {

ForkedPage g_forked_page;
RegionMap g_region;
std::uint32_t g_malloc_domain = 0;

namespace {

std::atomic<MallocWalk> g_malloc_walk{nullptr};
Walker::Stand g_stand;

constexpr std::uint32_t kFewFrames = 8;           // limits up to here are kept by walking no further
constexpr std::uint64_t kPeakHold = 250'000'000;  // ns

/// Lets the reader copy what there is. The hold keeps it as it is until then.
[[gnu::cold]] void request_peak(Header& header) {
  const KeepErrno keep;
  std::int64_t captured = header.captured_peak.load(std::memory_order_relaxed);
  t_thread->counters.flush();
  const std::int64_t peak = header.peak.load(std::memory_order_relaxed);
  if (!header.captured_peak.compare_exchange_strong(captured, peak)) return;  // another thread does
  if (!has_reader(header)) {
    header.reader.store(0, std::memory_order_relaxed);
    return;
  }
  std::uint64_t not_held = 0;
  header.hold_until.compare_exchange_strong(not_held, monotonic_now() + kPeakHold);
  header.requests.fetch_or(kRequestPeak);
  futex_wake(header.requests);
  const std::uint32_t broken = header.holds_broken.load();
  wait_for_hold(header);
  // A reader that does not come is asked no more: it may be stopped.
  if (header.holds_broken.load() != broken) header.captured_peak.store(INT64_MAX);
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
  const LockNote note(thread, place);
  const BlockTable::Lock lock(BlockTable(g_region), place);
  const BlockTable::Outcome outcome = lock.insert(block, old);
  if (outcome == BlockTable::Outcome::full) {
    become_full(g_region.header(), FullReason::table);
    return;
  }
  if (outcome == BlockTable::Outcome::replaced) thread.counters.subtract(whole_size(g_region, old));
  thread.counters.add(size);
}

inline TakenBlock take_out(Counters& counters, const BlockTable::Place& place, std::uint64_t address,
                           std::uint32_t domain) {
  TakenBlock taken{};
  const BlockTable::Lock lock(BlockTable(g_region), place);
  taken.was_there = lock.remove(address, domain, taken.block);
  if (!taken.was_there) return taken;
  taken.size = whole_size(g_region, taken.block);
  counters.subtract(taken.size);
  return taken;
}

TakenBlock remove(ThreadState& thread, const BlockTable::Place& place, std::uint64_t address, std::uint32_t domain) {
  const LockNote note(thread, place);
  return take_out(thread.counters, place, address, domain);
}

/// Before a block goes with which traced memory would fall from a peak, so that the peak's copy has it.
[[gnu::cold]] void look_for_peak(ThreadState& thread, const BlockTable::Place& place, std::uint64_t address,
                                 std::uint32_t domain) {
  Block block{};
  {
    const LockNote note(thread, place);
    if (!BlockTable::Lock(BlockTable(g_region), place).find(address, domain, block)) return;
  }
  if (thread.counters.would_fall_from_peak(whole_size(g_region, block))) request_peak(g_region.header());
}

/// What a thread frees when its state has been given back, as the C library does last of all.
[[gnu::cold]] TakenBlock remove_at_end(const BlockTable::Place& place, std::uint64_t address, std::uint32_t domain) {
  Counters counters;
  counters.share(g_region);
  return take_out(counters, place, address, domain);
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

/// False when a handler has left more meanwhile.
bool forget_deferred(ThreadState& thread, std::uint32_t done) {
  return __atomic_compare_exchange_n(&thread.deferred_count, &done, 0, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

Block make_block(const CallNodes& nodes, const ThreadState& thread, std::uint64_t address, std::uint64_t size,
                 std::uint32_t domain, std::uint32_t node, bool nested) {
  const auto size_high = static_cast<std::uint32_t>(size >> Block::kSizeBits);
  std::uint64_t key = (address & kAddressMask) | std::uint64_t{thread.row} << Block::kThreadShift;
  if (__builtin_expect(domain != 0 || size_high != 0, 0)) {
    node = nodes.tag(node, domain, size_high, nested);
    if (node == 0) return {0, 0};
    key |= Block::kTaggedBit | (domain != 0 ? Block::kDomainBit : 0);
  }
  return {key, (size & Block::kSizeMask) | std::uint64_t{node} << Block::kNodeShift};
}

ThreadState* this_thread() { return t_thread != nullptr ? t_thread : attach_thread(g_region); }

/// In a signal handler that came while the recorder was at work in this thread.
[[gnu::cold]] void enter_nested(ThreadState& thread, std::uint64_t address, std::uint64_t size, std::uint32_t domain,
                                const Registers& caller) {
  const CallNodes nodes(g_region);
  const std::uint32_t node = thread.walker.walk_nested(nodes, caller);
  const Block block = make_block(nodes, thread, address, size, domain, node, true);
  if (block.key == 0) {
    g_region.header().lost_updates.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  if (thread.shard != 0) {
    defer(thread, {block, static_cast<std::int64_t>(size), domain, false});
  } else {
    insert(thread, place_of(address), block, static_cast<std::int64_t>(size));
  }
}

}  // namespace

void start_in(RegionMap region) {
  const KeepErrno keep;
  g_region = region;
  g_malloc_domain = region.header().python.malloc_domain.load();
  g_forked_page.mine.store(1, std::memory_order_relaxed);
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

/// They may come again meanwhile.
void settle_deferred(ThreadState& thread) {
  const Busy busy(thread);
  std::uint32_t done = 0;
  while (done < thread.deferred_count || !forget_deferred(thread, done)) {
    const std::uint32_t i = done++;
    const Deferred update = thread.deferred[i];
    if (update.is_removal) {
      remove(thread, place_of(update.block.address()), update.block.address(), update.domain);
    } else {
      insert(thread, place_of(update.block.address()), update.block, update.size);
    }
  }
}

BlockTable::Place prefetch_block(std::uint64_t address) {
  const BlockTable::Place place = place_of(address);
  place.prefetch();
  return place;
}

void look_for_peak(ThreadState& thread, std::int64_t size) {
  if (thread.counters.would_fall_from_peak(size)) request_peak(g_region.header());
}

bool is_sampled(ThreadState& thread, std::uint64_t size) {
  const std::uint64_t interval = g_region.header().settings.sampling_interval;
  if (thread.until_sample == -static_cast<std::int64_t>(size)) {  // the thread's first
    thread.until_sample += next_sample(thread.random, interval);
    if (thread.until_sample > 0) return false;
  }
  while (thread.until_sample <= 0) thread.until_sample += next_sample(thread.random, interval);
  return true;
}

void enter_known(ThreadState& thread, const BlockTable::Place& place, std::uint64_t address, std::uint64_t size,
                 std::uint32_t domain, std::uint32_t node) {
  const CallNodes nodes(g_region);
  const Block block = make_block(nodes, thread, address, size, domain, node, false);
  if (block.key == 0) return;  // the tree is full, and with it the domain's tag is not there
  if (g_region.header().filter_count.load(std::memory_order_relaxed) == 0 || !nodes.is_excluded(block.node())) {
    insert(thread, place, block, static_cast<std::int64_t>(size));
  }
}

void set_malloc_walk(MallocWalk walk, std::uint64_t begin, std::uint64_t end) {
  g_stand = {begin, end, 0};
  g_malloc_walk.store(walk);
}

namespace {

std::uint32_t walk_malloc(ThreadState& thread, std::uint32_t domain, const Registers& caller) {
  const Settings& settings = g_region.header().settings;
  const CallNodes nodes(g_region);
  const MallocWalk other = g_malloc_walk.load(std::memory_order_acquire);
  std::uint32_t node = other != nullptr && domain == g_malloc_domain ? other(thread) : 0;
  if (node != 0 && settings.native == 0) return node;
  if (node != 0) return thread.walker.walk_onto(nodes, caller, {g_stand.begin, g_stand.end, node});
  const std::uint32_t limit = settings.traceback_limit;
  node = thread.walker.walk(nodes, caller, limit <= kFewFrames ? limit : 0);
#ifdef SNAPSHOT_JUDGE_WALKS
  judge_walk(g_region, node, caller);
#endif
  return node;
}

}  // namespace

bool enter_block(std::uint64_t address, std::uint64_t size, std::uint32_t domain, const Registers& caller) {
  const Header& header = g_region.header();
  if (header.state.load(std::memory_order_relaxed) != State::recording) return false;
  ThreadState* thread = this_thread();
  if (thread == nullptr || thread->own_work != 0 || !wants_block(*thread, size)) return true;
  if (thread->busy != 0) {
    enter_nested(*thread, address, size, domain, caller);
    return true;
  }
  const BlockTable::Place place = prefetch_block(address);
  {
    const Busy busy(*thread);
    enter_known(*thread, place, address, size, domain, walk_malloc(*thread, domain, caller));
  }
  if (thread->deferred_count != 0) settle_deferred(*thread);
  return true;
}

TakenBlock forget_block(std::uint64_t address, std::uint32_t domain) {
  const BlockTable::Place place = place_of(address);
  place.prefetch();
  __builtin_prefetch(reinterpret_cast<const void*>(address - 16), 1);  // where the C library's free() will look
  const Header& header = g_region.header();
  const bool few_are_recorded =
      header.settings.sampling_interval != 0 || header.state.load(std::memory_order_relaxed) != State::recording;
  if (few_are_recorded && BlockTable(g_region).surely_absent(place, address)) return {};
  if (__builtin_expect(t_thread == nullptr && has_ended(), 0)) return remove_at_end(place, address, domain);
  ThreadState* thread = this_thread();
  if (thread == nullptr) return {};
  // The writer of a snapshot, in the program itself, would wait for the end of its own hold. Its blocks are not
  // entered.
  if (thread->own_work != 0 && header.hold_until.load(std::memory_order_relaxed) != 0) return {};
  if (thread->busy != 0 && thread->shard != 0) {
    defer(*thread, {{address, 0}, 0, domain, true});
    return {};
  }
  TakenBlock taken{};
  {
    const Busy busy(*thread);
    if (header.settings.want_peak != 0 && thread->busy == 1) look_for_peak(*thread, place, address, domain);
    taken = remove(*thread, place, address, domain);
  }
  if (thread->deferred_count != 0 && thread->busy == 0) settle_deferred(*thread);
  return taken;
}

void move_block(const TakenBlock& taken, std::uint64_t address, std::uint64_t size) {
  if (size > Block::kSizeMask || taken.block.is_tagged() || t_thread == nullptr) return;
  const Busy busy(*t_thread);
  const Block block{(taken.block.key & ~kAddressMask) | address, (taken.block.value & ~Block::kSizeMask) | size};
  insert(*t_thread, place_of(address), block, static_cast<std::int64_t>(size));
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
  ThreadState* thread = this_thread();
  if (thread == nullptr || thread->busy != 0) return;
  const Busy busy(*thread);  // a signal handler's allocations do not wait for the locks that this takes
  Walker::forget_code();
  if (CodeModules(g_region).mark_gone()) CallNodes(g_region).forget_gone_modules();
}

}  // namespace snapshot::recorder

#pragma once

#include "recorder/block_table.h"
#include "recorder/region.h"
#include "recorder/threads.h"
#include "recorder/walker.h"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace snapshot::recorder {

/// The one recorder of a process. Nothing here allocates, throws or writes to the program's files; every function may
/// be called from any thread and, but for those that start and stop, from signal handlers.

/// Whether updates are wanted. Lies in a page that a forked child sees as zero, however it was forked: a child never
/// writes to its parent's region.
struct alignas(4096) ForkedPage {
  std::atomic<std::uint32_t> active;
  std::atomic<std::uint32_t> mine;  ///< 1: current_region() is this process's own
};
extern ForkedPage g_forked_page;

/// Whether there is a region, and it is not that of a parent.
inline bool is_mine() { return g_forked_page.mine.load(std::memory_order_relaxed) != 0; }

inline bool is_active() { return __builtin_expect(g_forked_page.active.load(std::memory_order_relaxed) != 0, 0); }

extern RegionMap g_region;

/// The region in use; empty before start_in().
inline RegionMap current_region() { return g_region; }

/// Begins to record in a region that is set up (BlockTable::start, CallNodes::start) or was copied from another.
void start_in(RegionMap region);

/// No further updates. The region stays as it is; what is in it soon is no longer true.
void stop_updates();

/// Begins again after stop_updates().
void resume_updates();

/// Forgets all blocks, and the peak.
void clear_all_blocks();

bool find_block(std::uint64_t address, std::uint32_t domain, Block& block);

/// What forget_block() took, so that remember_block() can bring it back when realloc fails.
struct TakenBlock {
  Block block;
  std::int64_t size;
  bool was_there;
};

/// Enters a live block of `domain`, a row of Header::domains (0: the malloc family). Call only when is_active(), after
/// the block is there. False while new blocks are not entered.
bool enter_block(std::uint64_t address, std::uint64_t size, std::uint32_t domain, const Registers& caller);

/// Takes a block out. Call only when is_active(), before the block goes: afterwards its address may be another's.
TakenBlock forget_block(std::uint64_t address, std::uint32_t domain);

void remember_block(const TakenBlock& taken);

/// Begins to fetch what an update of a block will need.
BlockTable::Place prefetch_block(std::uint64_t address);

/// Whether the sample has a block behind which ThreadState::until_sample is not above 0.
[[gnu::cold]] bool is_sampled(ThreadState& thread, std::uint64_t size);

/// Whether a new block of this size is to be entered: recording goes on, and the sample has it.
inline bool wants_block(ThreadState& thread, std::uint64_t size) {
  const Header& header = g_region.header();
  if (header.state.load(std::memory_order_relaxed) != State::recording) return false;
  if (__builtin_expect(header.settings.sampling_interval == 0, 1)) return true;
  thread.until_sample -= static_cast<std::int64_t>(size);
  return thread.until_sample <= 0 && is_sampled(thread, size);
}

/// Enters a block whose traceback is known. While the thread is Busy.
void enter_known(ThreadState& thread, const BlockTable::Place& place, std::uint64_t address, std::uint64_t size,
                 std::uint32_t domain, std::uint32_t node);

/// Before a block of so many bytes goes: has the reader copy a peak from which traced memory would fall.
void look_for_peak(ThreadState& thread, std::int64_t size);

/// Makes up for what signal handlers left meanwhile, when ThreadState::deferred_count says so.
[[gnu::cold]] void settle_deferred(ThreadState& thread);

/// How the malloc family's blocks get a traceback instead of that of native frames: a node, or 0 where this has none.
/// Such blocks are in malloc_domain(), a row of Header::domains. Null: no longer.
extern std::uint32_t g_malloc_domain;
inline std::uint32_t malloc_domain() { return g_malloc_domain; }
using MallocWalk = std::uint32_t (*)(ThreadState& thread);

/// With Settings::native such a node stands for the native frames from the code [begin, end) on, and has those above
/// that as its own.
void set_malloc_walk(MallocWalk walk, std::uint64_t begin, std::uint64_t end);

/// Enters a block again that was moved while new ones are not entered, as what it was.
void move_block(const TakenBlock& taken, std::uint64_t address, std::uint64_t size);

/// Puts the calling thread's own allocations out of the record for a while. No-ops when the thread is not recorded.
void begin_own_work();
void end_own_work();

/// Code was unloaded (dlclose): addresses in it may soon be other code's.
void code_changed();

}  // namespace snapshot::recorder

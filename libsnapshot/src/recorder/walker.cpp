#include "recorder/walker.h"

#include "recorder/row_cache.h"

#include <emmintrin.h>

#include <atomic>
#include <cstring>

namespace snapshot::recorder {
namespace {

std::atomic<std::uint32_t> g_generation{1};  // of code; Walker::generation_ 0 is none

// The kernel's frame of a signal handler: where sp points when the handler returns to it lies a ucontext_t.
constexpr std::uint64_t kInterruptedBp = 120;  // offsets of uc_mcontext.gregs[REG_RBP], [REG_RSP], [REG_RIP]
constexpr std::uint64_t kInterruptedSp = 160;
constexpr std::uint64_t kInterruptedPc = 168;

std::uint64_t load(std::uint64_t address) { return *reinterpret_cast<const volatile std::uint64_t*>(address); }

/// The flag of the node of such a frame: pc is exact in the most recent frames of what a signal interrupted.
enum class Pc : std::uint8_t { return_address, exact };

struct Step {
  Registers caller;
  const std::uint64_t* saved_bp;  // null: in bp still, or nowhere
  enum class End : std::uint8_t { none, oldest, cut, signal } end;
};

/// Code that says nothing of itself, as that which programs make while they run: if it keeps a frame pointer, which
/// shows in a chain of them up the machine stack, that leads on. (libunwind does the same, with fewer questions.)
template <typename Readable>
Step step_by_frame_pointer(const Registers& frame, Readable&& readable) {
  constexpr Step kCut{{}, nullptr, Step::End::cut};
  if (frame.bp < frame.sp || !readable(frame.bp) || !readable(frame.bp + 8)) return kCut;
  const std::uint64_t outer = load(frame.bp);
  if (outer <= frame.bp || !readable(outer) || load(frame.bp + 8) == 0) return kCut;
  return {
      {load(frame.bp + 8), frame.bp + 16, outer}, reinterpret_cast<const std::uint64_t*>(frame.bp), Step::End::none};
}

/// From a frame to its caller, reading between its sp and `stack_end` alone.
Step step(const Registers& frame, Pc pc, std::uint64_t stack_end) {
  const UnwindRow row = cached_unwind_row(pc == Pc::exact ? frame.pc : frame.pc - 1);
  Step result{};
  std::uint64_t cfa = 0;
  const auto readable = [&](std::uint64_t address) {
    return address % 8 == 0 && address >= frame.sp - 8 && address <= stack_end - 8;
  };
  switch (row.kind) {
    case UnwindRow::Kind::from_sp: cfa = frame.sp + static_cast<std::uint64_t>(std::int64_t{row.offset}); break;
    case UnwindRow::Kind::from_bp: cfa = frame.bp + static_cast<std::uint64_t>(std::int64_t{row.offset}); break;
    case UnwindRow::Kind::from_memory: {
      const std::uint64_t place = frame.bp + static_cast<std::uint64_t>(std::int64_t{row.offset});
      if (!readable(place)) return {{}, nullptr, Step::End::cut};
      cfa = load(place);
      break;
    }
    case UnwindRow::Kind::oldest: return {{}, nullptr, Step::End::oldest};
    case UnwindRow::Kind::signal:
      if (!readable(frame.sp + kInterruptedPc)) return {{}, nullptr, Step::End::cut};
      return {{load(frame.sp + kInterruptedPc), load(frame.sp + kInterruptedSp), load(frame.sp + kInterruptedBp)},
              nullptr,
              Step::End::signal};
    default: return step_by_frame_pointer(frame, readable);
  }
  if (cfa <= frame.sp || !readable(cfa - 8)) return {{}, nullptr, Step::End::cut};
  result.caller.sp = cfa;
  result.caller.pc = load(cfa - 8);
  result.caller.bp = frame.bp;
  if (row.saved_bp != UnwindRow::kSame && row.saved_bp != UnwindRow::kUndefined) {
    const std::uint64_t place = row.saved_bp == UnwindRow::kAtBp ? frame.bp : cfa - 8 * std::uint64_t{row.saved_bp};
    if (!readable(place)) return {{}, nullptr, Step::End::cut};
    result.saved_bp = reinterpret_cast<const std::uint64_t*>(place);
    result.caller.bp = load(place);
  }
  if (result.caller.pc == 0) result.end = Step::End::oldest;  // a thread's first frame, by convention
  return result;
}

}  // namespace

void Walker::forget_code() {
  forget_unwind_rows();
  g_generation.fetch_add(1, std::memory_order_release);
}

std::uint32_t Walker::walk(const CallNodes& nodes, Registers registers, std::uint32_t limit) {
  if (generation_ != g_generation.load(std::memory_order_acquire)) {
    generation_ = g_generation.load(std::memory_order_acquire);
    depth_ = 0;
  }
  const std::size_t most = limit == 0 || limit > kMaxFrames ? kMaxFrames : limit;
  const End end = walk_fresh(registers, most);
  return keep(nodes, end);
}

/// Up to where the stack of a stack pointer can be read.
std::uint64_t Walker::stack_end(std::uint64_t sp) {
  if (own_.has(sp)) return own_.end;
  for (const MachineStack& other : others_) {
    if (other.has(sp)) return other.end;
  }
  MachineStack& other = others_[next_other_++ % kOthers];
  other = probe_machine_stack(sp);
  return other.end;
}

/// Fills fresh_ up to a frame that the walk before has too, matched_ - 1, or to the oldest.
Walker::End Walker::walk_fresh(Registers registers, std::size_t limit) {
  std::uint64_t end = stack_end(registers.sp);
  std::size_t candidate = limit == kMaxFrames ? depth_ : 0;
  Pc pc = Pc::return_address;
  matched_ = 0;
  fresh_count_ = 0;
  bool strange = false;
  while (fresh_count_ < limit) {
    if (matches(candidate, registers, end)) return End::matched;
    Frame& frame = fresh_[fresh_count_++];
    frame.registers = registers;
    frame.flags = pc == Pc::exact ? std::uint32_t{kNodeExact} : 0;
    const Step next = step(registers, pc, end);
    frame.saved_bp = next.saved_bp;
    pc = Pc::return_address;
    if (next.end == Step::End::oldest) return strange ? End::strange : End::oldest;
    if (next.end == Step::End::cut) return End::cut;
    if (next.end == Step::End::signal) {
      // The handler may have run on a stack of its own: what is outside lies anywhere.
      strange = true;
      candidate = 0;
      pc = Pc::exact;
      end = stack_end(next.caller.sp);
    }
    registers = next.caller;
  }
  return End::cut;
}

/// Whether the walk before had a frame in this very state, and all outside it is as it was. `candidate` counts the
/// frames of kept_, from the oldest, that can still be it.
bool Walker::matches(std::size_t& candidate, const Registers& registers, std::uint64_t stack_end) {
  while (candidate != 0 && kept_[candidate - 1].registers.sp < registers.sp) --candidate;
  if (candidate == 0 || kept_[0].registers.sp > stack_end) return false;
  const Registers& kept = kept_[candidate - 1].registers;
  if (kept.sp != registers.sp || kept.pc != registers.pc || kept.bp != registers.bp) return false;
  if (__builtin_expect(is_unchanged(candidate), 1)) {
    matched_ = candidate;
    return true;
  }
  candidate = first_changed(candidate - 1);
  return false;
}

/// Whether so many frames of kept_ are what they were. Loads that do not wait for each other.
bool Walker::is_unchanged(std::size_t frames) const {
  const Check* const last = checks_ + kept_[frames - 1].check_count;
  std::uint64_t difference = 0;
#pragma GCC unroll 4
  for (const Check* check = checks_; check < last; ++check) {
    difference |= *const_cast<const volatile std::uint64_t*>(check->place) ^ check->value;
  }
  const PairCheck* const last_pair = pairs_ + kept_[frames - 1].pair_count;
  __m128i differences = _mm_setzero_si128();
#pragma GCC unroll 4
  for (const PairCheck* pair = pairs_; pair < last_pair; ++pair) {
    const __m128i there = _mm_loadu_si128(reinterpret_cast<const __m128i*>(pair->place));
    const __m128i kept = _mm_loadu_si128(reinterpret_cast<const __m128i*>(&pair->bp));
    differences = _mm_or_si128(differences, _mm_xor_si128(there, kept));
  }
  difference |= static_cast<std::uint64_t>(_mm_cvtsi128_si64(differences)) |
                static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm_unpackhi_epi64(differences, differences)));
  return difference == 0;
}

/// The oldest of the frames up to `last` whose caller is no longer the frame before it; last + 1 when there is none.
/// Frames from there inwards are not what they were.
std::size_t Walker::first_changed(std::size_t last) const {
  for (std::size_t i = 1; i <= last; ++i) {
    const Registers& caller = kept_[i - 1].registers;
    if (load(caller.sp - 8) != caller.pc ||
        *const_cast<const volatile std::uint64_t*>(kept_[i].saved_bp) != caller.bp) {
      return i;
    }
  }
  return last + 1;
}

/// The node of fresh_ below the frames in common; remembers all for the next walk.
std::uint32_t Walker::keep(const CallNodes& nodes, End end) {
  const std::uint32_t root = end == End::cut ? CallNodes::kCutRoot : CallNodes::kRoot;
  if (matched_ != 0 && fresh_count_ == 0 && kept_[matched_ - 1].node != 0) {
    depth_ = matched_;
    return kept_[matched_ - 1].node;
  }
  PathHash path = matched_ == 0 ? CallNodes::root_hash(root) : kept_[matched_ - 1].path;
  for (std::size_t i = fresh_count_; i-- != 0;) {
    path = CallNodes::path_of(path, fresh_[i].registers.pc, fresh_[i].flags);
    fresh_[i].path = path;
  }
  const std::uint32_t node = node_of(nodes, path, root);
  if (end == End::strange || end == End::cut || matched_ + fresh_count_ > kMaxFrames) {
    depth_ = 0;
    return node;
  }
  depth_ = matched_;
  for (std::size_t i = fresh_count_; i-- != 0; ++depth_) {
    Frame& frame = kept_[depth_];
    frame = fresh_[i];
    if (frame.saved_bp == nullptr && depth_ != 0) frame.saved_bp = &kept_[depth_ - 1].registers.bp;
    frame.node = 0;
    add_checks();
  }
  kept_[depth_ - 1].node = node;
  return node;
}

/// Mostly the node is there. If not, those of older frames may not be either.
std::uint32_t Walker::node_of(const CallNodes& nodes, PathHash path, std::uint32_t root) {
  if (const std::uint32_t node = nodes.find(path); node != 0) return node;
  std::uint32_t node = matched_ == 0 ? root : nodes.find(kept_[matched_ - 1].path);
  const auto step_in = [&](const Frame& frame) {
    node = nodes.find_or_add(frame.path, node, frame.registers.pc, frame.flags, false);
  };
  if (matched_ != 0 && node == 0) {  // the tree was full, or its code is gone: from the oldest frame on
    node = root;
    for (std::size_t i = 0; i < matched_; ++i) step_in(kept_[i]);
  }
  for (std::size_t i = fresh_count_; i-- != 0;) step_in(fresh_[i]);
  return node;
}

/// Notes on what the frame at depth_ depends: where its return address lies, and its caller's bp.
void Walker::add_checks() {
  Frame& frame = kept_[depth_];
  frame.check_count = 0;
  frame.pair_count = 0;
  if (depth_ == 0) return;
  const Frame& caller = kept_[depth_ - 1];
  const auto* return_address = reinterpret_cast<const std::uint64_t*>(caller.registers.sp - 8);
  std::uint32_t checks = caller.check_count;
  std::uint32_t pairs = caller.pair_count;
  if (frame.saved_bp == return_address - 1) {
    pairs_[pairs++] = {frame.saved_bp, caller.registers.bp, caller.registers.pc};
  } else {
    checks_[checks++] = {return_address, caller.registers.pc};
    if (frame.saved_bp != &caller.registers.bp) checks_[checks++] = {frame.saved_bp, caller.registers.bp};
  }
  frame.check_count = checks;
  frame.pair_count = pairs;
}

/// Without what the walk before found.
std::uint32_t Walker::walk_plainly(const CallNodes& nodes, Registers registers, const Stand& stand, bool nested) const {
  constexpr std::size_t kFew = 32;
  std::uint64_t pcs[kFew];
  std::uint32_t flags[kFew];
  std::size_t count = 0;
  const auto end_of = [this](std::uint64_t sp) { return own_.has(sp) ? own_.end : probe_machine_stack(sp).end; };
  std::uint64_t end = end_of(registers.sp);
  Pc pc = Pc::return_address;
  std::uint32_t node = CallNodes::kCutRoot;
  while (count < kFew) {
    if (registers.pc - stand.begin < stand.end - stand.begin) {
      node = stand.node;
      break;
    }
    pcs[count] = registers.pc;
    flags[count++] = pc == Pc::exact ? std::uint32_t{kNodeExact} : 0;
    const Step next = step(registers, pc, end);
    if (next.end == Step::End::oldest) {
      node = CallNodes::kRoot;
      break;
    }
    if (next.end == Step::End::cut) break;
    pc = next.end == Step::End::signal ? Pc::exact : Pc::return_address;
    if (next.end == Step::End::signal) end = end_of(next.caller.sp);
    registers = next.caller;
  }
  PathHash path = CallNodes::root_hash(node);
  while (count-- != 0) {
    path = CallNodes::path_of(path, pcs[count], flags[count]);
    node = nodes.find_or_add(path, node, pcs[count], flags[count], nested);
  }
  return node;
}

}  // namespace snapshot::recorder

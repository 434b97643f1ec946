#pragma once

#include "recorder/call_nodes.h"
#include "recorder/machine_stack.h"

#include <cstddef>
#include <cstdint>

namespace snapshot::recorder {

/// The registers from which a walk begins: those of the frame that called the hook, at its return.
struct Registers {
  std::uint64_t pc;  ///< return address
  std::uint64_t sp;
  std::uint64_t bp;
};

/// Of the function in which it stands, which must keep a frame pointer: its caller's registers.
#define SNAPSHOT_CALLER_REGISTERS()                                       \
  ::snapshot::recorder::Registers {                                       \
    reinterpret_cast<std::uint64_t>(__builtin_return_address(0)),         \
        reinterpret_cast<std::uint64_t>(__builtin_frame_address(0)) + 16, \
        *static_cast<const std::uint64_t*>(__builtin_frame_address(0))    \
  }

/// A thread's walks. Each gives the node of the traceback, exact as an unwinder would find it, without frame pointers.
/// Most of a traceback is that of the walk before: what was found then is verified instead of walked again.
///
/// A frame's state (pc, sp, bp) and the memory in which the return addresses and the saved bp of it and of the frames
/// outside it lie determine the whole traceback from there. So a walk goes from the inside with cached unwind rows,
/// until a state equals one of the walk before; then it compares those places, which are independent loads, with what
/// they held, and takes over the node.
class Walker {
 public:
  static constexpr std::size_t kMaxFrames = 1024;  ///< more are cut: the oldest are not looked at

  /// The innermost `limit` frames alone, where that is few; 0: all.
  std::uint32_t walk(const CallNodes& nodes, Registers registers, std::uint32_t limit);

  /// In a signal handler that may have come into the middle of a walk: uses no memory of this object, sees few frames.
  std::uint32_t walk_nested(const CallNodes& nodes, Registers registers) const {
    return walk_plainly(nodes, registers, {}, true);
  }

  /// Code whose frames stand for others: those of a node.
  struct Stand {
    std::uint64_t begin;  ///< addresses
    std::uint64_t end;
    std::uint32_t node;
  };

  /// The frames down to the first in the code of `stand`, from there on those of its node. No more than 32.
  std::uint32_t walk_onto(const CallNodes& nodes, Registers registers, const Stand& stand) const {
    return walk_plainly(nodes, registers, stand, false);
  }

  /// For another thread, with this machine stack; of other stacks walks find out for themselves.
  void restart(const MachineStack& own) {
    own_ = own;
    for (MachineStack& other : others_) other = {0, 0};
    depth_ = 0;
  }

  /// Forgets cached rows and states of all threads: code was unloaded.
  static void forget_code();

 private:
  struct Frame {
    Registers registers;
    const std::uint64_t* saved_bp;  // where its caller's bp lies; the caller's registers.bp where it did not save it
    PathHash path;                  // of kept_
    std::uint32_t node;             // 0: not looked up
    std::uint32_t flags;            // kNodeExact or 0
    std::uint32_t check_count;      // of checks_, for it and all older ones
    std::uint32_t pair_count;       // of pairs_
  };

  /// A place that a walk read, and what it held.
  struct Check {
    const std::uint64_t* place;
    std::uint64_t value;
  };

  /// The usual two places side by side: bp and the return address above it.
  struct PairCheck {
    const std::uint64_t* place;
    std::uint64_t bp;
    std::uint64_t pc;
  };
  enum class End : std::uint8_t { oldest, matched, cut, strange };

  /// Stacks that are not the thread's own: of coroutines.
  static constexpr std::size_t kOthers = 16;

  std::uint32_t walk_plainly(const CallNodes& nodes, Registers registers, const Stand& stand, bool nested) const;
  std::uint64_t stack_end(std::uint64_t sp);
  End walk_fresh(Registers registers, std::size_t limit);
  bool matches(std::size_t& candidate, const Registers& registers, std::uint64_t stack_end);
  bool is_unchanged(std::size_t frames) const;
  std::size_t first_changed(std::size_t last) const;
  void add_checks();
  std::uint32_t keep(const CallNodes& nodes, End end);
  std::uint32_t node_of(const CallNodes& nodes, PathHash path, std::uint32_t root);

  MachineStack own_;
  MachineStack others_[kOthers];
  std::size_t next_other_;
  std::uint32_t generation_;
  std::size_t depth_;    // frames of kept_
  std::size_t matched_;  // frames of kept_ that the walk has in common with the one before
  std::size_t fresh_count_;
  Frame kept_[kMaxFrames];        // the walk before, the oldest frame first
  Check checks_[2 * kMaxFrames];  // what the frames of kept_ depend on
  PairCheck pairs_[kMaxFrames];
  Frame fresh_[kMaxFrames];  // of this walk, the most recent frame first
};

}  // namespace snapshot::recorder

#pragma once

#include "recorder/region.h"

#include <cstdint>

namespace snapshot::recorder {

/// What tells a traceback from all others: a hash of 64 bits of its frames, from the oldest on. In a full tree of 16
/// million the chance that any two have the same is 1e-5.
using PathHash = std::uint64_t;

/// The call tree: a traceback is a node, its older frames are the node's parents. Nodes are only ever added. Finding
/// one takes no lock; adding one takes a lock that no other code holds.
///
/// A node is found by the hash of its whole path, so that a walk looks up one node and not one for each frame.
class CallNodes {
 public:
  static constexpr std::uint32_t kRoot = 0;
  static constexpr std::uint32_t kCutRoot = 1;  ///< parent of frames whose older ones were not looked at

  explicit CallNodes(RegionMap region) : region_(region) {}

  static constexpr PathHash root_hash(std::uint32_t root) { return 0x243f6a8885a308d3 + root; }

  /// The path of the frame at code address `pc`, called from the last of `path`. `flags`: kNodeExact or 0.
  static PathHash path_of(PathHash path, std::uint64_t pc, std::uint32_t flags) {
    std::uint64_t hash = (path ^ pc) * 0x9e3779b97f4a7c15 + flags;
    hash = (hash ^ hash >> 32) * 0xd6e8feb86659fd93;
    return hash ^ hash >> 29;
  }

  /// Sets up the tree of a new region. False when there is no memory.
  bool start() const;

  /// The node of a path; 0 when there is none.
  std::uint32_t find(PathHash path) const;

  /// The node of `path`, whose last frame is `pc`; added below `parent` unless it is there. When the tree is full the
  /// answer is `parent`, and the state of the region says so. In a signal handler (`nested`) that came while the lock
  /// was held, too.
  std::uint32_t find_or_add(PathHash path, std::uint32_t parent, std::uint64_t pc, std::uint32_t flags,
                            bool nested) const {
    const std::uint32_t known = find(path);
    return known != 0 ? known : add(path, parent, pc, flags, nested);
  }

  /// The node that says of a block below `parent` what its slot cannot: its domain's row, and its size from bit 40 up.
  /// 0 where it cannot be added.
  std::uint32_t tag(std::uint32_t parent, std::uint32_t domain, std::uint32_t size_high, bool nested) const;

  /// Asks the filters again of all nodes, after they changed.
  void apply_filters() const;

  bool is_excluded(std::uint32_t node) const {
    return (region_.nodes()[node].flags.load(std::memory_order_relaxed) & kNodeExcluded) != 0;
  }

  /// Makes sure that no node of code in modules that are gone, and none below one, is found again: other code may come
  /// to lie there.
  void forget_gone_modules() const;

 private:
  std::uint32_t add(PathHash path, std::uint32_t parent, std::uint64_t pc, std::uint32_t flags, bool nested) const;
  std::uint32_t add_new(PathHash path, std::uint32_t parent, std::uint64_t frame, std::uint32_t flags,
                        bool nested) const;
  bool is_left_out(std::uint64_t frame, std::uint32_t parent) const;
  template <typename F>
  void for_each(F f) const;
  bool grow_index(std::uint32_t count) const;
  bool make_room(std::uint32_t count) const;
  void enter(std::uint32_t generation, PathHash path, std::uint32_t node) const;

  RegionMap region_;
};

}  // namespace snapshot::recorder

#pragma once

#include "recorder/region.h"

#include <cstdint>

namespace snapshot::recorder {

/// The call tree: a traceback is a node, its older frames are the node's parents. Nodes are only ever added. Finding
/// one takes no lock; adding one takes a lock that no other code holds.
class CallNodes {
 public:
  static constexpr std::uint32_t kRoot = 0;
  static constexpr std::uint32_t kCutRoot = 1;  ///< parent of frames whose older ones were not looked at

  explicit CallNodes(RegionMap region) : region_(region) {}

  /// Sets up the tree of a new region. False when there is no memory.
  bool start() const;

  /// The node of the code address `pc` called from `parent`. `flags`: kNodeExact or 0. When the tree is full the
  /// answer is `parent`, and the state of the region says so. In a signal handler (`nested`) that came while the lock
  /// was held, too.
  std::uint32_t child(std::uint32_t parent, std::uint64_t pc, std::uint32_t flags, bool nested) const;

  /// The node that says of a block below `parent` what its slot cannot: its domain's row, and its size from bit 40 up.
  std::uint32_t tag(std::uint32_t parent, std::uint32_t domain, std::uint32_t size_high, bool nested) const;

  bool is_excluded(std::uint32_t node) const {
    return (region_.nodes()[node].flags.load(std::memory_order_relaxed) & kNodeExcluded) != 0;
  }

  /// Makes sure that no node of code in the module is found again: other code may come to lie there.
  void forget_module(std::uint32_t module_row) const;

 private:
  std::uint32_t find(std::uint64_t hash, std::uint32_t parent, std::uint64_t frame, std::uint32_t flags) const;
  [[gnu::cold]] std::uint32_t add(std::uint64_t hash, std::uint32_t parent, std::uint64_t frame, std::uint32_t flags,
                                  bool nested) const;
  bool grow_index(std::uint32_t count) const;
  bool make_room(std::uint32_t count) const;
  void enter(std::uint32_t generation, std::uint64_t hash, std::uint32_t node) const;
  std::uint32_t full(std::uint32_t parent, FullReason reason) const;

  RegionMap region_;
};

}  // namespace snapshot::recorder

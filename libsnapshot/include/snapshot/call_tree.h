#pragma once

#include <snapshot/column.h>
#include <snapshot/rank.h>
#include <snapshot/snapshot.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace snapshot {

/// Row number of a node of a CallTree.
enum class NodeId : std::uint32_t {};

/// The tracebacks of a snapshot as a tree: a node for each distinct beginning of a traceback, read from its oldest
/// frame on (what a frame called is below it), or from its most recent (who called it is). A function that calls itself
/// is as many nodes as it has frames. Memory is O(nodes).
class CallTree {
 public:
  struct Node {
    NodeId parent;
    FrameId frame;           ///< of no meaning at the root
    std::int64_t own_size;   ///< bytes of the tracebacks that end here
    std::int64_t own_count;  ///< their blocks
    std::int64_t size = 0;   ///< with those of all nodes below
    std::int64_t count = 0;
  };

  /// The node above all tracebacks, which has no frame and is its own parent.
  static constexpr NodeId kRoot{0};

  /// Where `begin_at` has rows (by FrameId), tracebacks begin at their most recent frame that is marked: what lies
  /// before it in the order of reading is left out, and so is a traceback without such a frame. Throws Error beyond
  /// 2^32 - 1 nodes. O(frames * log(totals) + nodes * log(children of a node)). The symbols of the snapshot must
  /// outlive this.
  CallTree(const Snapshot& snapshot, FrameOrder order, const std::vector<bool>& begin_at = {});

  /// Parents come before their children.
  std::size_t node_count() const { return nodes_.size(); }
  const Node& node(NodeId id) const { return nodes_[row(id)]; }

  /// Those with more bytes first; of equal ones by file name, line number, function and module.
  std::span<const NodeId> children(NodeId id) const {
    return children_.values().subspan(first_child_[row(id)], first_child_[row(id) + 1] - first_child_[row(id)]);
  }

  const Symbols& symbols() const { return symbols_; }

 private:
  void sum_up();
  void link_children();

  const Symbols& symbols_;
  Column<Node> nodes_;
  Column<std::uint32_t> first_child_;  // children of node n are [first_child_[n], first_child_[n + 1])
  Column<NodeId> children_;
};

}  // namespace snapshot

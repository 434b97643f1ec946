#include "tree_rows.h"

#include <algorithm>
#include <span>

namespace cli {
namespace {

using snapshot::CallTree;
using snapshot::NodeId;

class Walk {
 public:
  Walk(const CallTree& tree, const TreeStyle& style, double threshold) : tree_(tree), style_(style) {
    const double total = static_cast<double>(tree.node(CallTree::kRoot).size);
    least_ = threshold / 100 * total;
  }

  std::vector<TreeRow> rows() {
    std::vector<TreeRow> rows;
    push_children(CallTree::kRoot, 0, 0);
    while (!pending_.empty()) {
      TreeRow row = pending_.back();
      pending_.pop_back();
      if (row.others == 0) {
        fold(row);
        push_children(row);
      }
      rows.push_back(row);
    }
    return rows;
  }

 private:
  bool may_go_deeper(std::size_t depth) const { return !style_.depth || depth < *style_.depth; }

  /// Moves `last` down while there is but one way to go.
  void fold(TreeRow& row) const {
    while (style_.fold && may_go_deeper(row.depth) && tree_.node(row.last).own_count == 0 &&
           tree_.children(row.last).size() == 1) {
      row.last = tree_.children(row.last).front();
      ++row.depth;
    }
    row.own_size = tree_.node(row.last).own_size;
    row.own_count = tree_.node(row.last).own_count;
  }

  void push_children(TreeRow& row) {
    if (may_go_deeper(row.depth)) {
      push_children(row.last, row.level + 1, row.depth);
    } else {
      row.goes_on = !tree_.children(row.last).empty();
    }
  }

  /// The last first, as the next row is taken from the end.
  void push_children(NodeId parent, std::size_t level, std::size_t depth) {
    const std::span<const NodeId> children = tree_.children(parent);
    // They are sorted by size.
    const auto end = std::ranges::partition_point(
        children, [&](NodeId child) { return static_cast<double>(tree_.node(child).size) >= least_; });
    const auto shown = static_cast<std::size_t>(end - children.begin());
    if (shown < children.size()) {
      TreeRow rest{CallTree::kRoot, CallTree::kRoot, level, depth + 1, true};
      rest.others = children.size() - shown;
      for (const NodeId child : children.subspan(shown)) {
        rest.size += tree_.node(child).size;
        rest.count += tree_.node(child).count;
      }
      rest.own_size = rest.size;  // no row below has a part of it
      rest.own_count = rest.count;
      pending_.push_back(rest);
    }
    for (std::size_t at = shown; at-- > 0;) {
      TreeRow row{children[at], children[at], level, depth + 1, at + 1 == children.size()};
      row.size = tree_.node(children[at]).size;
      row.count = tree_.node(children[at]).count;
      pending_.push_back(row);
    }
  }

  const CallTree& tree_;
  const TreeStyle& style_;
  double least_ = 0;  // bytes that a row must have
  std::vector<TreeRow> pending_;
};

}  // namespace

std::vector<TreeRow> tree_rows(const CallTree& tree, const TreeStyle& style, double threshold) {
  return Walk(tree, style, threshold).rows();
}

}  // namespace cli

#pragma once

#include "trace_options.h"

#include <snapshot/call_tree.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cli {

/// A line of the tree: a chain of calls, or what is left out beside those above it.
struct TreeRow {
  snapshot::NodeId first;     ///< of the chain, nearest the root
  snapshot::NodeId last;      ///< the same where nothing is folded
  std::size_t level = 0;      ///< rows above it on the way to the root
  std::size_t depth = 0;      ///< frames of the traceback down to `last`
  bool is_last = false;       ///< no row with the same parent follows
  bool goes_on = false;       ///< calls below were left out for their depth
  std::size_t others = 0;     ///< not 0: nodes that the row stands for, and no chain
  std::int64_t size = 0;      ///< bytes, with all that is below
  std::int64_t count = 0;     ///< blocks
  std::int64_t own_size = 0;  ///< of tracebacks that end with this row
  std::int64_t own_count = 0;
};

/// The rows of the tree in the order in which they are drawn: each before those below it. Rows with the same parent and
/// the parent's own blocks add up to the parent, but where it `goes_on`. `threshold`: percent of the total. No
/// recursion: a tree may be as deep as memory allows. O(rows).
std::vector<TreeRow> tree_rows(const snapshot::CallTree& tree, const TreeStyle& style, double threshold);

}  // namespace cli

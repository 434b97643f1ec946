#include "apps/common/tree_rows.h"

#include "tests/support/brute_force.h"
#include "tests/support/snapshot_from.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

using cli::TreeRow;
using cli::TreeStyle;
using snapshot::CallTree;
using snapshot::FrameOrder;
using snapshot::NodeId;
using testing::Lines;

namespace {

/// A row a line, indented: "15 x3 own 5 a:1 > b:1", "15 x3 own 15 2 others".
Lines lines_of(const std::string& text, const TreeStyle& style, double threshold) {
  const snapshot::Snapshot snapshot = testing::snapshot_from(text);
  const CallTree tree(snapshot, FrameOrder::oldest_first);
  Lines lines;
  for (const TreeRow& row : tree_rows(tree, style, threshold)) {
    std::string label = std::to_string(row.others) + " others";
    for (NodeId id = row.last; row.others == 0; id = tree.node(id).parent) {
      const auto frame =
          testing::key_text(tree.symbols(), snapshot::GroupBy::lineno, snapshot::row(tree.node(id).frame));
      label = id == row.last ? frame : frame + " > " + label;
      if (id == row.first) break;
    }
    lines.push_back(std::string(2 * row.level, ' ') + std::to_string(row.size) + " x" + std::to_string(row.count) +
                    " own " + std::to_string(row.own_size) + " " + label + (row.goes_on ? " > ..." : "") +
                    (row.is_last ? "" : " +"));
  }
  return lines;
}

TreeStyle unfolded() {
  TreeStyle style;
  style.fold = false;
  return style;
}

struct Sum {
  std::int64_t size = 0;
  std::int64_t count = 0;
  bool operator==(const Sum&) const = default;
};

/// What the rows with this parent add up to: those one level below it, until one that is not below it.
Sum sum_below(const std::vector<TreeRow>& rows, std::size_t first, std::size_t level) {
  Sum sum;
  for (std::size_t at = first; at < rows.size() && rows[at].level >= level; ++at) {
    if (rows[at].level != level) continue;
    sum.size += rows[at].size;
    sum.count += rows[at].count;
  }
  return sum;
}

void check_sums(const CallTree& tree, const std::vector<TreeRow>& rows, double threshold) {
  const CallTree::Node& root = tree.node(CallTree::kRoot);
  CHECK((sum_below(rows, 0, 0) == Sum{root.size, root.count}));
  Sum own;
  for (std::size_t at = 0; at < rows.size(); ++at) {
    const TreeRow& row = rows[at];
    own.size += row.goes_on ? row.size : row.own_size;
    own.count += row.goes_on ? row.count : row.own_count;
    CHECK(row.goes_on ==
          (sum_below(rows, at + 1, row.level + 1) != Sum{row.size - row.own_size, row.count - row.own_count}));
    if (row.others == 0) CHECK(static_cast<double>(row.size) * 100 >= threshold * static_cast<double>(root.size));
    const bool has_next = at + 1 < rows.size() && sum_below(rows, at + 1, row.level + 1).count == 0
                              ? rows[at + 1].level == row.level
                              : std::any_of(rows.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                                            std::find_if(rows.begin() + static_cast<std::ptrdiff_t>(at) + 1, rows.end(),
                                                         [&](const TreeRow& next) { return next.level < row.level; }),
                                            [&](const TreeRow& next) { return next.level == row.level; });
    CHECK(row.is_last == !has_next);
  }
  CHECK((own == Sum{root.size, root.count}));
}

}  // namespace

TEST_CASE("chains of calls without own blocks are one row") {
  const char* const text = "10 c:1 < b:1 < a:1\n6 d:1 < b:1 < a:1\n1 x:1 < c:1 < b:1 < a:1";
  CHECK(lines_of(text, {}, 0) == Lines{"17 x3 own 0 a:1 > b:1",  //
                                       "  11 x2 own 10 c:1 +",   //
                                       "    1 x1 own 1 x:1",     //
                                       "  6 x1 own 6 d:1"});
  CHECK(lines_of(text, unfolded(), 0) == Lines{"17 x3 own 0 a:1",         //
                                               "  17 x3 own 0 b:1",       //
                                               "    11 x2 own 10 c:1 +",  //
                                               "      1 x1 own 1 x:1",    //
                                               "    6 x1 own 6 d:1"});
}

TEST_CASE("a chain ends at blocks of no bytes") {
  CHECK(lines_of("0 b:1 < a:1\n5 c:1 < b:1 < a:1", {}, 0) == Lines{"5 x2 own 0 a:1 > b:1", "  5 x1 own 5 c:1"});
}

TEST_CASE("what is below the threshold is one exact row") {
  const char* const text = "90 a:1\n4 b:1\n3 c:1\n3 d:1 < d:1\n5 e:1 < a:1";
  CHECK(lines_of(text, {}, 4) == Lines{"95 x2 own 90 a:1 +", "  5 x1 own 5 e:1", "10 x3 own 10 3 others"});
  CHECK(lines_of(text, {}, 95) == Lines{"105 x5 own 105 4 others"});
  CHECK(lines_of("0 a:1", {}, 100) == Lines{"0 x1 own 0 a:1"});
  CHECK(lines_of("", {}, 1).empty());
}

TEST_CASE("what holds the threshold exactly is shown") {
  CHECK(lines_of("99 a:1\n1 b:1", {}, 1) == Lines{"99 x1 own 99 a:1 +", "1 x1 own 1 b:1"});
}

TEST_CASE("depth counts frames, folded or not") {
  const char* const text = "10 c:1 < b:1 < a:1\n6 d:1 < b:1 < a:1";
  TreeStyle style;
  style.depth = 2;
  CHECK(lines_of(text, style, 0) == Lines{"16 x2 own 0 a:1 > b:1 > ..."});
  style.fold = false;
  CHECK(lines_of(text, style, 0) == Lines{"16 x2 own 0 a:1", "  16 x2 own 0 b:1 > ..."});
  style.depth = 3;
  CHECK(lines_of(text, style, 0).size() == 4);
}

TEST_CASE("the rows of random trees add up on each level, whatever is left out") {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    brute_force::Random random(seed);
    const snapshot::Snapshot snapshot =
        brute_force::to_snapshot(random.traces(), std::make_shared<snapshot::Symbols>());
    const CallTree tree(snapshot, random.one_in(2) ? FrameOrder::oldest_first : FrameOrder::most_recent_first);
    for (const double threshold : {0.0, 1.0, 20.0, 60.0}) {
      CAPTURE(threshold);
      TreeStyle style;
      if (random.one_in(3)) style.depth = 1 + random.below(4);
      const std::vector<TreeRow> folded = tree_rows(tree, style, threshold);
      style.fold = false;
      const std::vector<TreeRow> all = tree_rows(tree, style, threshold);
      check_sums(tree, folded, threshold);
      check_sums(tree, all, threshold);
      // Each row that is not folded is the end of a folded one, or within one.
      std::size_t nodes = 0;
      for (const TreeRow& row : folded) {
        ++nodes;
        for (NodeId id = row.last; id != row.first; id = tree.node(id).parent) ++nodes;
      }
      CHECK(nodes == all.size());
    }
  }
}

#include "tests/support/brute_force.h"
#include "tests/support/snapshot_from.h"

#include <doctest/doctest.h>
#include <snapshot/call_tree.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

using snapshot::CallTree;
using snapshot::FrameOrder;
using snapshot::NodeId;
using testing::Lines;
using testing::snapshot_from;

namespace {

/// A node a line, the children of each in order and indented: "15 x3 (own 5 x1) app.py:10".
Lines lines_of(const CallTree& tree) {
  Lines lines;
  std::vector<std::pair<NodeId, std::string>> pending;
  const auto push = [&](NodeId parent, const std::string& indent) {
    const auto children = tree.children(parent);
    for (auto child = children.rbegin(); child != children.rend(); ++child) pending.emplace_back(*child, indent);
  };
  push(CallTree::kRoot, "");
  while (!pending.empty()) {
    const auto [id, indent] = pending.back();
    pending.pop_back();
    const CallTree::Node& node = tree.node(id);
    lines.push_back(indent + std::to_string(node.size) + " x" + std::to_string(node.count) + " (own " +
                    std::to_string(node.own_size) + " x" + std::to_string(node.own_count) + ") " +
                    testing::key_text(tree.symbols(), snapshot::GroupBy::lineno, row(node.frame)));
    push(id, indent + "  ");
  }
  return lines;
}

struct Sums {
  std::int64_t size = 0, count = 0, own_size = 0, own_count = 0;
  bool operator==(const Sums&) const = default;
};
using Path = std::vector<brute_force::Frame>;  // from the root on

/// All beginnings of all tracebacks, counted one block after the other.
std::map<Path, Sums> recount(const brute_force::Traces& traces, FrameOrder order, const std::string& begin_at) {
  std::map<Path, Sums> sums;
  for (const brute_force::Trace& trace : traces) {
    Path path = trace.frames;  // most recent first
    if (!begin_at.empty()) {
      const auto found = std::ranges::find(path, begin_at, &brute_force::Frame::filename);
      if (found == path.end()) continue;
      // From the oldest on, what is older is left out; from the most recent on, what is more recent.
      path = order == FrameOrder::most_recent_first ? Path(found, path.end()) : Path(path.begin(), found + 1);
    }
    if (order == FrameOrder::oldest_first) std::ranges::reverse(path);
    for (std::size_t length = 0; length <= path.size(); ++length) {
      Sums& sum = sums[Path(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(length))];
      sum.size += trace.size * trace.count;
      sum.count += trace.count;
      if (length < path.size()) continue;
      sum.own_size += trace.size * trace.count;
      sum.own_count += trace.count;
    }
  }
  sums[{}];  // the root is there without a traceback
  return sums;
}

brute_force::Frame frame_of(const snapshot::Symbols& symbols, snapshot::FrameId id) {
  const snapshot::Frame frame = symbols.frame(id);
  const auto text = [&](snapshot::StringId string) {
    return string == snapshot::kUnknownString ? std::nullopt : std::optional(std::string(symbols.text(string)));
  };
  return {std::string(symbols.text(frame.filename)), frame.lineno, text(frame.function), text(frame.module)};
}

std::map<Path, Sums> sums_of(const CallTree& tree) {
  std::map<Path, Sums> sums;
  for (std::uint32_t at = 0; at < tree.node_count(); ++at) {
    Path path;
    for (NodeId id{at}; id != CallTree::kRoot; id = tree.node(id).parent) {
      path.insert(path.begin(), frame_of(tree.symbols(), tree.node(id).frame));
    }
    const CallTree::Node& node = tree.node(NodeId{at});
    CHECK(!sums.contains(path));
    sums[path] = {node.size, node.count, node.own_size, node.own_count};
  }
  return sums;
}

void check_children(const CallTree& tree) {
  std::size_t seen = 1;
  for (std::uint32_t at = 0; at < tree.node_count(); ++at) {
    const auto children = tree.children(NodeId{at});
    seen += children.size();
    for (std::size_t child = 0; child < children.size(); ++child) {
      const CallTree::Node& node = tree.node(children[child]);
      CHECK(node.parent == NodeId{at});
      CHECK(row(children[child]) > at);
      if (child == 0) continue;
      const CallTree::Node& before = tree.node(children[child - 1]);
      CHECK(before.size >= node.size);
      if (before.size == node.size) {
        CHECK(frame_of(tree.symbols(), before.frame) < frame_of(tree.symbols(), node.frame));
      }
    }
  }
  CHECK(seen == tree.node_count());
}

std::vector<bool> frames_in(const snapshot::Symbols& symbols, const std::string& filename) {
  std::vector<bool> frames;
  for (std::uint32_t at = 0; at < symbols.frame_count(); ++at) {
    frames.push_back(symbols.text(symbols.frame(snapshot::FrameId{at}).filename) == filename);
  }
  return frames;
}

}  // namespace

TEST_CASE("a call tree has what each beginning of the tracebacks holds, the most at the top") {
  const auto snapshot = snapshot_from(
      "10 b:1 < a:1\n"
      "20 c:1 < a:1\n"
      "5 a:1\n"
      "20 b:2 < a:1\n"
      "1 d:1 < c:1 < a:1\n"
      "3 z:1");
  CHECK(lines_of(CallTree(snapshot, FrameOrder::oldest_first)) == Lines{"56 x5 (own 5 x1) a:1",     //
                                                                        "  21 x2 (own 20 x1) c:1",  //
                                                                        "    1 x1 (own 1 x1) d:1",  //
                                                                        "  20 x1 (own 20 x1) b:2",  //
                                                                        "  10 x1 (own 10 x1) b:1",  //
                                                                        "3 x1 (own 3 x1) z:1"});
  CHECK(lines_of(CallTree(snapshot, FrameOrder::most_recent_first)) == Lines{"20 x1 (own 0 x0) b:2",     //
                                                                             "  20 x1 (own 20 x1) a:1",  //
                                                                             "20 x1 (own 0 x0) c:1",     //
                                                                             "  20 x1 (own 20 x1) a:1",  //
                                                                             "10 x1 (own 0 x0) b:1",     //
                                                                             "  10 x1 (own 10 x1) a:1",  //
                                                                             "5 x1 (own 5 x1) a:1",      //
                                                                             "3 x1 (own 3 x1) z:1",      //
                                                                             "1 x1 (own 0 x0) d:1",      //
                                                                             "  1 x1 (own 0 x0) c:1",    //
                                                                             "    1 x1 (own 1 x1) a:1"});
}

TEST_CASE("recursion is a node for each frame, and equal frames of other functions are other nodes") {
  CHECK(lines_of(CallTree(snapshot_from("1 a:1 < a:1 < a:1\n1 a:1(f) < a:1"), FrameOrder::oldest_first)) ==
        Lines{"2 x2 (own 0 x0) a:1",      //
              "  1 x1 (own 0 x0) a:1",    //
              "    1 x1 (own 1 x1) a:1",  //
              "  1 x1 (own 1 x1) a:1(f)"});
}

TEST_CASE("domains and lengths before the limit do not divide a node") {
  CHECK(lines_of(CallTree(snapshot_from("1 a:1 < b:1\n2 a:1 < b:1 domain=5\n4 a:1 < b:1 nframe=9"),
                          FrameOrder::oldest_first)) == Lines{"7 x3 (own 0 x0) b:1", "  7 x3 (own 7 x3) a:1"});
}

TEST_CASE("a tree that begins at a place leaves out what is before it, and tracebacks that are elsewhere") {
  const auto snapshot = snapshot_from("1 x:1 < here:1 < a:1 < here:1 < b:1\n2 here:1 < b:1\n4 x:1 < b:1");
  const auto here = frames_in(snapshot.symbols(), "here");
  CHECK(lines_of(CallTree(snapshot, FrameOrder::most_recent_first, here)) == Lines{"3 x2 (own 0 x0) here:1",      //
                                                                                   "  2 x1 (own 2 x1) b:1",       //
                                                                                   "  1 x1 (own 0 x0) a:1",       //
                                                                                   "    1 x1 (own 0 x0) here:1",  //
                                                                                   "      1 x1 (own 1 x1) b:1"});
  CHECK(lines_of(CallTree(snapshot, FrameOrder::oldest_first, here)) == Lines{"3 x2 (own 2 x1) here:1",  //
                                                                              "  1 x1 (own 1 x1) x:1"});
}

TEST_CASE("blocks of no bytes are blocks, and no snapshot is too small") {
  CHECK(lines_of(CallTree(snapshot_from("0 a:1"), FrameOrder::oldest_first)) == Lines{"0 x1 (own 0 x1) a:1"});
  const snapshot::Snapshot nothing = snapshot_from("");
  const CallTree empty(nothing, FrameOrder::oldest_first);
  CHECK(empty.node_count() == 1);
  CHECK(empty.children(CallTree::kRoot).empty());
}

TEST_CASE("a tree may be as deep as a traceback is long") {
  const auto symbols = std::make_shared<snapshot::Symbols>();
  std::string text = "7 a:1";
  for (int frame = 1; frame < 100'000; ++frame) text += " < a:1";
  const snapshot::Snapshot snapshot = snapshot_from(text, symbols);
  for (const FrameOrder order : {FrameOrder::oldest_first, FrameOrder::most_recent_first}) {
    const CallTree tree(snapshot, order);
    CHECK(tree.node_count() == 100'001);
    CHECK(tree.node(CallTree::kRoot).size == 7);
    CHECK(tree.node(NodeId{100'000}).own_size == 7);
  }
}

TEST_CASE("the nodes of random snapshots are those that counting every block finds") {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    CAPTURE(seed);
    brute_force::Random random(seed);
    const brute_force::Traces traces = random.traces();
    const snapshot::Snapshot snapshot =
        brute_force::to_snapshot(traces, std::make_shared<snapshot::Symbols>(), random.one_in(2));
    for (const FrameOrder order : {FrameOrder::oldest_first, FrameOrder::most_recent_first}) {
      for (const std::string begin_at : {"", "a.py", "lib/b.py"}) {
        CAPTURE(begin_at);
        const CallTree tree(snapshot, order,
                            begin_at.empty() ? std::vector<bool>() : frames_in(snapshot.symbols(), begin_at));
        CHECK((sums_of(tree) == recount(traces, order, begin_at)));
        check_children(tree);
      }
    }
  }
}

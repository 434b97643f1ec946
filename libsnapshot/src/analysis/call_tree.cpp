#include <snapshot/call_tree.h>
#include <snapshot/error.h>

#include <algorithm>
#include <limits>

namespace snapshot {
namespace {

constexpr std::size_t kMostNodes = std::numeric_limits<std::uint32_t>::max();

/// A traceback of the totals, in the order of reading.
struct Path {
  std::uint64_t head;               // of the first two frames: most comparisons end there
  std::span<const FrameId> frames;  // oldest first
  const Total* total;
};

/// What of a traceback (oldest first) is read: the frames before the marked one are left out.
std::span<const FrameId> part_of(std::span<const FrameId> traceback, FrameOrder order,
                                 const std::vector<bool>& begin_at) {
  if (begin_at.empty()) return traceback;
  std::size_t at = traceback.size();
  while (at > 0 && !begin_at[row(traceback[at - 1])]) --at;
  if (at == 0) return {};
  return order == FrameOrder::oldest_first ? traceback.subspan(at - 1) : traceback.first(at);
}

/// Frame `at` in the order of reading.
FrameId frame_at(std::span<const FrameId> frames, FrameOrder order, std::size_t at) {
  return frames[order == FrameOrder::oldest_first ? at : frames.size() - 1 - at];
}

/// The paths of all totals, sorted such that those with the same beginning stand together. (Finding each node by a hash
/// of its parent and its frame took more than twice as long from the most recent frames on, where tracebacks have
/// little in common.)
std::vector<Path> sorted_paths(const Snapshot& snapshot, FrameOrder order, const std::vector<bool>& begin_at) {
  std::vector<Path> paths;
  paths.reserve(snapshot.totals().size());
  for (const Total& total : snapshot.totals()) {
    const auto frames = part_of(snapshot.symbols().traceback(total.traceback), order, begin_at);
    if (total.count == 0 || frames.empty()) continue;
    const std::uint64_t second = frames.size() < 2 ? 0 : row(frame_at(frames, order, 1));
    paths.push_back({(std::uint64_t{row(frame_at(frames, order, 0))} << 32U) | second, frames, &total});
  }
  std::ranges::sort(paths, [&](const Path& a, const Path& b) {
    if (a.head != b.head) return a.head < b.head;
    return order == FrameOrder::oldest_first
               ? std::ranges::lexicographical_compare(a.frames, b.frames)
               : std::lexicographical_compare(a.frames.rbegin(), a.frames.rend(), b.frames.rbegin(), b.frames.rend());
  });
  return paths;
}

}  // namespace

CallTree::CallTree(const Snapshot& snapshot, FrameOrder order, const std::vector<bool>& begin_at)
    : symbols_(snapshot.symbols()) {
  nodes_.push_back({kRoot, FrameId{}, 0, 0});
  std::vector<NodeId> way{kRoot};  // to the node of the path before
  for (const Path& path : sorted_paths(snapshot, order, begin_at)) {
    std::size_t depth = 0;
    while (depth + 1 < way.size() && depth < path.frames.size() &&
           nodes_[row(way[depth + 1])].frame == frame_at(path.frames, order, depth)) {
      ++depth;
    }
    way.resize(depth + 1);
    for (; depth < path.frames.size(); ++depth) {
      way.push_back(NodeId{static_cast<std::uint32_t>(nodes_.size())});
      nodes_.push_back({way[depth], frame_at(path.frames, order, depth), 0, 0});
    }
    if (nodes_.size() > kMostNodes) throw Error("a tree of more than 4294967295 calls");
    Node& last = nodes_[row(way.back())];
    last.own_size += path.total->size;
    last.own_count += path.total->count;
  }
  sum_up();
  link_children();
}

void CallTree::sum_up() {
  for (Node& node : nodes_.values()) {
    node.size = node.own_size;
    node.count = node.own_count;
  }
  for (std::size_t at = nodes_.size(); --at > 0;) {  // children before their parents
    Node& parent = nodes_[row(nodes_[at].parent)];
    parent.size += nodes_[at].size;
    parent.count += nodes_[at].count;
  }
}

void CallTree::link_children() {
  first_child_.resize(nodes_.size() + 1);
  for (std::size_t at = 1; at < nodes_.size(); ++at) ++first_child_[row(nodes_[at].parent) + 1];
  for (std::size_t at = 0; at < nodes_.size(); ++at) first_child_[at + 1] += first_child_[at];

  children_.resize(nodes_.size() - 1);
  Column<std::uint32_t> next = first_child_;
  for (std::uint32_t at = 1; at < nodes_.size(); ++at) children_[next[row(nodes_[at].parent)]++] = NodeId{at};

  const KeyOrder names(symbols_, GroupBy::lineno, FrameOrder::oldest_first);
  const auto before = [&](NodeId a, NodeId b) {
    if (node(a).size != node(b).size) return node(a).size > node(b).size;
    return names.compare(row(node(a).frame), row(node(b).frame)) < 0;
  };
  for (std::size_t at = 0; at < nodes_.size(); ++at) {
    std::ranges::sort(children_.values().subspan(first_child_[at], first_child_[at + 1] - first_child_[at]), before);
  }
}

}  // namespace snapshot

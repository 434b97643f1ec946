#include "tree_text.h"

#include "painted.h"
#include "text_table.h"
#include "trace_text.h"
#include "tree_rows.h"

#include <snapshot/utf8.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace cli {
namespace {

using snapshot::CallTree;
using snapshot::FrameId;
using snapshot::NodeId;

constexpr double kDefaultThreshold = 1;  // percent: what is smaller is noise to who looks for the largest

// Deeper levels are counted, not drawn: of 100,000 of them the lines would be a gigabyte.
constexpr std::size_t kMostGuides = 32;

struct Guides {
  std::string_view through, none, branch, last;
};
constexpr Guides kBox{"│   ", "    ", "├── ", "└── "};
constexpr Guides kAscii{"|   ", "    ", "|-- ", "`-- "};

using Cells = std::array<std::string, 4>;

class Drawing {
 public:
  Drawing(const TraceReport& report, const CallTree& tree, const TreeStyle& style, Output& output)
      : report_(report), tree_(tree), style_(style), guides_(style.ascii ? kAscii : kBox), output_(output) {}

  void draw() {
    const std::vector<TreeRow> rows = tree_rows(tree_, style_, style_.threshold.value_or(kDefaultThreshold));
    const Cells headers{"size", "share", "own", "count"};
    const Cells total{bytes_text(report_.total.size, style_.bytes), share_text(report_.total.size, report_.total.size),
                      "", fmt::format("{}", report_.total.count)};
    widen(headers);
    widen(total);
    for (const TreeRow& row : rows) widen(cells_of(row));

    output_.write(painted(line_of(headers) + (style_.callers ? "callers" : "calls"), kBold, style_.color) + "\n");
    output_.write(line_of(total) + "total\n");
    for (const TreeRow& row : rows) draw(row);
  }

 private:
  Cells cells_of(const TreeRow& row) const {
    return {bytes_text(row.size, style_.bytes), share_text(row.size, report_.total.size),
            row.own_count == 0 ? "" : bytes_text(row.own_size, style_.bytes), fmt::format("{}", row.count)};
  }

  void widen(const Cells& cells) {
    for (std::size_t at = 0; at < cells.size(); ++at) widths_[at] = std::max(widths_[at], cells[at].size());
  }

  std::string line_of(const Cells& cells) const {
    std::string line;
    for (std::size_t at = 0; at < cells.size(); ++at) line += fmt::format("{:>{}}  ", cells[at], widths_[at]);
    return line;
  }

  std::string_view color_of(const TreeRow& row) const {
    if (row.others != 0) return kDim;
    const double share =
        static_cast<double>(row.size) / static_cast<double>(std::max<std::int64_t>(1, report_.total.size));
    return share >= 0.5 ? kRed : share >= 0.1 ? kYellow : std::string_view{};
  }

  void draw(const TreeRow& row) {
    output_.write(painted(line_of(cells_of(row)), color_of(row), style_.color));
    output_.write(painted(guides_of(row), kDim, style_.color) + label_of(row) + "\n");
  }

  std::string guides_of(const TreeRow& row) {
    continues_.resize(row.level + 1);
    continues_[row.level] = !row.is_last;
    std::string text;
    std::size_t level = 0;
    if (row.level > kMostGuides) {
      level = row.level - kMostGuides;
      text = fmt::format("+{} ", level);
    }
    for (; level < row.level; ++level) text += continues_[level] ? guides_.through : guides_.none;
    return text.append(row.is_last ? guides_.last : guides_.branch);
  }

  std::string label_of(const TreeRow& row) const {
    if (row.others != 0) return fmt::format("{} other{}", row.others, row.others == 1 ? "" : "s");
    std::vector<FrameId> chain;
    for (NodeId id = row.last;; id = tree_.node(id).parent) {
      chain.push_back(tree_.node(id).frame);
      if (id == row.first) break;
    }
    const std::string_view arrow = style_.callers ? " < " : " > ";
    std::string text;
    for (auto frame = chain.rbegin(); frame != chain.rend();) {
      const auto next = std::find_if(frame, chain.rend(), [&](FrameId other) { return other != *frame; });
      const auto repeats = next - frame;  // of recursion
      text.append(text.empty() ? "" : arrow).append(frame_text(*frame));
      if (repeats > 1) text += fmt::format(" x {}", repeats);
      frame = next;
    }
    return row.goes_on ? text.append(arrow) + "..." : text;
  }

  std::string frame_text(FrameId id) const {
    const snapshot::Frame frame = tree_.symbols().frame(id);
    std::string_view filename = tree_.symbols().text(frame.filename);
    if (style_.filename_parts) filename = last_parts(filename, *style_.filename_parts);
    std::string text = fmt::format("{}:{}", snapshot::printable(filename), frame.lineno);
    if (frame.function != snapshot::kUnknownString) {
      text += " in " + snapshot::printable(tree_.symbols().text(frame.function));
    }
    return text;
  }

  const TraceReport& report_;
  const CallTree& tree_;
  const TreeStyle& style_;
  const Guides& guides_;
  Output& output_;
  std::array<std::size_t, 4> widths_{};
  std::vector<bool> continues_;  // by level: whether another row with the same parent follows
};

}  // namespace

void print_tree(const TraceReport& report, const CallTree& tree, const TreeStyle& style, Output& output) {
  Drawing(report, tree, style, output).draw();
  if (report.cut.count != 0) {
    output.write(fmt::format("{} in {}: older frames not recorded\n", bytes_text(report.cut.size, style.bytes),
                             blocks_text(report.cut.count)));
  }
  output.write(outside_text(report.outside, style.bytes));
}

}  // namespace cli

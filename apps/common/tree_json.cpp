#include "trace_json.h"
#include "tree_rows.h"
#include "tree_text.h"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace cli {
namespace {

using snapshot::CallTree;

std::string json_others(std::size_t nodes, std::int64_t size, std::int64_t count) {
  return fmt::format(", \"others\": {{\"nodes\": {}, \"size\": {}, \"count\": {}}}", nodes, size, count);
}

/// Writes nested lists from rows in their order, without recursion.
class Nested {
 public:
  Nested(const CallTree& tree, Output& output) : tree_(tree), frames_(tree.symbols()), output_(output) {}

  void write(const std::vector<TreeRow>& rows) {
    output_.write("[");
    for (const TreeRow& row : rows) {
      close_down_to(row.level);
      if (row.others == 0) {
        open(row);
      } else {
        others_[row.level] = json_others(row.others, row.size, row.count);
      }
    }
    close_down_to(0);
    output_.write("]" + others_.front());
  }

 private:
  void open(const TreeRow& row) {
    output_.write(
        fmt::format("{}\n{{\"frame\": {}, \"size\": {}, \"count\": {}, \"own_size\": {}, \"own_count\": {}, "
                    "\"children\": [",
                    begins_list_ ? "" : ",", frames_.of(tree_.node(row.last).frame), row.size, row.count, row.own_size,
                    row.own_count));
    begins_list_ = true;
    others_.push_back(
        row.goes_on ? json_others(tree_.children(row.last).size(), row.size - row.own_size, row.count - row.own_count)
                    : "");
  }

  /// Ends the nodes below the one that is the parent of rows at `level`.
  void close_down_to(std::size_t level) {
    while (others_.size() > level + 1) {
      output_.write("]" + others_.back() + "}");
      others_.pop_back();
      begins_list_ = false;
    }
  }

  const CallTree& tree_;
  FrameJson frames_;
  Output& output_;
  std::vector<std::string> others_{""};  // of the root and of each open node: what stands behind its children
  bool begins_list_ = true;
};

}  // namespace

void print_tree_json(const TraceReport& report, const CallTree& tree, const TreeStyle& style, Output& output) {
  print_json_head(report, output);
  output.write(fmt::format(" \"cut\": {{\"size\": {}, \"count\": {}}},\n", report.cut.size, report.cut.count));
  output.write(fmt::format(" \"callers\": {},\n \"tree\": ", style.callers));
  TreeStyle unfolded = style;
  unfolded.fold = false;
  Nested(tree, output).write(tree_rows(tree, unfolded, style.threshold.value_or(0)));
  output.write("}\n");
}

}  // namespace cli

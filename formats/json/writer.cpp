#include "writer.h"

#include "../json_text.h"
#include "../utc_time.h"
#include "info.h"

#include <fmt/format.h>
#include <snapshot/rank.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace formats::json {
namespace {

using snapshot::Snapshot;
using snapshot::Total;

/// The totals that hold a block, the largest first as in tracemalloc's statistics.
std::vector<std::uint32_t> ordered_totals(const Snapshot& snapshot) {
  const auto totals = snapshot.totals();
  std::vector<std::uint32_t> order;
  for (std::uint32_t at = 0; at < totals.size(); ++at) {
    if (totals[at].count > 0) order.push_back(at);
  }
  const snapshot::KeyOrder keys(snapshot.symbols(), snapshot::GroupBy::traceback, snapshot::FrameOrder::oldest_first);
  std::ranges::sort(order, [&](std::uint32_t left, std::uint32_t right) {
    const Total& a = totals[left];
    const Total& b = totals[right];
    if (a.size != b.size) return a.size > b.size;
    if (a.count != b.count) return a.count > b.count;
    if (a.traceback != b.traceback) return keys.compare(row(a.traceback), row(b.traceback)) > 0;
    return std::tie(a.domain, a.total_nframe) < std::tie(b.domain, b.total_nframe);
  });
  return order;
}

/// The rows of the traces, those of one total together.
class RowsByTotal {
 public:
  explicit RowsByTotal(const Snapshot& snapshot)
      : ends_(snapshot.totals().size() + 1), rows_(snapshot.traces().rows()) {
    const auto totals = snapshot.traces().total.values();
    for (const std::uint32_t total : totals) ++ends_[total + 1];
    std::partial_sum(ends_.begin(), ends_.end(), ends_.begin());
    std::vector<std::size_t> next(ends_);
    for (std::size_t row = 0; row < totals.size(); ++row) rows_[next[totals[row]]++] = row;
  }

  std::span<std::size_t> of(std::uint32_t total) {
    return std::span(rows_).subspan(ends_[total], ends_[total + 1] - ends_[total]);
  }

 private:
  std::vector<std::size_t> ends_;  // of the total before
  std::vector<std::size_t> rows_;
};

class Writer {
 public:
  Writer(const Snapshot& snapshot, snapshot::ByteSink& sink)
      : snapshot_(snapshot), symbols_(snapshot.symbols()), traces_(snapshot.traces()), sink_(sink), rows_(snapshot) {}

  void write() {
    append("{{\"schema\": \"snapshot/1\",\n \"info\": {},\n", info_json(snapshot_.info()));
    append(" \"total\": {{\"size\": {}, \"count\": {}}},\n \"totals\": [", snapshot_.size(), snapshot_.count());
    const char* separator = "\n";
    for (const std::uint32_t total : ordered_totals(snapshot_)) {
      append("{}  {{", separator);
      append_total(snapshot_.totals()[total]);
      if (snapshot_.has_traces()) append_traces(rows_.of(total));
      append("}}");
      separator = ",\n";
    }
    append("]}}\n");
    sink_.write(text_);
  }

 private:
  template <typename... Values>
  void append(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Values>(values)...);
  }

  void flush_full() {
    if (text_.size() < kFullText) return;
    sink_.write(text_);
    text_.clear();
  }

  void append_total(const Total& total) {
    append("\"traceback\": [");
    const char* separator = "";
    for (const snapshot::FrameId id : symbols_.traceback(total.traceback)) {
      append("{}", separator);
      append_frame(symbols_.frame(id));
      separator = ", ";
      flush_full();
    }
    append("], ");
    if (total.total_nframe != 0) append("\"total_nframe\": {}, ", total.total_nframe);
    append("\"domain\": {}, \"size\": {}, \"count\": {}", total.domain, total.size, total.count);
  }

  void append_frame(snapshot::Frame frame) {
    append("{{\"filename\": {}, \"lineno\": {}", json_string(symbols_.text(frame.filename)), frame.lineno);
    append_known("function", frame.function);
    append_known("module", frame.module);
    append("}}");
  }

  void append_known(std::string_view name, snapshot::StringId text) {
    if (text != snapshot::kUnknownString) append(", \"{}\": {}", name, json_string(symbols_.text(text)));
  }

  std::optional<std::string_view> type_of(std::size_t row) const {
    if (traces_.type.empty() || traces_.type[row] == snapshot::kUnknownString) return std::nullopt;
    return symbols_.text(traces_.type[row]);
  }

  /// What tells one block from another, in the order in which they are told: by address, else the largest first.
  auto key(std::size_t row) const {
    const auto known = [row](const auto& column) { return column.empty() ? 0 : column[row]; };
    return std::tuple(known(traces_.address), -traces_.size[row], known(traces_.birth), known(traces_.thread),
                      known(traces_.weight), type_of(row));
  }

  /// Blocks that differ in nothing are told once.
  void append_traces(std::span<std::size_t> rows) {
    append(", \"traces\": [");
    std::ranges::sort(rows, {}, [this](std::size_t row) { return key(row); });
    const char* separator = "";
    for (std::size_t at = 0; at < rows.size();) {
      const std::size_t first = rows[at];
      std::int64_t count = 0;
      for (; at < rows.size() && key(rows[at]) == key(first); ++at) count += traces_.count_of(rows[at]);
      append("{}{{\"size\": {}, \"count\": {}", separator, traces_.size[first], count);
      append_columns(first);
      append("}}");
      separator = ", ";
      flush_full();
    }
    append("]");
  }

  void append_columns(std::size_t row) {
    if (!traces_.address.empty()) append(", \"address\": \"{:#x}\"", traces_.address[row]);
    if (!traces_.thread.empty() && traces_.thread[row] != snapshot::TraceColumns::kUnknownThread) {
      append(", \"thread\": {}", traces_.thread[row]);
    }
    if (!traces_.birth.empty()) append(", \"birth\": {}", json_string(utc_time(traces_.birth[row])));
    if (!traces_.weight.empty()) append(", \"weight\": {}", traces_.weight[row]);
    if (const auto type = type_of(row)) append(", \"type\": {}", json_string(*type));
  }

  static constexpr std::size_t kFullText = std::size_t{1} << 16U;

  const Snapshot& snapshot_;
  const snapshot::Symbols& symbols_;
  const snapshot::TraceColumns& traces_;
  snapshot::ByteSink& sink_;
  RowsByTotal rows_;
  std::string text_;
};

}  // namespace

void write(const Snapshot& snapshot, const WriteOptions& /*options*/, snapshot::ByteSink& sink) {
  Writer(snapshot, sink).write();
}

}  // namespace formats::json

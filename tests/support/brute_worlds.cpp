#include "brute_force.h"

#include <snapshot/builder.h>

#include <algorithm>
#include <utility>

namespace brute_force {
namespace {

using snapshot::GroupBy;

/// What is known of single blocks.
void add_columns(const Traces& traces, snapshot::SnapshotBuilder& builder) {
  snapshot::TraceColumns& columns = builder.columns();
  std::vector<snapshot::Thread>& threads = builder.info().threads;
  const bool any_type = std::ranges::any_of(traces, [](const Trace& trace) { return trace.type.has_value(); });
  const bool any_thread = std::ranges::any_of(traces, [](const Trace& trace) { return trace.thread.has_value(); });
  for (const Trace& trace : traces) {
    if (trace.address) columns.address.push_back(*trace.address);
    if (trace.birth) columns.birth.push_back(*trace.birth);
    if (trace.weight) columns.weight.push_back(*trace.weight);
    if (any_type) {
      columns.type.push_back(trace.type ? builder.symbols().intern(*trace.type) : snapshot::kUnknownString);
    }
    if (!any_thread) continue;
    if (!trace.thread) {
      columns.thread.push_back(snapshot::TraceColumns::kUnknownThread);
      continue;
    }
    const auto found = std::ranges::find(threads, *trace.thread);
    columns.thread.push_back(static_cast<std::uint32_t>(found - threads.begin()));
    if (found == threads.end()) threads.push_back(*trace.thread);
  }
}

}  // namespace

snapshot::Snapshot to_snapshot(const Traces& traces, const std::shared_ptr<snapshot::Symbols>& symbols,
                               bool totals_only) {
  snapshot::SnapshotBuilder builder(symbols, totals_only);
  const auto intern = [&](const std::optional<std::string>& text) {
    return text ? symbols->intern(*text) : snapshot::kUnknownString;
  };
  const bool counted = std::ranges::any_of(traces, [](const Trace& trace) { return trace.count != 1; });
  for (const Trace& trace : traces) {
    std::vector<snapshot::FrameId> frames;
    for (auto frame = trace.frames.rbegin(); frame != trace.frames.rend(); ++frame) {
      frames.push_back(symbols->intern(snapshot::Frame{symbols->intern(frame->filename), frame->lineno,
                                                       intern(frame->function), intern(frame->module)}));
    }
    const auto traceback = symbols->intern(std::span<const snapshot::FrameId>(frames));
    const std::uint32_t total = builder.total(traceback, trace.total_nframe, trace.domain);
    if (counted) {
      builder.add_equal_traces(total, trace.size, trace.count);
    } else {
      builder.add_trace(total, trace.size);
    }
  }
  builder.info().domains = kNamedDomains;
  if (!totals_only) add_columns(traces, builder);
  return std::move(builder).finish();
}

namespace {

Frame to_frame(const snapshot::Symbols& symbols, snapshot::FrameId id) {
  const auto text = [&](snapshot::StringId string) {
    return string == snapshot::kUnknownString ? std::nullopt : std::optional(std::string(symbols.text(string)));
  };
  const snapshot::Frame frame = symbols.frame(id);
  return {std::string(symbols.text(frame.filename)), frame.lineno, text(frame.function), text(frame.module)};
}

std::vector<Frame> to_frames(const snapshot::Symbols& symbols, snapshot::TracebackId id) {
  std::vector<Frame> frames;
  for (const snapshot::FrameId frame : symbols.traceback(id)) frames.push_back(to_frame(symbols, frame));
  return frames;
}

/// Of keys that are rows of the Symbols. Those by line have whatever function the row's frame has, which must be none.
Key to_key(const snapshot::Symbols& symbols, GroupBy group_by, snapshot::Key key) {
  const auto at = static_cast<std::uint32_t>(key);
  Key result;
  if (group_by == GroupBy::lineno) result.frames = {to_frame(symbols, snapshot::FrameId{at})};
  if (group_by == GroupBy::filename) result.frames = {Frame{std::string(symbols.text(snapshot::StringId{at})), 0}};
  if (group_by == GroupBy::traceback) result.frames = to_frames(symbols, snapshot::TracebackId{at});
  return result;
}

/// The number that a label ends in, before a parenthesis.
std::uint64_t last_number(std::string label) {
  if (label.ends_with(')')) label.pop_back();
  return std::stoull(label.substr(label.find_last_not_of("0123456789") + 1));
}

template <typename ToKey>
std::vector<Row> rows_with(ToKey to_key, const std::vector<snapshot::Statistic>& rows) {
  std::vector<Row> result;
  for (const auto& row : rows) result.push_back({to_key(row.key), row.size, row.count, 0, 0});
  return result;
}

template <typename ToKey>
std::vector<Row> rows_with(ToKey to_key, const std::vector<snapshot::StatisticDiff>& rows) {
  std::vector<Row> result;
  for (const auto& row : rows) result.push_back({to_key(row.key), row.size, row.count, row.size_diff, row.count_diff});
  return result;
}

}  // namespace

Traces to_traces(const snapshot::Snapshot& snapshot) {
  Traces traces;
  const snapshot::TraceColumns& columns = snapshot.traces();
  for (std::size_t at = 0; at < columns.rows(); ++at) {
    const snapshot::Total& total = snapshot.totals()[columns.total[at]];
    std::vector<Frame> frames = to_frames(snapshot.symbols(), total.traceback);
    std::ranges::reverse(frames);
    Trace trace{total.domain, columns.size[at], frames, total.total_nframe, columns.count_of(at)};
    if (!columns.address.empty()) trace.address = columns.address[at];
    if (!columns.thread.empty() && columns.thread[at] != snapshot::TraceColumns::kUnknownThread) {
      trace.thread = snapshot.info().threads[columns.thread[at]];
    }
    if (!columns.birth.empty()) trace.birth = columns.birth[at];
    if (!columns.weight.empty()) trace.weight = columns.weight[at];
    if (!columns.type.empty() && columns.type[at] != snapshot::kUnknownString) {
      trace.type = snapshot.symbols().text(columns.type[at]);
    }
    traces.push_back(trace);
  }
  return traces;
}

Key to_key(const snapshot::Grouping& grouping, snapshot::Key key) {
  const GroupBy by = grouping.by();
  if (by == GroupBy::lineno || by == GroupBy::filename || by == GroupBy::traceback) {
    return to_key(grouping.symbols(), by, key);
  }
  Key result;
  result.label = grouping.label(key);
  if (by == GroupBy::domain || by == GroupBy::size_class) result.number = last_number(result.label);
  if (by == GroupBy::function) {
    result.frames = {Frame{std::string(grouping.filename(key)), 0}};
    result.known = grouping.label(key).data() != nullptr;
  }
  return result;
}

std::vector<Row> to_rows(const snapshot::Grouping& grouping, const std::vector<snapshot::Statistic>& rows) {
  return rows_with([&](snapshot::Key key) { return to_key(grouping, key); }, rows);
}

std::vector<Row> to_rows(const snapshot::Grouping& grouping, const std::vector<snapshot::StatisticDiff>& rows) {
  return rows_with([&](snapshot::Key key) { return to_key(grouping, key); }, rows);
}

std::vector<Row> to_rows(const snapshot::Symbols& symbols, GroupBy group_by,
                         const std::vector<snapshot::Statistic>& rows) {
  return rows_with([&](snapshot::Key key) { return to_key(symbols, group_by, key); }, rows);
}

std::vector<Row> to_rows(const snapshot::Symbols& symbols, GroupBy group_by,
                         const std::vector<snapshot::StatisticDiff>& rows) {
  return rows_with([&](snapshot::Key key) { return to_key(symbols, group_by, key); }, rows);
}

}  // namespace brute_force

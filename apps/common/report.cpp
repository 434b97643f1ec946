#include "report.h"

#include <algorithm>
#include <iterator>

namespace cli {
namespace {

using snapshot::GroupBy;
using snapshot::Status;

Amounts amounts_of(const snapshot::Statistic& row) { return {row.size, row.count, 0, 0}; }
Amounts amounts_of(const snapshot::StatisticDiff& row) { return {row.size, row.count, row.size_diff, row.count_diff}; }

template <typename Row>
void fill(Report& report, const snapshot::Symbols& symbols, const snapshot::Ranked<Row>& ranked) {
  report.rows.reserve(ranked.rows.size());
  for (const Row& row : ranked.rows) {
    report.rows.push_back({frames_of(symbols, report.group_by, row.key), amounts_of(row)});
  }
  report.others = {ranked.other_count, amounts_of(ranked.others)};
}

}  // namespace

std::string_view status_name(Status status) {
  switch (status) {
    case Status::fresh: return "NEW";
    case Status::gone: return "GONE";
    case Status::grown: return "GROWN";
    case Status::shrunk: return "SHRUNK";
    case Status::same: return "SAME";
  }
  return "";
}

Status status_of(const Amounts& amounts) {
  return snapshot::StatisticDiff{0, amounts.size, amounts.size_diff, amounts.count, amounts.count_diff}.status();
}

std::string_view group_name(GroupBy group_by) {
  switch (group_by) {
    case GroupBy::lineno: return "lineno";
    case GroupBy::filename: return "filename";
    case GroupBy::traceback: return "traceback";
  }
  return "";
}

std::vector<ReportFrame> frames_of(const snapshot::Symbols& symbols, GroupBy group_by, snapshot::Key key) {
  const auto text_of = [&](snapshot::StringId id) {
    return id == snapshot::kUnknownString ? std::nullopt : std::optional(symbols.text(id));
  };
  const auto frame_of = [&](snapshot::FrameId id) {
    const snapshot::Frame frame = symbols.frame(id);
    return ReportFrame{symbols.text(frame.filename), frame.lineno, text_of(frame.function), text_of(frame.module)};
  };
  switch (group_by) {
    case GroupBy::lineno: return {frame_of(snapshot::FrameId{key})};
    case GroupBy::filename: return {{symbols.text(snapshot::StringId{key}), 0}};
    case GroupBy::traceback: break;
  }
  std::vector<ReportFrame> frames;
  std::ranges::transform(symbols.traceback(snapshot::TracebackId{key}), std::back_inserter(frames), frame_of);
  return frames;
}

Amounts sum_of(const std::vector<snapshot::StatisticDiff>& rows) {
  Amounts sum;
  for (const snapshot::StatisticDiff& row : rows) {
    sum.size += row.size;
    sum.count += row.count;
    sum.size_diff += row.size_diff;
    sum.count_diff += row.count_diff;
  }
  return sum;
}

Rest take_unchanged(std::vector<snapshot::StatisticDiff>& rows, bool cumulative) {
  Rest unchanged;
  std::erase_if(rows, [&](const snapshot::StatisticDiff& row) {
    if (row.status() != Status::same) return false;
    ++unchanged.groups;
    if (cumulative) return true;
    unchanged.amounts.size += row.size;
    unchanged.amounts.count += row.count;
    return true;
  });
  return unchanged;
}

void fill_rows(Report& report, const snapshot::Symbols& symbols, const snapshot::Ranked<snapshot::Statistic>& ranked) {
  fill(report, symbols, ranked);
}

void fill_rows(Report& report, const snapshot::Symbols& symbols,
               const snapshot::Ranked<snapshot::StatisticDiff>& ranked) {
  fill(report, symbols, ranked);
}

}  // namespace cli

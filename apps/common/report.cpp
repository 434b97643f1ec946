#include "report.h"

namespace cli {
namespace {

using snapshot::GroupBy;
using snapshot::Status;

Amounts amounts_of(const snapshot::Statistic& row) { return {row.size, row.count, 0, 0}; }
Amounts amounts_of(const snapshot::StatisticDiff& row) { return {row.size, row.count, row.size_diff, row.count_diff}; }

template <typename Row>
void fill(std::vector<ReportRow>& rows, Rest& others, const snapshot::Grouping& grouping,
          const snapshot::Ranked<Row>& ranked) {
  rows.reserve(ranked.rows.size());
  for (const Row& row : ranked.rows) {
    rows.push_back(row_of(grouping, row.key));
    rows.back().amounts = amounts_of(row);
  }
  others = {ranked.other_count, amounts_of(ranked.others)};
}

}  // namespace

void add_outside(Report& report, const Amounts& outside) {
  if (!report.outside) report.outside.emplace();
  for (Amounts* amounts : {&report.outside->amounts, &report.total}) {
    amounts->size += outside.size;
    amounts->count += outside.count;
  }
}

ReportFrame frame_of(const snapshot::Symbols& symbols, snapshot::FrameId id) {
  const snapshot::Frame frame = symbols.frame(id);
  const auto text_of = [&](snapshot::StringId text) {
    return text == snapshot::kUnknownString ? std::nullopt : std::optional(symbols.text(text));
  };
  return {symbols.text(frame.filename), frame.lineno, text_of(frame.function), text_of(frame.module)};
}

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
    case GroupBy::function: return "function";
    case GroupBy::directory: return "directory";
    case GroupBy::module: return "module";
    case GroupBy::domain: return "domain";
    case GroupBy::thread: return "thread";
    case GroupBy::type: return "type";
    case GroupBy::size_class: return "size-class";
  }
  return "";
}

ReportRow row_of(const snapshot::Grouping& grouping, snapshot::Key key) {
  const snapshot::Symbols& symbols = grouping.symbols();
  const auto row = static_cast<std::uint32_t>(key);
  ReportRow result{{}, {}, grouping.by()};
  switch (grouping.by()) {
    case GroupBy::lineno: result.traceback = {frame_of(symbols, snapshot::FrameId{row})}; break;
    case GroupBy::filename: result.traceback = {{symbols.text(snapshot::StringId{row}), 0}}; break;
    case GroupBy::traceback:
      for (const snapshot::FrameId frame : symbols.traceback(snapshot::TracebackId{row})) {
        result.traceback.push_back(frame_of(symbols, frame));
      }
      break;
    case GroupBy::function:
      result.traceback = {{grouping.filename(key), 0, std::nullopt, std::nullopt}};
      if (!grouping.label(key).empty()) result.traceback[0].function = grouping.label(key);
      break;
    default: result.key = grouping.label(key);
  }
  return result;
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

void fill_rows(Report& report, const snapshot::Grouping& grouping,
               const snapshot::Ranked<snapshot::Statistic>& ranked) {
  fill(report.rows, report.others, grouping, ranked);
}

void fill_rows(Report& report, const snapshot::Grouping& grouping,
               const snapshot::Ranked<snapshot::StatisticDiff>& ranked) {
  fill(report.rows, report.others, grouping, ranked);
}

void fill_rows(ReportRow& outer, const snapshot::Grouping& inner, const snapshot::Ranked<snapshot::Statistic>& ranked) {
  fill(outer.within, outer.others, inner, ranked);
}

void fill_rows(ReportRow& outer, const snapshot::Grouping& inner,
               const snapshot::Ranked<snapshot::StatisticDiff>& ranked) {
  fill(outer.within, outer.others, inner, ranked);
}

}  // namespace cli

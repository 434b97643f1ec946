#pragma once

#include <snapshot/compare.h>
#include <snapshot/rank.h>
#include <snapshot/statistics.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

struct ReportFrame {
  std::string_view filename;  ///< generalised UTF-8, of the Symbols
  std::uint32_t lineno;       ///< 0 where rows are grouped by file name

  // Where rows are grouped by traceback and the recorder knew them.
  std::optional<std::string_view> function = std::nullopt;
  std::optional<std::string_view> module = std::nullopt;
};

/// Amounts of one row. The differences are of reports that compare.
struct Amounts {
  std::int64_t size = 0;
  std::int64_t count = 0;
  std::int64_t size_diff = 0;
  std::int64_t count_diff = 0;
};

struct ReportRow {
  std::vector<ReportFrame> traceback;  ///< oldest first; one frame unless grouped by traceback
  Amounts amounts;
};

/// One of the files that a report is about.
struct ReportSnapshot {
  std::string_view role;  ///< its JSON name in a comparison: old, new, later
  std::string path;
  std::string_view format;
  std::optional<std::int64_t> time;  ///< when it was taken: nanoseconds since 1970-01-01T00:00:00Z
  std::optional<std::uint32_t> traceback_limit;
  std::int64_t size;
  std::int64_t count;
};

/// Rows that a report leaves out, and their sums.
struct Rest {
  std::size_t groups = 0;
  Amounts amounts;
};

/// What a tool has to say, before anyone decides how it looks: all that printers see.
struct Report {
  std::string_view tool;
  bool compares = false;
  snapshot::GroupBy group_by = snapshot::GroupBy::lineno;
  bool cumulative = false;  ///< rows overlap, so that they do not add up to the total
  bool recursion = false;   ///< and recursion counts again
  std::vector<ReportSnapshot> snapshots;
  std::vector<ReportRow> rows;
  Rest others;     ///< rows behind the limit
  Rest unchanged;  ///< rows of a comparison that are not shown because nothing changed
  Amounts total;
};

std::string_view status_name(snapshot::Status status);
snapshot::Status status_of(const Amounts& amounts);
std::string_view group_name(snapshot::GroupBy group_by);

/// The frames of a key, as tracemalloc's Statistic.traceback.
std::vector<ReportFrame> frames_of(const snapshot::Symbols& symbols, snapshot::GroupBy group_by, snapshot::Key key);

/// What the rows add up to; they must not overlap.
Amounts sum_of(const std::vector<snapshot::StatisticDiff>& rows);

/// Takes out the rows that did not change, and returns what they add up to; without amounts where they are
/// `cumulative`.
Rest take_unchanged(std::vector<snapshot::StatisticDiff>& rows, bool cumulative);

/// Puts ranked rows into a report whose `group_by` is set.
void fill_rows(Report& report, const snapshot::Symbols& symbols, const snapshot::Ranked<snapshot::Statistic>& ranked);
void fill_rows(Report& report, const snapshot::Symbols& symbols,
               const snapshot::Ranked<snapshot::StatisticDiff>& ranked);

}  // namespace cli

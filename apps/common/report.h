#pragma once

#include <snapshot/compare.h>
#include <snapshot/grouping.h>
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

  // Where rows are grouped by traceback, or by function, and the recorder knew them.
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

/// Rows that a report leaves out, and their sums.
struct Rest {
  std::size_t groups = 0;
  Amounts amounts;
};

struct ReportRow {
  std::vector<ReportFrame>
      traceback;  ///< oldest first; one frame unless grouped by traceback; none where `key` says it
  Amounts amounts;
  snapshot::GroupBy by = snapshot::GroupBy::lineno;
  std::string key = {};                ///< directory, module, domain, thread, type or size class
  std::vector<ReportRow> within = {};  ///< its groups by the second key, where there are two
  Rest others = {};                    ///< those of them behind the limit
  Rest unchanged = {};                 ///< and those in which nothing changed
  std::string_view snapshot = {};      ///< the file that the group is of, where rows are of several
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

/// What a tool has to say, before anyone decides how it looks: all that printers see.
struct Report {
  std::string_view tool;
  bool compares = false;
  std::string group_by;  ///< the keys as a user names them: "lineno", "directory:2", "filename,lineno"
  std::vector<snapshot::GroupBy> keys{snapshot::GroupBy::lineno};  ///< one or two
  bool cumulative = false;       ///< rows overlap, so that they do not add up to the total
  bool recursion = false;        ///< and recursion counts again
  bool hides_unchanged = false;  ///< rows of a comparison in which nothing changed are not shown
  std::vector<ReportSnapshot> snapshots;
  std::vector<ReportRow> rows;
  Rest others;                  ///< rows behind the limit
  Rest unchanged;               ///< rows of a comparison that are not shown because nothing changed
  std::optional<Rest> outside;  ///< blocks of which no frame is the project's; their groups are not counted
  Amounts total;
};

std::string_view status_name(snapshot::Status status);
snapshot::Status status_of(const Amounts& amounts);
std::string_view group_name(snapshot::GroupBy group_by);

ReportFrame frame_of(const snapshot::Symbols& symbols, snapshot::FrameId id);

/// Adds blocks that are not the project's, which are in no group, but in the total.
void add_outside(Report& report, const Amounts& outside);

/// The group of a key, without amounts.
ReportRow row_of(const snapshot::Grouping& grouping, snapshot::Key key);

/// What the rows add up to; they must not overlap.
Amounts sum_of(const std::vector<snapshot::StatisticDiff>& rows);

/// Takes out the rows that did not change, and returns what they add up to; without amounts where they are
/// `cumulative`.
Rest take_unchanged(std::vector<snapshot::StatisticDiff>& rows, bool cumulative);

/// Puts ranked rows into a report.
void fill_rows(Report& report, const snapshot::Grouping& grouping, const snapshot::Ranked<snapshot::Statistic>& ranked);
void fill_rows(Report& report, const snapshot::Grouping& grouping,
               const snapshot::Ranked<snapshot::StatisticDiff>& ranked);

/// Puts ranked rows of the second key into a row of the first.
void fill_rows(ReportRow& outer, const snapshot::Grouping& inner, const snapshot::Ranked<snapshot::Statistic>& ranked);
void fill_rows(ReportRow& outer, const snapshot::Grouping& inner,
               const snapshot::Ranked<snapshot::StatisticDiff>& ranked);

}  // namespace cli

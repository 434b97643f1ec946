#pragma once

#include "common/report.h"
#include "trend/options.h"

#include <snapshot/trend.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cli {

/// One group in time.
struct TrendRow {
  ReportRow site;                    ///< without amounts; nothing in the rows of the total and of what lies outside
  std::vector<std::int64_t> values;  ///< in bytes or blocks, one a snapshot
  snapshot::Trend trend;
  double adjusted = 1;  ///< p among all groups that were looked at
  snapshot::TrendClass verdict = snapshot::TrendClass::unknown;

  // Of rows that are shown alone.
  double per_interval = 0;
  std::optional<double> per_hour = std::nullopt;  ///< where the times are known
  double confidence = 0;
  std::optional<double> until = std::nullopt;  ///< hours to the limit, else intervals; of what grows to the end

  std::int64_t growth() const { return values.empty() ? 0 : values.back() - values.front(); }
};

/// Rows that a report leaves out, and their sums.
struct TrendRest {
  std::size_t groups = 0;
  std::int64_t first = 0;
  std::int64_t last = 0;
};

/// All that printers of series see.
struct TrendReport {
  std::string group_by;
  snapshot::GroupBy by = snapshot::GroupBy::lineno;
  TrendQuantity quantity = TrendQuantity::size;
  bool cumulative = false;
  bool recursion = false;
  std::vector<ReportSnapshot> snapshots;  ///< in the order of the series
  bool timed = false;                     ///< the order is that of their times, and growth has a rate per hour
  snapshot::TrendRules rules;
  std::size_t warmup = 0;  ///< snapshots that verdicts do not look at
  std::size_t used = 0;    ///< points that they look at: snapshots, or means of several
  std::size_t tests = 0;   ///< groups whose growth could be significant
  std::optional<std::int64_t> limit_size;
  std::string limit_text;
  std::vector<TrendRow> rows;
  TrendRest others;  ///< rows behind the limit
  TrendRow total;
  std::optional<TrendRow> outside;
};

}  // namespace cli

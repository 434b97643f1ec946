#pragma once

#include <snapshot/compare.h>
#include <snapshot/rank.h>
#include <snapshot/snapshot.h>
#include <snapshot/statistics.h>
#include <snapshot/symbols.h>

#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace testing {

/// Text by lines, which a failed check shows.
struct Lines : std::vector<std::string> {
  using std::vector<std::string>::vector;

  friend std::ostream& operator<<(std::ostream& out, const Lines& lines);
};

/// A snapshot written as text, a line for each trace, with the most recent frame first:
///
///   4096 app.py:10 < main.py:3
///   512 x5 <string>:228 domain=3 nframe=30
///   512 list.c:17(grow)@libfoo.so < main.c:3(main) address=0x7f10 thread=main birth=-5 weight=524288
///   512 count=5 a.py:1 type=dict
///
/// "x5" makes five such traces, "count=5" one row that stands for five; then every line without it stands for one. A
/// thread is a name, or a number where it has none; it is unknown, as a type is, where another line alone states one.
/// White space separates words, so no name has any. An empty line is no trace.
snapshot::Snapshot snapshot_from(std::string_view text,
                                 std::shared_ptr<snapshot::Symbols> symbols = std::make_shared<snapshot::Symbols>(),
                                 bool totals_only = false);

/// The traces of a snapshot in the same words, a line for each row, in their order.
Lines traces_of(const snapshot::Snapshot& snapshot);

/// The totals of a snapshot that hold a block, in the same words, sorted: "15 x3 app.py:10" are 15 bytes in 3 blocks.
Lines totals_of(const snapshot::Snapshot& snapshot);

/// A key in the same words; "app.py" where rows are grouped by file name.
std::string key_text(const snapshot::Symbols& symbols, snapshot::GroupBy group_by, snapshot::Key key);

/// The same of any key: "load@app.py" where rows are grouped by function, and else what it is called.
std::string key_text(const snapshot::Grouping& grouping, snapshot::Key key);

/// Rows as "15 x3 app.py:10"; differences as "15 (+5) x3 (+1) app.py:10".
Lines rows_of(const snapshot::Symbols& symbols, snapshot::GroupBy group_by,
              const std::vector<snapshot::Statistic>& rows);
Lines rows_of(const snapshot::Symbols& symbols, snapshot::GroupBy group_by,
              const std::vector<snapshot::StatisticDiff>& rows);

/// The rows of statistics() in tracemalloc's order.
Lines ranked_statistics(const snapshot::Snapshot& snapshot, snapshot::GroupBy group_by,
                        snapshot::Charge charge = snapshot::Charge::most_recent);

/// The same by any key.
Lines ranked_statistics(const snapshot::Snapshot& snapshot, const snapshot::GroupSpec& spec,
                        snapshot::Charge charge = snapshot::Charge::most_recent);

/// The rows of compare() in tracemalloc's order. The snapshots share their Symbols.
Lines ranked_differences(const snapshot::Snapshot& older, const snapshot::Snapshot& newer, snapshot::GroupBy group_by);

}  // namespace testing

#include "trace_sizes.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>

namespace snapshot::file {
namespace {

/// Totals whose blocks have sizes that lie close to each other, as most have: there is a cell for each size between the
/// least and the largest, so that nothing has to be sorted, and the row of a trace need not be searched for. No more
/// cells than traces and totals.
class CountedSizes {
 public:
  CountedSizes(const TraceColumns& traces, std::size_t totals) : traces_(traces), ranges_(totals) {
    for (std::size_t at = 0; at < traces.rows(); ++at) {
      Range& range = ranges_[traces.total[at]];
      const std::int64_t size = traces.size[at];
      range.least = std::min(range.least, size);
      range.most = std::max(range.most, size);
      ++range.traces;
    }
    std::size_t cells = 0;
    for (Range& range : ranges_) {
      if (range.traces == 0 || range.most - range.least > range.traces) continue;
      range.first = cells;
      cells += static_cast<std::size_t>(range.most - range.least) + 1;
    }
    cells_.resize(cells);
    for (std::size_t at = 0; at < traces.rows(); ++at) {
      if (has(traces.total[at])) cell(at) += traces.count_of(at);
    }
  }

  bool has(std::uint32_t total) const { return ranges_[total].first != kNone; }

  /// Appends the rows of a total, which is row `place` of TOTL. To be called once for each; from then on the cells have
  /// rows in the place of counts.
  void append_rows(std::uint32_t total, std::uint32_t place, std::vector<SizeRow>& rows) {
    const Range& range = ranges_[total];
    for (std::int64_t above = 0; above <= range.most - range.least; ++above) {
      std::int64_t& cell = cells_[range.first + static_cast<std::size_t>(above)];
      if (cell == 0) continue;
      const auto row = static_cast<std::int64_t>(rows.size());
      rows.push_back({place, range.least + above, std::exchange(cell, row)});
    }
  }

  void set_rows(std::vector<std::uint32_t>& row_of) {
    for (std::size_t at = 0; at < traces_.rows(); ++at) {
      if (has(traces_.total[at])) row_of[at] = static_cast<std::uint32_t>(cell(at));
    }
  }

 private:
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

  struct Range {
    std::int64_t least = std::numeric_limits<std::int64_t>::max();  // bytes
    std::int64_t most = 0;
    std::int64_t traces = 0;
    std::size_t first = kNone;  // cell of `least`; kNone: these are not counted
  };

  std::int64_t& cell(std::size_t at) {
    const Range& range = ranges_[traces_.total[at]];
    return cells_[range.first + static_cast<std::size_t>(traces_.size[at] - range.least)];
  }

  const TraceColumns& traces_;
  std::vector<Range> ranges_;  // by row of Snapshot::totals()
  std::vector<std::int64_t> cells_;
};

/// The traces of the other totals: those of total t are [ends[t - 1], ends[t]) of `rows`.
struct OtherTraces {
  std::vector<std::uint32_t> ends;
  std::vector<std::uint32_t> rows;

  OtherTraces(const Snapshot& snapshot, const CountedSizes& counted) : ends(snapshot.totals().size() + 1) {
    const std::span<const std::uint32_t> totals = snapshot.traces().total.values();
    for (const std::uint32_t total : totals) ends[total + 1] += counted.has(total) ? 0 : 1;
    for (std::size_t at = 1; at < ends.size(); ++at) ends[at] += ends[at - 1];
    rows.resize(ends.back());
    for (std::uint32_t at = 0; at < totals.size(); ++at) {
      if (!counted.has(totals[at])) rows[ends[totals[at]]++] = at;  // which moves starts to ends
    }
  }

  std::span<const std::uint32_t> of(std::uint32_t total) const {
    const std::uint32_t first = total == 0 ? 0 : ends[total - 1];
    return std::span(rows).subspan(first, ends[total] - first);
  }
};

/// Appends the rows of these traces, whose total is row `place` of TOTL, and notes them.
void append_rows(const TraceColumns& traces, std::span<const std::uint32_t> of_total, std::uint32_t place,
                 TraceSizes& result) {
  std::vector<std::pair<std::int64_t, std::int64_t>> sizes;  // size, count
  for (const std::uint32_t at : of_total) {
    const std::int64_t size = traces.size[at];
    const std::int64_t count = traces.count_of(at);
    // Blocks of one traceback mostly have one size, and that in runs.
    if (!sizes.empty() && sizes.back().first == size) {
      sizes.back().second += count;
    } else {
      sizes.emplace_back(size, count);
    }
  }
  std::ranges::sort(sizes);
  const std::size_t first = result.rows.size();
  for (const auto& [size, count] : sizes) {
    if (result.rows.size() > first && result.rows.back().size == size) {
      result.rows.back().count += count;
    } else {
      result.rows.push_back({place, size, count});
    }
  }
  const auto rows = std::span(result.rows).subspan(first);
  for (const std::uint32_t at : of_total) {
    const auto found = std::ranges::lower_bound(rows, traces.size[at], {}, &SizeRow::size);
    result.row_of[at] = static_cast<std::uint32_t>(first + static_cast<std::size_t>(found - rows.begin()));
  }
}

}  // namespace

TraceSizes trace_sizes(const Snapshot& snapshot, const std::vector<std::uint32_t>& order) {
  const TraceColumns& traces = snapshot.traces();
  CountedSizes counted(traces, snapshot.totals().size());
  const OtherTraces others(snapshot, counted);
  TraceSizes result;
  result.row_of.resize(traces.rows());
  for (std::uint32_t place = 0; place < order.size(); ++place) {
    if (counted.has(order[place])) {
      counted.append_rows(order[place], place, result.rows);
    } else {
      append_rows(traces, others.of(order[place]), place, result);
    }
  }
  counted.set_rows(result.row_of);
  return result;
}

}  // namespace snapshot::file

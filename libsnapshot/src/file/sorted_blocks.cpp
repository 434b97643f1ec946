#include "sorted_blocks.h"

#include "size_row_finder.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace snapshot::file {

SortedBlocks sort_blocks(const Snapshot& snapshot, const std::vector<std::uint32_t>& order,
                         const std::vector<SizeRow>& sizes, const TypeNumbers& types) {
  const TraceColumns& traces = snapshot.traces();
  SortedBlocks sorted;
  std::vector<std::uint32_t> places(snapshot.totals().size());  // of rows of totals in TOTL
  for (std::uint32_t at = 0; at < order.size(); ++at) {
    places[order[at]] = at;
    sorted.totals.push_back(snapshot.totals()[order[at]]);
  }
  sorted.rows.resize(traces.rows());
  std::iota(sorted.rows.begin(), sorted.rows.end(), 0U);
  const auto rest = [&](std::uint32_t at) {
    return std::tuple(places[traces.total[at]], traces.size[at], traces.thread.empty() ? 0 : traces.thread[at],
                      traces.birth.empty() ? 0 : traces.birth[at], traces.weight.empty() ? 0 : traces.weight[at],
                      types.of(traces, at));
  };
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    if (!traces.address.empty() && traces.address[a] != traces.address[b]) return traces.address[a] < traces.address[b];
    return rest(a) < rest(b);
  };
  if (!std::ranges::is_sorted(sorted.rows, before)) std::ranges::sort(sorted.rows, before);
  sorted.size_rows.reserve(traces.rows());
  const SizeRowFinder size_rows(sizes, order.size());
  for (const std::uint32_t at : sorted.rows) {
    sorted.size_rows.push_back(size_rows.find(places[traces.total[at]], traces.size[at]));
  }
  return sorted;
}

}  // namespace snapshot::file

#include "sorted_blocks.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <span>
#include <tuple>

namespace snapshot::file {
namespace {

/// Whether there are addresses, no two the same, in their order already, as recorders hand them over.
bool is_ascending(std::span<const std::uint64_t> addresses) {
  return !addresses.empty() && std::ranges::is_sorted(addresses, std::less_equal<>());
}

}  // namespace

SortedBlocks sort_blocks(const Snapshot& snapshot, const std::vector<std::uint32_t>& order, const TypeNumbers& types) {
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
  if (!is_ascending(traces.address.values()) && !std::ranges::is_sorted(sorted.rows, before)) {
    std::ranges::sort(sorted.rows, before);
  }
  return sorted;
}

}  // namespace snapshot::file

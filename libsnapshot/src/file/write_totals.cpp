#include "plain_writer.h"
#include "total_sections.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace snapshot::file {
namespace {

/// The rows of traces, by row of totals: those of total t are [ends[t - 1], ends[t]) of `rows`.
struct RowsByTotal {
  std::vector<std::uint32_t> ends;
  std::vector<std::uint32_t> rows;

  explicit RowsByTotal(const Snapshot& snapshot) : ends(snapshot.totals().size() + 1), rows(snapshot.traces().rows()) {
    const std::span<const std::uint32_t> totals = snapshot.traces().total.values();
    for (const std::uint32_t total : totals) ++ends[total + 1];
    for (std::size_t at = 1; at < ends.size(); ++at) ends[at] += ends[at - 1];
    for (std::uint32_t at = 0; at < totals.size(); ++at) rows[ends[totals[at]]++] = at;  // which moves starts to ends
  }

  std::span<const std::uint32_t> of(std::uint32_t total) const {
    const std::uint32_t first = total == 0 ? 0 : ends[total - 1];
    return std::span(rows).subspan(first, ends[total] - first);
  }
};

}  // namespace

std::vector<std::uint32_t> order_of_totals(const Snapshot& snapshot, const UsedSymbols& used) {
  const std::span<const Total> totals = snapshot.totals();
  std::vector<std::uint32_t> order;
  for (std::uint32_t at = 0; at < totals.size(); ++at) {
    if (totals[at].count != 0) order.push_back(at);
  }
  std::ranges::sort(order, {}, [&](std::uint32_t at) {
    const Total& total = totals[at];
    return std::tuple(used.traceback_numbers[row(total.traceback)], total.total_nframe, total.domain);
  });
  return order;
}

std::vector<SizeRow> size_rows(const Snapshot& snapshot, const std::vector<std::uint32_t>& order) {
  const TraceColumns& traces = snapshot.traces();
  const RowsByTotal by_total(snapshot);
  std::vector<SizeRow> result;
  std::vector<std::pair<std::int64_t, std::int64_t>> sizes;  // size, count
  for (std::uint32_t total = 0; total < order.size(); ++total) {
    sizes.clear();
    for (const std::uint32_t at : by_total.of(order[total])) {
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
    const std::size_t first = result.size();
    for (const auto& [size, count] : sizes) {
      if (result.size() > first && result.back().size == size) {
        result.back().count += count;
      } else {
        result.push_back({total, size, count});
      }
    }
  }
  return result;
}

std::vector<std::string> write_totals(const Snapshot& snapshot, const UsedSymbols& used,
                                      const std::vector<std::uint32_t>& order) {
  std::string tracebacks;
  std::string nframes;
  std::string domains;
  std::string counts;
  std::string averages;
  std::string remainders;
  std::uint32_t before = 0;
  for (const std::uint32_t at : order) {
    const Total& total = snapshot.totals()[at];
    const std::uint32_t number = used.traceback_numbers[row(total.traceback)];
    put_varint(tracebacks, number - before);
    before = number;
    const auto length = static_cast<std::int64_t>(snapshot.symbols().traceback(total.traceback).size());
    put_varint(nframes, total.total_nframe == 0 ? 0 : 1 + zigzag(total.total_nframe - length));
    put_varint(domains, total.domain);
    put_varint(counts, static_cast<std::uint64_t>(total.count - 1));
    put_varint(averages, static_cast<std::uint64_t>(total.size / total.count));
    put_varint(remainders, static_cast<std::uint64_t>(total.size % total.count));
  }
  return with_lengths(varint_text(order.size()), {tracebacks, nframes, domains, counts, averages, remainders});
}

std::vector<std::string> write_sizes(std::size_t totals, const std::vector<SizeRow>& rows) {
  std::string distinct;
  std::string sizes;
  std::string counts;
  auto first = rows.begin();
  for (std::uint32_t total = 0; total < totals; ++total) {
    auto end = std::find_if(first, rows.end(), [&](const SizeRow& row) { return row.total != total; });
    put_varint(distinct, static_cast<std::uint64_t>(end - first - 1));
    // One size is the total's average, and of several the last one's count is what is left.
    if (end - first > 1) {
      std::int64_t before = -1;
      for (auto size = first; size != end; ++size) {
        put_varint(sizes, static_cast<std::uint64_t>(size->size - before - 1));
        before = size->size;
        if (size + 1 != end) put_varint(counts, static_cast<std::uint64_t>(size->count - 1));
      }
    }
    first = end;
  }
  return with_lengths("", {distinct, sizes, counts});
}

}  // namespace snapshot::file

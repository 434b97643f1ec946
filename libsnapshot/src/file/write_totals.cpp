#include "plain_writer.h"
#include "total_sections.h"

#include <algorithm>
#include <tuple>

namespace snapshot::file {
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

#include "write_blocks.h"

#include "block_pages.h"
#include "container_writer.h"
#include "layout.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <tuple>

namespace snapshot::file {
namespace {

constexpr std::size_t kSamplePages = 4;

/// Finds rows of SIZE, which are sorted by total and size. First by the total, whose rows lie near each other: there
/// may be as many rows as blocks, and a search among all of them misses the cache at each step.
class SizeRows {
 public:
  SizeRows(const std::vector<SizeRow>& sizes, std::size_t totals) : sizes_(sizes), ends_(totals + 1) {
    for (const SizeRow& row : sizes) ++ends_[row.total + 1];
    std::partial_sum(ends_.begin(), ends_.end(), ends_.begin());
  }

  std::uint32_t find(std::uint32_t total, std::int64_t size) const {
    const auto found = std::lower_bound(sizes_.begin() + ends_[total], sizes_.begin() + ends_[total + 1], size,
                                        [](const SizeRow& row, std::int64_t wanted) { return row.size < wanted; });
    return static_cast<std::uint32_t>(found - sizes_.begin());
  }

 private:
  const std::vector<SizeRow>& sizes_;
  std::vector<std::uint32_t> ends_;  // those of total t are [ends_[t], ends_[t + 1])
};

/// Which traces there are, in which order, and what is common to them.
struct SortedBlocks {
  std::vector<std::uint32_t> rows;       // of Snapshot::traces(), by address
  std::vector<std::uint32_t> size_rows;  // of SIZE
  std::vector<Total> totals;             // rows of TOTL
};

SortedBlocks sort_blocks(const Snapshot& snapshot, const std::vector<std::uint32_t>& order,
                         const std::vector<SizeRow>& sizes) {
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
                      traces.birth.empty() ? 0 : traces.birth[at], traces.weight.empty() ? 0 : traces.weight[at]);
  };
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    if (!traces.address.empty() && traces.address[a] != traces.address[b]) return traces.address[a] < traces.address[b];
    return rest(a) < rest(b);
  };
  if (!std::ranges::is_sorted(sorted.rows, before)) std::ranges::sort(sorted.rows, before);
  sorted.size_rows.reserve(traces.rows());
  const SizeRows size_rows(sizes, order.size());
  for (const std::uint32_t at : sorted.rows) {
    sorted.size_rows.push_back(size_rows.find(places[traces.total[at]], traces.size[at]));
  }
  return sorted;
}

/// The layout whose pages are smallest, judged by some of them. Ties go to the first.
BlockLayout choose_layout(const TraceColumns& traces, const SortedBlocks& sorted, const std::vector<SizeRow>& sizes,
                          Compressor& compressor) {
  BlockLayout layout;
  layout.has_address = !traces.address.empty();
  layout.has_thread = !traces.thread.empty();
  layout.has_birth = !traces.birth.empty();
  layout.has_weight = !traces.weight.empty();
  std::uint64_t bits = std::uint64_t{1} << 4U;
  for (const std::uint64_t address : traces.address.values()) bits |= address;
  layout.unit_shift = static_cast<std::uint8_t>(std::countr_zero(bits));

  const std::size_t pages = (sorted.rows.size() + kPageRows - 1) / kPageRows;
  const std::size_t samples = std::min(pages, kSamplePages);
  std::size_t best = std::numeric_limits<std::size_t>::max();
  BlockLayout chosen = layout;
  for (const Reference reference : {Reference::size_row, Reference::total_and_size}) {
    for (const ChunkRule rule : {ChunkRule::malloc, ChunkRule::rounded}) {
      if (rule == ChunkRule::malloc && !layout.has_address) continue;
      layout.reference = reference;
      layout.rule = rule;
      PageWriter writer(layout, traces, sorted.rows, sorted.size_rows, sorted.totals, sizes);
      std::string stored;
      for (std::size_t at = 0; at < samples; ++at) compressor.append(writer.page(at * pages / samples), stored);
      if (stored.size() >= best) continue;
      best = stored.size();
      chosen = layout;
    }
  }
  return chosen;
}

}  // namespace

void write_blocks(const Snapshot& snapshot, const std::vector<std::uint32_t>& order, const std::vector<SizeRow>& sizes,
                  ContainerWriter& out) {
  const TraceColumns& traces = snapshot.traces();
  const SortedBlocks sorted = sort_blocks(snapshot, order, sizes);
  BlockIndex index;
  index.rows = sorted.rows.size();
  index.layout = choose_layout(traces, sorted, sizes, out.compressor());
  PageWriter writer(index.layout, traces, sorted.rows, sorted.size_rows, sorted.totals, sizes);
  std::string stored;
  std::uint64_t plain = 0;
  for (std::size_t first = 0; first < index.rows; first += kPageRows) {
    const std::string page = writer.page(first / kPageRows);
    const std::size_t before = stored.size();
    out.compressor().append(page, stored);
    plain += page.size();
    Page entry{stored.size() - before, 0, 0};
    if (index.layout.has_address) {
      entry.first = traces.address[sorted.rows[first]];
      for (std::size_t at = first; at < std::min<std::size_t>(first + kPageRows, index.rows); ++at) {
        const std::uint32_t row = sorted.rows[at];
        entry.reach = std::max(entry.reach, end_of(traces.address[row], traces.size[row]));
      }
    }
    index.pages.push_back(entry);
  }
  const std::string plain_index = write_index(index);
  out.add(kIndex, std::span(&plain_index, 1));
  out.add_stored(kBlocks, stored, plain);
}

}  // namespace snapshot::file

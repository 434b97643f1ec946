#include "write_blocks.h"

#include "block_pages.h"
#include "container_writer.h"
#include "layout.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>
#include <utility>

namespace snapshot::file {
namespace {

constexpr std::size_t kSamplePages = 4;

/// The layout that says what the file has; rule and reference are still to be chosen.
BlockLayout layout_of(const TraceColumns& traces) {
  BlockLayout layout;
  layout.has_address = !traces.address.empty();
  layout.has_thread = !traces.thread.empty();
  layout.has_birth = !traces.birth.empty();
  layout.has_weight = !traces.weight.empty();
  std::uint64_t bits = std::uint64_t{1} << 4U;
  for (const std::uint64_t address : traces.address.values()) bits |= address;
  layout.unit_shift = static_cast<std::uint8_t>(std::countr_zero(bits));
  return layout;
}

/// The writer whose pages are smallest, judged by some of them. Ties go to the first.
PageWriter choose_writer(const TraceColumns& traces, const SortedBlocks& sorted, const TraceSizes& sizes,
                         Compressor& compressor) {
  const std::size_t pages = (sorted.rows.size() + kPageRows - 1) / kPageRows;
  const std::size_t samples = std::min(pages, kSamplePages);
  std::size_t best = std::numeric_limits<std::size_t>::max();
  BlockLayout layout = layout_of(traces);
  std::optional<PageWriter> chosen;
  for (const Reference reference : {Reference::size_row, Reference::total_and_size}) {
    layout.reference = reference;
    PageWriter writer(layout, traces, sorted.rows, sizes.row_of, sorted.totals, sizes.rows);
    std::optional<ChunkRule> smallest;
    for (const ChunkRule rule : {ChunkRule::malloc, ChunkRule::rounded}) {
      if (rule == ChunkRule::malloc && !layout.has_address) continue;
      writer.set_rule(rule);
      std::string stored;
      for (std::size_t at = 0; at < samples; ++at) compressor.append(writer.page(at * pages / samples), stored);
      if (stored.size() >= best) continue;
      best = stored.size();
      smallest = rule;
    }
    if (!smallest) continue;
    writer.set_rule(*smallest);
    chosen.emplace(std::move(writer));
  }
  return std::move(*chosen);
}

}  // namespace

void write_blocks(const TraceColumns& traces, const SortedBlocks& sorted, const TraceSizes& sizes,
                  ContainerWriter& out) {
  BlockIndex index;
  index.rows = sorted.rows.size();
  PageWriter writer = choose_writer(traces, sorted, sizes, out.compressor());
  index.layout = writer.layout();
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

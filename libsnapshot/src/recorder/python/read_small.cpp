#include "recorder/python/read_small.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace snapshot::recorder {
namespace {

constexpr std::uint64_t kPageMask = (std::uint64_t{1} << kSmallClassShift) - 1;
static_assert(sizeof(SmallPage) == 16 && sizeof(SmallEntry) == 8);

}  // namespace

void RawSmallBlocks::measure(const RegionFile& region) {
  const PythonPart& part = region.header().python;
  is_there_ = part.minor.load() != 0;
  generation_ = std::min<std::uint32_t>(part.small.generation.load(), kSmallGenerations - 1);
  forgotten_ = part.small.cleared.load() != region.header().clear.load();
  entry_count_ =
      std::min<std::uint64_t>(part.small.entries_used, small_entry_count(region.layout().settings.max_slots));
}

void RawSmallBlocks::prepare(const RegionFile& region) {
  measure(region);
  if (!is_there_) return;
  pages_.resize(small_rows(generation_));
  entries_.resize(entry_count_ + entry_count_ / 4);
}

void RawSmallBlocks::read(const RegionFile& region) {
  measure(region);
  if (!is_there_) return;
  pages_.resize(small_rows(generation_));
  if (entries_.size() < entry_count_) entries_.resize(entry_count_);
  region.read(Layout::kSmallPages + small_pages_before(generation_) * sizeof(SmallPage), pages_.data(),
              pages_.size() * sizeof(SmallPage));
  region.read(Layout::small_entries(region.layout()), entries_.values().data(), entry_count_ * sizeof(SmallEntry));
}

/// The pages in use, by address: what is sorted already need not be sorted block by block.
std::vector<RawSmallBlocks::Page> RawSmallBlocks::pages_in_order() const {
  std::vector<Page> pages;
  std::ranges::copy_if(pages_, std::back_inserter(pages), [](const Page& row) { return row.page != 0; });
  std::ranges::sort(pages, {}, [](const Page& row) { return std::pair(row.page & kPageMask, row.first); });
  return pages;
}

void RawSmallBlocks::take(RegionCopy& copy) const {
  if (!is_there_) return;
  std::uint64_t forgotten = 0;
  for (const Page& row : pages_in_order()) {
    const auto shift = static_cast<unsigned>(row.page >> kSmallClassShift);
    if (shift < kLeastSmallShift || shift > kMostSmallShift || row.first > entry_count_ ||
        entry_count_ - row.first < small_entries_of(shift)) {
      ++copy.damage.shards;
      continue;
    }
    const std::uint64_t start = (row.page & kPageMask) << kSmallPageShift & kAddressMask;
    for (std::uint32_t i = 0; i < small_entries_of(shift); ++i) {
      const SmallBlock block{entries_[row.first + i]};
      if ((block.entry & kSmallThere) == 0) continue;
      forgotten += block.size();
      if (forgotten_) continue;
      const std::uint64_t address = start + (std::uint64_t{i} << shift) + block.offset();
      if (block.type() != 0) copy.types.emplace_back(address, block.type());
      copy.blocks.push_back({address | std::uint64_t{block.thread()} << Block::kThreadShift,
                             block.size() | std::uint64_t{block.node()} << Block::kNodeShift});
    }
  }
  if (forgotten_) copy.traced = static_cast<std::int64_t>(static_cast<std::uint64_t>(copy.traced) - forgotten);
}

}  // namespace snapshot::recorder

#include "recorder/read_table.h"

#include <algorithm>
#include <cstddef>
#include <span>

namespace snapshot::recorder {
namespace {

static_assert(sizeof(Slot) == sizeof(Block));

/// The blocks of [first, last), moved to the front; how many.
std::size_t drop_empty(std::span<Block> slots) {
  std::size_t kept = 0;
  for (const Block& block : slots) {
    slots[kept] = block;
    kept += block.key != 0 ? 1 : 0;
  }
  return kept;
}

/// Moving a block writes it to its new slot before it empties the old one.
std::size_t drop_doubles(std::span<Block> blocks) {
  std::ranges::sort(blocks,
                    [](const auto& a, const auto& b) { return a.key != b.key ? a.key < b.key : a.value < b.value; });
  const auto rest = std::ranges::unique(blocks);
  return static_cast<std::size_t>(rest.begin() - blocks.begin());
}

}  // namespace

RawTable::RawTable()
    : header(std::make_unique<Header>()),
      counters(std::make_unique<CounterSlot[]>(kCounterSlots)),
      shards_(std::make_unique<Shard[]>(kShards)) {}

/// Reads all but the slots, and finds how many these are.
std::uint64_t RawTable::read_shards(const RegionFile& region) {
  region.read(0, header.get(), sizeof(Header));
  region.read(Layout::kCounters, counters.get(), kCounterSlots * sizeof(CounterSlot));
  region.read(Layout::kShardRows, shards_.get(), kShards * sizeof(Shard));
  const std::uint64_t most = region.layout().settings.max_slots / kShards;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kShards; ++i) {
    const Shard& shard = shards_[i];
    const std::uint64_t moving = shard.in_scratch.load();
    const std::uint64_t capacity = moving != 0 ? moving : shard.capacity.load();
    Part& part = parts[i];
    part.damaged = capacity > most || shard.used.load() > most;
    part.slots = part.damaged ? 0 : capacity;
    part.forgotten = shard.cleared.load() != header->clear.load();
    part.torn = shard.lock.load() != 0 || (shard.version.load() & 1) != 0;
    sum += part.slots;
  }
  return sum;
}

void RawTable::prepare(const RegionFile& region) {
  const std::uint64_t now = read_shards(region);
  slots.resize(now + now / 4);  // the program goes on until it is held
  small.prepare(region);
}

void RawTable::read(const RegionFile& region) {
  const std::uint64_t sum = read_shards(region);
  if (slots.size() < sum) slots.resize(sum);
  std::uint64_t at = 0;
  for (std::size_t i = 0; i < kShards; ++i) {
    const std::uint64_t offset = shards_[i].in_scratch.load() != 0
                                     ? Layout::kScratch
                                     : Layout::kScratch + (i + 1) * region.layout().shard_stride;
    region.read(offset, slots.values().data() + at, parts[i].slots * sizeof(Slot));
    at += parts[i].slots;
  }
  small.read(region);
}

void take_blocks(RawTable& raw, RegionCopy& copy) {
  const std::span<Block> all = raw.slots.values();
  std::size_t from = 0;
  std::size_t kept = 0;
  for (const RawTable::Part& part : raw.parts) {
    const std::span<Block> slots = all.subspan(from, part.slots);
    from += part.slots;
    std::size_t blocks = drop_empty(slots);
    if (part.torn || !copy.exact) blocks = drop_doubles(slots.first(blocks));
    if (part.damaged) ++copy.damage.shards;
    if (part.forgotten) {
      std::uint64_t size = 0;
      for (const Block& block : slots.first(blocks)) size += block.size();
      copy.traced = static_cast<std::int64_t>(static_cast<std::uint64_t>(copy.traced) - size);
      continue;
    }
    std::copy_n(slots.begin(), blocks, all.begin() + static_cast<std::ptrdiff_t>(kept));
    kept += blocks;
  }
  copy.blocks = std::move(raw.slots);
  copy.blocks.resize(kept);
  raw.small.take(copy);
}

}  // namespace snapshot::recorder

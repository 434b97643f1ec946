#include "recorder/python/small_blocks.h"

#include "recorder/system.h"

#include <cstring>

namespace snapshot::recorder {

SmallBlocks::Cached SmallBlocks::g_cached[kCached];

namespace {

constexpr std::uint64_t kEntriesAtOnce = 8192;  // for which memory is asked at a time: 64 KiB

unsigned shift_of(const SmallPage& row) { return class_of_page(row.page.load(std::memory_order_relaxed)); }
std::uint64_t page_of(const SmallPage& row) { return number_of_page(row.page.load(std::memory_order_relaxed)); }

}  // namespace

bool SmallBlocks::start() const {
  memset(static_cast<void*>(g_cached), 0, sizeof g_cached);
  Header& header = region_.header();
  part_.cleared.store(header.clear.load());
  return populate_counted(header, region_.small_pages(0), small_rows(0) * sizeof(SmallPage)) &&
         populate_counted(header, region_.small_entries(), kEntriesAtOnce * sizeof(SmallEntry));
}

void SmallBlocks::wait(RegionMap region) {
  Header& header = region.header();
  SmallPart& part = header.python.small;
  while (header.hold_until.load(std::memory_order_seq_cst) != 0) {
    part.lock.store(0, std::memory_order_release);
    wait_for_hold(header);
    part.lock.store(1, std::memory_order_seq_cst);
  }
  if (part.cleared.load(std::memory_order_relaxed) != header.clear.load(std::memory_order_relaxed)) {
    SmallBlocks(region).forget_all();
  }
}

/// The row of a page, or the empty one where it would be.
SmallPage* SmallBlocks::row_of(std::uint64_t page) const {
  const std::uint32_t generation = part_.generation.load(std::memory_order_relaxed);
  const std::uint64_t mask = small_rows(generation) - 1;
  SmallPage* const rows = region_.small_pages(generation);
  std::uint64_t i = hash_of_page(page) & mask;
  while (rows[i].page.load(std::memory_order_relaxed) != 0 && page_of(rows[i]) != page) i = (i + 1) & mask;
  return &rows[i];
}

bool SmallBlocks::find_page(RegionMap region, std::uint64_t page, Cached& cached) {
  const SmallPage* const row = SmallBlocks(region).row_of(page);
  if (row->page.load(std::memory_order_relaxed) == 0) return false;
  cached = {page, region.small_entries() + row->first, shift_of(*row)};
  return true;
}

/// Python gave a page to another class: then no block of the old one is left.
bool SmallBlocks::is_unused(const SmallPage& row) const {
  const SmallEntry* const entries = region_.small_entries() + row.first;
  for (std::uint32_t i = 0; i < small_entries_of(shift_of(row)); ++i) {
    if (entries[i].load(std::memory_order_relaxed) != 0) return false;
  }
  return true;
}

bool SmallBlocks::find_or_add(RegionMap region, std::uint64_t page, unsigned shift, Cached& cached) {
  const SmallBlocks blocks(region);
  SmallPage* row = blocks.row_of(page);
  const bool is_new = row->page.load(std::memory_order_relaxed) == 0;
  if (is_new || shift_of(*row) != shift) {
    if (!is_new && !blocks.is_unused(*row)) return false;
    const KeepErrno keep;
    const std::uint64_t first = blocks.take_entries(shift);
    if (first == 0) return false;
    if (is_new && !blocks.make_room()) return false;  // the entries are lost, as all is: there is no memory
    row = blocks.row_of(page);
    if (is_new) {
      ++blocks.part_.pages;
    } else {
      blocks.give_entries(*row);
    }
    row->first = first - 1;
    row->page.store(page | std::uint64_t{shift} << kSmallClassShift, std::memory_order_release);
  }
  cached = {page, region.small_entries() + row->first, shift};
  return true;
}

/// The first of so many entries as a page of the class needs, + 1; all are zero. 0 when there is no more room.
std::uint64_t SmallBlocks::take_entries(unsigned shift) const {
  const std::uint32_t count = small_entries_of(shift);
  SmallEntry* const entries = region_.small_entries();
  if (const std::uint64_t first = part_.free[shift]; first != 0) {
    part_.free[shift] = entries[first - 1].load(std::memory_order_relaxed);
    entries[first - 1].store(0, std::memory_order_relaxed);
    return first;
  }
  Header& header = region_.header();
  const std::uint64_t used = part_.entries_used;
  if (used + count > small_entry_count(header.settings.max_slots)) return 0;
  const std::uint64_t there = (used + kEntriesAtOnce - 1) / kEntriesAtOnce * kEntriesAtOnce;
  if (used != 0 && used + count > there &&
      !populate_counted(header, entries + there, kEntriesAtOnce * sizeof(SmallEntry))) {
    return 0;
  }
  part_.entries_used = used + count;
  return used + 1;
}

void SmallBlocks::give_entries(const SmallPage& row) const {
  const unsigned shift = shift_of(row);
  region_.small_entries()[row.first].store(part_.free[shift], std::memory_order_relaxed);
  part_.free[shift] = row.first + 1;
}

/// Twice the rows when half are used.
bool SmallBlocks::make_room() const {
  const std::uint32_t generation = part_.generation.load(std::memory_order_relaxed);
  const std::uint64_t count = small_rows(generation);
  if (part_.pages < count / 2) return true;
  if (generation + 1 == kSmallGenerations) return part_.pages < count - 1;
  SmallPage* const more = region_.small_pages(generation + 1);
  if (!populate(more, count * 2 * sizeof(SmallPage))) return false;
  region_.header().memory.fetch_add(count * sizeof(SmallPage), std::memory_order_relaxed);
  const std::uint64_t mask = count * 2 - 1;
  const SmallPage* const rows = region_.small_pages(generation);
  for (std::uint64_t i = 0; i < count; ++i) {
    if (rows[i].page.load(std::memory_order_relaxed) == 0) continue;
    std::uint64_t at = hash_of_page(page_of(rows[i])) & mask;
    while (more[at].page.load(std::memory_order_relaxed) != 0) at = (at + 1) & mask;
    more[at].first = rows[i].first;
    more[at].page.store(rows[i].page.load(std::memory_order_relaxed), std::memory_order_relaxed);
  }
  part_.generation.store(generation + 1, std::memory_order_release);
  give_back(region_.small_pages(generation), count * sizeof(SmallPage));
  return true;
}

void SmallBlocks::forget_all() const {
  Header& header = region_.header();
  const std::uint32_t generation = part_.generation.load(std::memory_order_relaxed);
  const SmallPage* const rows = region_.small_pages(generation);
  std::int64_t size = 0;
  for (std::uint64_t i = 0; i < small_rows(generation); ++i) {
    if (rows[i].page.load(std::memory_order_relaxed) == 0) continue;
    SmallEntry* const entries = region_.small_entries() + rows[i].first;
    for (std::uint32_t j = 0; j < small_entries_of(shift_of(rows[i])); ++j) {
      size += static_cast<std::int64_t>(SmallBlock{entries[j].load(std::memory_order_relaxed)}.size());
      entries[j].store(0, std::memory_order_relaxed);
    }
  }
  header.traced.fetch_sub(size, std::memory_order_relaxed);
  part_.cleared.store(header.clear.load(std::memory_order_relaxed), std::memory_order_relaxed);
}

}  // namespace snapshot::recorder

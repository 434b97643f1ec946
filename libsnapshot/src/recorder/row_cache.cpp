#include "recorder/row_cache.h"

#include <atomic>
#include <cstddef>

namespace snapshot::recorder {
namespace {

// An entry: 3 bits of kind, 11 of saved_bp, 16 of offset / 8, and 34 of key. With the place in the table, which has the
// other bits of the code address, the key is the whole address of 48 bits.
constexpr unsigned kPlaceBits = 14;
constexpr std::size_t kPlaces = std::size_t{1} << kPlaceBits;
constexpr unsigned kKeyShift = 30;

std::atomic<std::uint64_t> g_rows[kPlaces];  // 128 KiB, of which pages are made when they are used

std::uint64_t pack(std::uint64_t key, const UnwindRow& row) {
  return key << kKeyShift | static_cast<std::uint64_t>(row.kind) | std::uint64_t{row.saved_bp} << 3 |
         static_cast<std::uint64_t>(static_cast<std::uint16_t>(row.offset / 8)) << 14;
}

UnwindRow unpack(std::uint64_t entry) {
  return {static_cast<UnwindRow::Kind>(entry & 7), static_cast<std::uint16_t>(entry >> 3 & 0x7ff),
          static_cast<std::int16_t>(entry >> 14 & 0xffff) * 8};
}

}  // namespace

UnwindRow cached_unwind_row(std::uint64_t pc) {
  const std::uint64_t key = pc >> kPlaceBits;
  std::atomic<std::uint64_t>& place = g_rows[(pc ^ key) & (kPlaces - 1)];
  const std::uint64_t entry = place.load(std::memory_order_relaxed);
  if (__builtin_expect(entry != 0 && entry >> kKeyShift == key, 1)) return unpack(entry);
  const UnwindRow row = read_unwind_row(pc);
  // What is not known yet may be known later, when a module is loaded there. Huge frames do not fit.
  const bool fits = row.offset / 8 == static_cast<std::int16_t>(row.offset / 8) && key >> 34 == 0;
  if (row.kind != UnwindRow::Kind::unknown && fits) place.store(pack(key, row), std::memory_order_relaxed);
  return row;
}

void forget_unwind_rows() {
  for (std::atomic<std::uint64_t>& place : g_rows) place.store(0, std::memory_order_relaxed);
}

}  // namespace snapshot::recorder

#pragma once

#include "recorder/block_table.h"
#include "recorder/region.h"

#include <cstdint>

namespace snapshot::recorder {

/// Python's small blocks (small_rows.h). One thread at a time may use it, which Python's lock sees to.
class SmallBlocks {
 public:
  explicit SmallBlocks(RegionMap region) : region_(region), part_(region.header().python.small) {}

  /// Sets up a region. False when there is no memory.
  bool start() const;

  /// Holds the reader off. Waits while the reader holds the program.
  class Update {
   public:
    [[gnu::always_inline]] explicit Update(const SmallBlocks& blocks) : lock_(blocks.part_.lock) {
      lock_.store(1, std::memory_order_relaxed);
      std::atomic_signal_fence(std::memory_order_seq_cst);  // the reader makes up for the rest: membarrier()
      const Header& header = blocks.region_.header();
      if (__builtin_expect(
              header.hold_until.load(std::memory_order_relaxed) != 0 ||
                  blocks.part_.cleared.load(std::memory_order_relaxed) != header.clear.load(std::memory_order_relaxed),
              0)) {
        wait(blocks.region_);
      }
    }
    ~Update() { lock_.store(0, std::memory_order_release); }
    Update(const Update&) = delete;
    Update& operator=(const Update&) = delete;

   private:
    std::atomic<std::uint32_t>& lock_;
  };

  /// Enters a block during an Update. `old`: the entry that was in its place, or 0. False when it cannot be entered
  /// here.
  [[gnu::always_inline]] bool insert(std::uint64_t address, std::uint64_t size, std::uint32_t node,
                                     std::uint32_t thread, std::uint64_t& old) const {
    const unsigned shift = small_shift(size);
    Cached& cached = cached_of(address >> kSmallPageShift);
    if (__builtin_expect(cached.page != (address >> kSmallPageShift) || cached.shift != shift, 0) &&
        !find_or_add(region_, address >> kSmallPageShift, shift, cached)) {
      return false;
    }
    SmallEntry& entry = entry_of(cached, address);
    old = entry.load(std::memory_order_relaxed);
    entry.store(SmallBlock::make(node, size, address & ((std::uint64_t{1} << shift) - 1), thread),
                std::memory_order_relaxed);
    return true;
  }

  /// The entry of the block at an address, during an Update; null when there is none.
  [[gnu::always_inline]] SmallEntry* find(std::uint64_t address) const {
    const std::uint64_t page = address >> kSmallPageShift;
    Cached& cached = cached_of(page);
    if (__builtin_expect(cached.page != page, 0) && !find_page(region_, page, cached)) return nullptr;
    SmallEntry& entry = entry_of(cached, address);
    const std::uint64_t value = entry.load(std::memory_order_relaxed);
    const std::uint64_t offset = address & ((std::uint64_t{1} << cached.shift) - 1);
    return value != 0 && SmallBlock{value}.offset() == offset ? &entry : nullptr;
  }

  /// Calls f(address, entry) for each block. Between updates.
  template <typename F>
  void for_each(F&& f) const {
    const std::uint32_t generation = part_.generation.load(std::memory_order_relaxed);
    const SmallPage* const rows = region_.small_pages(generation);
    for (std::uint64_t i = 0; i < small_rows(generation); ++i) {
      const std::uint64_t row = rows[i].page.load(std::memory_order_relaxed);
      if (row == 0) continue;
      const unsigned shift = class_of_page(row);
      const std::uint64_t page = number_of_page(row) << kSmallPageShift;
      for (std::uint32_t j = 0; j < small_entries_of(shift); ++j) {
        SmallEntry& entry = region_.small_entries()[rows[i].first + j];
        const std::uint64_t value = entry.load(std::memory_order_relaxed);
        if (value != 0) f(page + (std::uint64_t{j} << shift) + SmallBlock{value}.offset(), entry);
      }
    }
  }

 private:
  /// Where pages were found lately.
  struct Cached {
    std::uint64_t page;
    SmallEntry* first;
    unsigned shift;
  };
  static constexpr std::size_t kCached = 256;
  static Cached g_cached[kCached];

  static Cached& cached_of(std::uint64_t page) { return g_cached[page % kCached]; }
  static SmallEntry& entry_of(const Cached& cached, std::uint64_t address) {
    constexpr std::uint64_t kInPage = (std::uint64_t{1} << kSmallPageShift) - 1;
    return cached.first[(address & kInPage) >> cached.shift];
  }

  // What is not for most blocks: static, so that the others can keep a SmallBlocks in registers.
  [[gnu::cold]] static void wait(RegionMap region);
  [[gnu::noinline]] static bool find_page(RegionMap region, std::uint64_t page, Cached& cached);
  [[gnu::noinline]] static bool find_or_add(RegionMap region, std::uint64_t page, unsigned shift, Cached& cached);

  void forget_all() const;
  SmallPage* row_of(std::uint64_t page) const;
  bool is_unused(const SmallPage& row) const;
  std::uint64_t take_entries(unsigned shift) const;
  void give_entries(const SmallPage& row) const;
  bool make_room() const;

  RegionMap region_;
  SmallPart& part_;
};

}  // namespace snapshot::recorder

#include "made_region.h"

#include <recorder/python/small_blocks.h>
#include <recorder/region_copy.h>
#include <recorder/region_file.h>

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <random>
#include <vector>

using namespace snapshot::recorder;
using testing::MadeRegion;

namespace {

constexpr std::uint64_t kPageSize = 1 << kSmallPageShift;
constexpr std::uint64_t kFirst = 0x7f00'1234'0000;

struct Known {
  std::uint64_t size;
  std::uint32_t node;
  std::uint32_t thread;
};
using Model = std::map<std::uint64_t, Known>;

/// Pages as Python's allocator has them: all blocks of one are of one size, up to the size that was asked for.
struct Pages {
  MadeRegion region;
  SmallBlocks blocks{region.map()};
  Model model;
  std::vector<std::uint64_t> block_sizes;  // by page, multiples of 16
  std::vector<std::uint64_t> live;         // by page
  std::mt19937 random{11};

  explicit Pages(std::size_t pages) : block_sizes(pages), live(pages) {
    REQUIRE(blocks.start());
    for (std::uint64_t& size : block_sizes) size = any_size();
  }
  std::uint64_t any_size() { return 16 * (1 + random() % 32); }

  /// A place in a page, behind the 48 bytes that Python keeps of it.
  std::uint64_t place(std::size_t page) {
    const std::uint64_t count = (kPageSize - 48) / block_sizes[page];
    return kFirst + page * 3 * kPageSize + 48 + random() % count * block_sizes[page];
  }

  void insert(std::size_t page) {
    const std::uint64_t address = place(page);
    const Known known{block_sizes[page] - random() % 16, static_cast<std::uint32_t>(random() & 0xff'ffff),
                      static_cast<std::uint32_t>(random() % 0x3fff)};
    std::uint64_t old = 0;
    const SmallBlocks::Update update(blocks);
    REQUIRE(blocks.insert(address, known.size, known.node, known.thread, old));
    const auto there = model.find(address);
    CHECK((old != 0) == (there != model.end()));
    if (old != 0 && there != model.end()) CHECK(SmallBlock{old}.size() == there->second.size);
    if (old == 0) ++live[page];
    model[address] = known;
  }

  void remove(std::size_t page) {
    const std::uint64_t address = place(page);
    const SmallBlocks::Update update(blocks);
    SmallEntry* const entry = blocks.find(address);
    CHECK((entry != nullptr) == (model.count(address) != 0));
    if (entry == nullptr) return;
    entry->store(0);
    model.erase(address);
    if (--live[page] == 0) block_sizes[page] = any_size();  // Python may give it to another class
  }

  void forget_all() {
    std::int64_t traced = 0;
    for (const auto& [address, known] : model) traced += static_cast<std::int64_t>(known.size);
    region.header().traced = traced;
    region.header().clear += 1;
    { const SmallBlocks::Update update(blocks); }
    CHECK(region.header().traced == 0);
    model.clear();
    for (std::size_t page = 0; page < live.size(); ++page) {
      live[page] = 0;
      block_sizes[page] = any_size();
    }
  }

  void check() const {
    const SmallBlocks::Update update(blocks);
    for (const auto& [address, known] : model) {
      const SmallEntry* const entry = blocks.find(address);
      REQUIRE(entry != nullptr);
      const SmallBlock block{entry->load()};
      CHECK(block.size() == known.size);
      CHECK(block.node() == known.node);
      CHECK(block.thread() == known.thread);
    }
  }
};

}  // namespace

TEST_CASE("small blocks are those of a map, whatever comes, goes, changes its page's class and is forgotten") {
  Pages pages(120);
  for (int round = 0; round < 60000; ++round) {
    const std::size_t page = pages.random() % pages.live.size();
    pages.random() % 20 < (round / 5000 % 2 == 0 ? 13U : 6U) ? pages.insert(page) : pages.remove(page);
    if (round % 5000 == 0) pages.check();
    if (round % 17000 == 16999) pages.forget_all();
  }
  pages.check();
}

TEST_CASE("the table of pages grows, and keeps what it has") {
  const MadeRegion region;
  const SmallBlocks blocks(region.map());
  REQUIRE(blocks.start());
  constexpr std::uint64_t kPages = 5000;
  for (std::uint64_t page = 0; page < kPages; ++page) {
    std::uint64_t old = 0;
    const SmallBlocks::Update update(blocks);
    REQUIRE(blocks.insert(kFirst + page * kPageSize + 512, 512, static_cast<std::uint32_t>(page), 1, old));
    CHECK(old == 0);
  }
  CHECK(region.header().python.small.generation == 4);  // 16,384 rows: the first with less than half in use
  for (std::uint64_t page = 0; page < kPages; ++page) {
    const SmallBlocks::Update update(blocks);
    const SmallEntry* const entry = blocks.find(kFirst + page * kPageSize + 512);
    REQUIRE(entry != nullptr);
    CHECK(SmallBlock{entry->load()}.node() == page);
    CHECK(blocks.find(kFirst + page * kPageSize + 1024) == nullptr);
    CHECK(blocks.find(kFirst + page * kPageSize + 528) == nullptr);
  }
}

TEST_CASE("where there is no room for another page, its blocks are refused") {
  const MadeRegion region;
  const SmallBlocks blocks(region.map());
  REQUIRE(blocks.start());
  std::uint64_t entered = 0;
  std::uint64_t old = 0;
  const SmallBlocks::Update update(blocks);
  while (entered < 10000 && blocks.insert(kFirst + entered * kPageSize, 16, 1, 1, old)) ++entered;
  CHECK(entered == small_entry_count(1 << 16) / 256);
  CHECK(blocks.find(kFirst) != nullptr);
  CHECK(blocks.insert(kFirst + 16, 16, 1, 1, old));
}

TEST_CASE("a page whose class changes while it has blocks is refused") {
  const MadeRegion region;
  const SmallBlocks blocks(region.map());
  REQUIRE(blocks.start());
  std::uint64_t old = 0;
  const SmallBlocks::Update update(blocks);
  CHECK(blocks.insert(kFirst, 64, 1, 1, old));
  CHECK_FALSE(blocks.insert(kFirst + 256, 256, 1, 1, old));
  blocks.find(kFirst)->store(0);
  CHECK(blocks.insert(kFirst + 256, 256, 1, 1, old));
  CHECK(blocks.find(kFirst) == nullptr);
}

TEST_CASE("a reader finds the small blocks, and none that are forgotten") {
  MadeRegion region;
  const std::uint32_t node = region.add_node(0, 0x1000, 0);
  region.add_thread(77, "main");
  region.header().python.minor = 13;
  const SmallBlocks blocks(region.map());
  REQUIRE(blocks.start());
  Model model;
  for (std::uint64_t i = 0; i < 600; ++i) {
    const std::uint64_t size = 16 * (i % 32 + 1);
    const std::uint64_t address = kFirst + i * kPageSize + 48 + size;
    std::uint64_t old = 0;
    const SmallBlocks::Update update(blocks);
    REQUIRE(blocks.insert(address, size, node, 1, old));
    model[address] = {size, node, 1};
    region.header().traced += static_cast<std::int64_t>(size);
  }
  const RegionFile file(region.path());
  const RegionCopy copy = copy_region(file, false);
  CHECK(copy.blocks.size() == model.size());
  for (const Block& block : copy.blocks.values()) {
    const auto known = model.find(block.address());
    REQUIRE(known != model.end());
    CHECK((block.value & 0x3ff) == known->second.size);
  }
  region.header().clear += 1;
  CHECK(copy_region(file, false).blocks.size() == 0);
  CHECK(copy_region(file, false).traced == 0);
}

TEST_CASE("damaged rows of pages are left out, and the rest is read") {
  std::mt19937 random(3);
  for (int round = 0; round < 50; ++round) {
    MadeRegion region;
    const std::uint32_t node = region.add_node(0, 0x1000, 0);
    region.header().python.minor = 11;
    const SmallBlocks blocks(region.map());
    REQUIRE(blocks.start());
    for (std::uint64_t i = 0; i < 100; ++i) {
      std::uint64_t old = 0;
      const SmallBlocks::Update update(blocks);
      REQUIRE(blocks.insert(kFirst + i * kPageSize, 32, node, 0, old));
    }
    for (std::uint64_t i = 0; i < small_rows(0); ++i) {
      SmallPage& page = region.map().small_pages(0)[i];
      if (random() % 3 == 0) page.first = random() % 2 == 0 ? random() : ~std::uint64_t{random()};
      if (random() % 3 == 0) page.page = std::uint64_t{random()} << 32 | random();
    }
    for (std::uint64_t i = 0; i < 4000; ++i) {
      if (random() % 5 == 0) region.map().small_entries()[i] = std::uint64_t{random()} << 32 | random();
    }
    SmallPart& part = region.header().python.small;
    if (round % 5 == 4) part.generation = static_cast<std::uint32_t>(random() % 4);
    if (round % 7 == 6) part.entries_used = UINT64_MAX;
    const RegionCopy copy = copy_region(RegionFile(region.path()), false);
    for (const Block& block : copy.blocks.values()) CHECK(block.node() < copy.nodes.size());
  }
}

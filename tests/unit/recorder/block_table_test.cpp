#include "recorder/block_table.h"

#include "recorder/call_nodes.h"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "made_region.h"

using namespace snapshot::recorder;

namespace {

/// A region as a program's recorder begins it.
class NewRegion {
 public:
  NewRegion() {
    map_.header().node_count = 0;
    REQUIRE(BlockTable(map_).start());
    REQUIRE(CallNodes(map_).start());
  }
  RegionMap map() const { return map_; }

 private:
  testing::MadeRegion made_;
  RegionMap map_ = made_.map();
};

using Key = std::pair<std::uint64_t, std::uint32_t>;  // address, domain's row

std::map<Key, std::uint64_t> all_blocks(RegionMap region) {
  std::map<Key, std::uint64_t> blocks;
  for (std::uint32_t shard = 0; shard < kShards; ++shard) {
    std::uint64_t used = 0;
    for (std::uint64_t i = 0; i < region.shards()[shard].capacity; ++i) {
      const Block block{region.slots(shard)[i].key, region.slots(shard)[i].value};
      if (block.key == 0) continue;
      ++used;
      const std::uint32_t domain = block.is_tagged() ? Tag{region.nodes()[block.node()].frame}.domain() : 0;
      CHECK(blocks.emplace(Key{block.address(), domain}, whole_size(region, block)).second);
    }
    CHECK(used == region.shards()[shard].used);
  }
  return blocks;
}

Block make(const CallNodes& nodes, Key key, std::uint64_t size) {
  Block block{key.first, size & Block::kSizeMask};
  const auto size_high = static_cast<std::uint32_t>(size >> Block::kSizeBits);
  if (key.second != 0 || size_high != 0) {
    block.value |= std::uint64_t{nodes.tag(CallNodes::kRoot, key.second, size_high, false)} << Block::kNodeShift;
    block.key |= Block::kTaggedBit | (key.second != 0 ? Block::kDomainBit : 0);
  }
  return block;
}

/// A heap's addresses: most near others, at multiples of 16.
Key random_key(std::mt19937_64& random) {
  const std::uint64_t near = 0x5555'0000'0000 + random() % 40'000 * 16;
  const std::uint64_t far = random() >> 17 & ~std::uint64_t{15};
  const std::uint64_t address = random() % 8 != 0 ? near : far + 16;
  return {address, random() % 16 == 0 ? static_cast<std::uint32_t>(1 + random() % 3) : 0};
}

}  // namespace

TEST_CASE("the table holds what a map holds, through growth and deletion") {
  std::mt19937_64 random(7);
  for (int round = 0; round < 3; ++round) {
    const NewRegion region;
    const BlockTable table(region.map());
    const CallNodes nodes(region.map());
    std::map<Key, std::uint64_t> known;
    for (int step = 0; step < 60'000; ++step) {
      const Key key = random_key(random);
      const BlockTable::Lock lock(table, key.first);
      Block old{};
      if (random() % 10 < (step < 40'000 ? 7 : 3)) {
        const std::uint64_t size = random() % 64 == 0 ? random() >> 9 : random() % 5000;
        const auto outcome = lock.insert(make(nodes, key, size), old);
        CHECK(outcome == (known.contains(key) ? BlockTable::Outcome::replaced : BlockTable::Outcome::inserted));
        known[key] = size;
      } else {
        CHECK(lock.remove(key.first, key.second, old) == (known.erase(key) != 0));
      }
    }
    CHECK(all_blocks(region.map()) == known);
    const std::uint64_t present = known.begin()->first.first;
    CHECK_FALSE(table.surely_absent(table.place_of(present), present));
  }
}

TEST_CASE("a table that has no more room says so and keeps what it has") {
  const NewRegion region;
  const BlockTable table(region.map());
  std::uint64_t inserted = 0;
  for (std::uint64_t i = 1; i <= 70'000; ++i) {
    Block old{};
    if (BlockTable::Lock(table, i * 64).insert({i * 64, 1}, old) == BlockTable::Outcome::inserted) ++inserted;
  }
  CHECK(inserted > 50'000);
  CHECK(inserted < 65'536);
  CHECK(all_blocks(region.map()).size() == inserted);
}

TEST_CASE("threads do not lose each other's blocks") {
  const NewRegion region;
  const BlockTable table(region.map());
  std::vector<std::thread> threads;
  for (std::uint64_t id = 0; id < 4; ++id) {
    threads.emplace_back([&table, id] {
      for (std::uint64_t i = 1; i <= 10'000; ++i) {
        const std::uint64_t address = (i * 4 + id) * 16;
        Block old{};
        BlockTable::Lock(table, address).insert({address, i}, old);
        if (i % 2 == 0) BlockTable::Lock(table, address).remove(address, 0, old);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto blocks = all_blocks(region.map());
  CHECK(blocks.size() == 20'000);
  for (const auto& [key, size] : blocks) CHECK(size % 2 == 1);
}

TEST_CASE("all is forgotten when the reader asks for it") {
  const NewRegion region;
  const BlockTable table(region.map());
  Header& header = region.map().header();
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    Block old{};
    BlockTable::Lock(table, i * 64).insert({i * 64, 10}, old);
    header.traced += 10;
  }
  ++header.clear;
  table.settle_clear();
  CHECK(all_blocks(region.map()).empty());
  CHECK(header.traced == 0);
}

TEST_CASE("a path has one node, whoever adds it first, through growth of the index") {
  const NewRegion region;
  const CallNodes nodes(region.map());
  constexpr std::uint64_t kPaths = 30'000;
  const auto add_all = [&] {
    for (std::uint64_t i = 0; i < kPaths; ++i) {
      PathHash path = CallNodes::root_hash(CallNodes::kRoot);
      std::uint32_t node = CallNodes::kRoot;
      for (const std::uint64_t pc : {0x1000 + i % 10, 0x2000 + i % 100, 0x3000 + i}) {
        path = CallNodes::path_of(path, pc, 0);
        node = nodes.find_or_add(path, node, pc, 0, false);
      }
    }
  };
  std::thread other(add_all);
  add_all();
  other.join();
  CHECK(region.map().header().node_count == 2 + 10 + 100 + kPaths);
  PathHash path = CallNodes::root_hash(CallNodes::kRoot);
  for (const std::uint64_t pc : {0x1001, 0x2033, 0x3033}) path = CallNodes::path_of(path, pc, 0);
  const std::uint32_t node = nodes.find(path);
  REQUIRE(node != 0);
  const Node* rows = region.map().nodes();
  CHECK(code_address(rows[node].frame) == 0x3033);
  CHECK(code_address(rows[rows[node].parent].frame) == 0x2033);
  CHECK(nodes.find(path + 1) == 0);
}

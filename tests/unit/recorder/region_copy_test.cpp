#include <recorder/region_copy.h>

#include <doctest/doctest.h>
#include <recorder/hold.h>
#include <snapshot/error.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <random>
#include <thread>

#include "made_region.h"

using namespace snapshot::recorder;
using namespace std::chrono_literals;
using testing::MadeRegion;

namespace {

RegionCopy copy_of(const MadeRegion& made, bool alive = false) { return copy_region(RegionFile(made.path()), alive); }

/// A thread that changes a region as a recorded program would, and lets itself be held.
class Program {
 public:
  explicit Program(MadeRegion& made) : made_(made), thread_([this] { run(); }) {}
  ~Program() {
    ends_ = true;
    thread_.join();
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

 private:
  void run() {
    while (!ends_) {
      Shard& shard = made_.map().shards()[3];
      while (shard.lock.exchange(1) != 0) std::this_thread::yield();
      if (made_.header().hold_until != 0) {
        shard.lock = 0;
        continue;
      }
      Slot* slots = made_.map().slots(3);  // one block moves to and fro
      const bool there = slots[0].key != 0;
      slots[there ? 1 : 0].value = 64;
      slots[there ? 1 : 0].key = 0x1000;
      slots[there ? 0 : 1].key = 0;
      shard.lock = 0;
    }
  }

  MadeRegion& made_;
  std::atomic<bool> ends_ = false;
  std::thread thread_;
};

}  // namespace

TEST_CASE("a copy has the blocks of all shards") {
  MadeRegion made;
  const auto node = made.add_node(0, 0x4010, 0);
  made.add_block(0, 0x1000, 16, node);
  made.add_block(63, 0x2000, 32, node);
  const RegionCopy copy = copy_of(made);
  REQUIRE(copy.blocks.size() == 2);
  CHECK(copy.blocks[0].key == 0x1000);
  CHECK(copy.blocks[1].key == 0x2000);
  CHECK(copy.traced == 48);
  CHECK(copy.exact);
  CHECK(copy.damage.sum() == 0);
}

TEST_CASE("counters of threads belong to the traced memory and its peak") {
  MadeRegion made;
  made.header().traced = 1000;
  made.header().peak = 1200;
  auto* counters = made.map().counters();
  counters[0].pending = 100;
  counters[0].pending_max = 400;
  counters[5].pending = -50;
  counters[5].allocations = 7;
  counters[9].allocations = 3;
  const RegionCopy copy = copy_of(made);
  CHECK(copy.traced == 1050);
  CHECK(copy.peak == 1350);
  CHECK(copy.allocations == 10);
  CHECK(traced_now(RegionFile(made.path())) == 1050);
}

TEST_CASE("a block that was being moved when the program died is there once") {
  MadeRegion made;
  const auto node = made.add_node(0, 0x4010, 0);
  made.add_block(1, 0x1000, 16, node);
  made.add_block(1, 0x1000, 16, node);
  made.map().shards()[1].lock = 1;
  CHECK(copy_of(made).blocks.size() == 1);
}

TEST_CASE("while a shard moves to more room its blocks are those in the scratch area") {
  MadeRegion made;
  const auto node = made.add_node(0, 0x4010, 0);
  made.add_block(1, 0x1000, 16, node);
  made.map().shards()[1].in_scratch = 256;
  made.map().shards()[1].version = 1;
  made.map().scratch()[200].key = 0x7000;
  made.map().scratch()[200].value = 8;
  const RegionCopy copy = copy_of(made);
  REQUIRE(copy.blocks.size() == 1);
  CHECK(copy.blocks[0].key == 0x7000);
}

TEST_CASE("what was cleared is gone even where the program has not come by since") {
  MadeRegion made;
  const auto node = made.add_node(0, 0x4010, 0);
  made.add_block(0, 0x1000, 16, node);
  made.add_block(1, 0x2000, 32, node);
  made.header().clear = 1;
  made.map().shards()[1].cleared = 1;
  const RegionCopy copy = copy_of(made);
  CHECK(copy.blocks.size() == 1);
  CHECK(copy.traced == 32);
}

TEST_CASE("a living program is held while its blocks are copied, and goes on") {
  MadeRegion made;
  made.map().slots(3)[0].key = 0x1000;
  made.map().slots(3)[0].value = 64;
  made.map().shards()[3].used = 1;
  const Program program(made);
  for (int i = 0; i < 100; ++i) {
    const RegionCopy copy = copy_of(made, true);
    CHECK(copy.exact);
    CHECK(copy.blocks.size() == 1);
    CHECK(made.header().hold_until == 0);
  }
  CHECK(made.header().hold_wake >= 100);
}

TEST_CASE("a lock that is never let go does not stop the reader") {
  MadeRegion made;
  made.map().shards()[7].lock = 1;
  const auto begin = std::chrono::steady_clock::now();
  CHECK_FALSE(copy_of(made, true).exact);
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
  CHECK(made.header().hold_until == 0);
}

TEST_CASE("a hold that the program broke is no hold") {
  MadeRegion made;
  const RegionFile region(made.path());
  Hold hold(region, 1s);
  CHECK(hold.holds());
  made.header().hold_until = 0;
  ++made.header().holds_broken;
  CHECK_FALSE(hold.end());
}

TEST_CASE("rows that cannot be are left out and counted") {
  MadeRegion made;
  const auto node = made.add_node(0, 0x4010, 0);
  made.add_block(0, 0x1000, 16, node);
  made.add_block(0, 0x2000, 16, 5000);                       // no such node
  made.add_block(0, std::uint64_t{1} << 48, 16, node);       // no address
  made.add_block(0, 0x3000, 16, node, 9);                    // no such thread
  made.map().nodes()[made.add_node(0, 0x1, 0)].parent = 77;  // a younger node, which would make a ring
  made.add_node(0, 0x1, 12);                                 // no such module
  made.map().shards()[5].capacity = ~std::uint64_t{0};
  const RegionCopy copy = copy_of(made);
  CHECK(copy.blocks.size() == 2);
  CHECK(copy.damage.blocks == 2);
  CHECK(copy.damage.threads == 1);
  CHECK(copy.damage.nodes == 2);
  CHECK(copy.damage.shards == 1);
}

TEST_CASE("whatever lies in a region, reading it ends") {
  std::mt19937_64 random(6);
  for (int round = 0; round < 30; ++round) {
    MadeRegion made;
    const RegionFile region(made.path());  // it was whole when it was opened
    auto* bytes = static_cast<unsigned char*>(made.map().base());
    const auto scribble = [&](std::uint64_t offset, std::uint64_t size, int times) {
      for (int i = 0; i < times; ++i) {
        const std::uint64_t word = random() >> random() % 64;
        std::memcpy(bytes + offset + random() % (size - 8), &word, sizeof word);
      }
    };
    scribble(0, sizeof(Header), 2000);
    scribble(Layout::kShardRows, kShards * sizeof(Shard), round);
    scribble(Layout::kNodes, 1 << 16, 500);
    scribble(Layout::kModules, 1 << 16, 500);
    scribble(Layout::kScratch + region.layout().shard_stride, 1 << 16, 500);
    made.header().node_count = static_cast<std::uint32_t>(random() % (2 * kMaxNodes)) >> random() % 20;
    const RegionCopy copy = copy_region(region, false);
    for (const auto& block : copy.blocks.values()) CHECK(block.node() < copy.nodes.size());
  }
}

TEST_CASE("what is no region is refused") {
  MadeRegion made;
  made.header().version = 99;
  CHECK_THROWS_WITH_AS(RegionFile(made.path()), "is the region of another version of the recorder", snapshot::Error);
  made.header().magic = 1;
  CHECK_THROWS_WITH_AS(RegionFile(made.path()), "is no region of a recorded program", snapshot::Error);
  CHECK_THROWS_WITH_AS(RegionFile("/no/such"), "No such file or directory", snapshot::Error);
  made.header().magic = kRegionMagic;
  made.header().version = kRegionVersion;
}

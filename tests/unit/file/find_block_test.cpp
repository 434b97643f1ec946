#include "tests/support/snapshot_from.h"
#include "tests/support/tms_random.h"
#include "tests/support/tms_text.h"

#include <doctest/doctest.h>
#include <snapshot/file.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

using snapshot::FoundBlock;
using snapshot::Snapshot;
using snapshot::SnapshotFile;
using testing::saved;

namespace {

constexpr std::uint64_t kMost64 = std::numeric_limits<std::uint64_t>::max();

/// All that is told of a block, but the row of its total.
std::string text(const Snapshot& snapshot, const std::optional<FoundBlock>& found) {
  if (!found) return "none";
  std::string text = std::to_string(found->address) + " " + std::to_string(found->size) + " domain " +
                     std::to_string(snapshot.totals()[found->total].domain);
  if (found->thread) text += " thread " + std::to_string(*found->thread);
  if (found->birth) text += " birth " + std::to_string(*found->birth);
  if (found->weight) text += " weight " + std::to_string(*found->weight);
  return text;
}

/// The first byte and the size of the innermost block: of those with the byte the one that begins last, of these the
/// smallest.
std::string innermost(const testing::SnapshotSpec& spec, std::uint64_t address) {
  const testing::BlockSpec* best = nullptr;
  for (const testing::BlockSpec& block : spec.blocks) {
    const std::uint64_t length = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(block.size));
    if (address < block.address || address - block.address >= length) continue;
    if (best == nullptr || std::tuple(block.address, -block.size) > std::tuple(best->address, -best->size))
      best = &block;
  }
  return best == nullptr ? "none" : std::to_string(best->address) + " " + std::to_string(best->size);
}

std::string found_in(SnapshotFile& file, const Snapshot& loaded, std::uint64_t address) {
  const auto found = file.find_block(loaded, address);
  return found ? std::to_string(found->address) + " " + std::to_string(found->size) : "none";
}

void check_against_brute_force(const testing::SnapshotSpec& spec, std::vector<std::uint64_t> addresses) {
  const std::string bytes = saved(testing::build(spec));
  SnapshotFile file = SnapshotFile::view(bytes);
  const Snapshot loaded = file.load(std::make_shared<snapshot::Symbols>(), snapshot::Detail::totals);
  addresses.insert(addresses.end(), {0, 1, kMost64, kMost64 - 1, std::uint64_t{1} << 63U});
  for (const std::uint64_t address : addresses) {
    CAPTURE(address);
    CHECK(found_in(file, loaded, address) == innermost(spec, address));
  }
}

/// Addresses at, before and behind both ends of blocks.
std::vector<std::uint64_t> edges(const std::vector<testing::BlockSpec>& blocks) {
  std::vector<std::uint64_t> addresses;
  for (const testing::BlockSpec& block : blocks) {
    for (const std::uint64_t offset : {-1, 0, 1, 8}) {
      addresses.push_back(block.address + offset);
      addresses.push_back(block.address + static_cast<std::uint64_t>(block.size) + offset);
    }
  }
  return addresses;
}

}  // namespace

TEST_CASE("a block that is found tells all that is known of it") {
  const auto snapshot = testing::snapshot_from(
      "16 a:1 address=0x100 domain=5 thread=main birth=-7 weight=99\n16 a:2 address=0x200 birth=8 weight=0");
  const std::string bytes = saved(snapshot);
  SnapshotFile file = SnapshotFile::view(bytes);
  const Snapshot loaded = file.load(std::make_shared<snapshot::Symbols>(), snapshot::Detail::totals);
  CHECK(text(loaded, file.find_block(loaded, 0x10F)) == "256 16 domain 5 thread 0 birth -7 weight 99");
  CHECK(text(loaded, file.find_block(loaded, 0x200)) == "512 16 domain 0 birth 8 weight 0");
  CHECK(!file.find_block(loaded, 0xFF));
  CHECK(!file.find_block(loaded, 0x110));
}

TEST_CASE("nothing is found where there are no addresses") {
  for (const char* lines : {"16 a:1", "16 a:1 birth=5", ""}) {
    const std::string bytes = saved(testing::snapshot_from(lines));
    SnapshotFile file = SnapshotFile::view(bytes);
    const Snapshot loaded = file.load(std::make_shared<snapshot::Symbols>());
    CHECK(!file.find_block(loaded, 0));
  }
}

TEST_CASE("the innermost of blocks that begin together is the smallest, whichever total it has") {
  for (const char* lines : {"100 a:1 address=0x10\n10 a:2 address=0x10\n50 a:3 address=0x10",
                            "10 a:1 address=0x10\n100 a:2 address=0x10\n0 a:3 address=0x10"}) {
    const std::string bytes = saved(testing::snapshot_from(lines));
    SnapshotFile file = SnapshotFile::view(bytes);
    const Snapshot loaded = file.load(std::make_shared<snapshot::Symbols>());
    CHECK(found_in(file, loaded, 0x15) == "16 10");
    CHECK(found_in(file, loaded, 0x10 + 60) == "16 100");
  }
}

TEST_CASE("the last byte of all addresses can be in a block") {
  const std::string bytes = saved(testing::snapshot_from("16 a:1 address=0xfffffffffffffff0\n1 a:1 address=0x0"));
  SnapshotFile file = SnapshotFile::view(bytes);
  const Snapshot loaded = file.load(std::make_shared<snapshot::Symbols>());
  CHECK(found_in(file, loaded, kMost64) == "18446744073709551600 16");
  CHECK(found_in(file, loaded, 0) == "0 1");
}

TEST_CASE("what is found in random blocks is what a search through all of them finds") {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    brute_force::Random random(seed);
    testing::SnapshotSpec spec = testing::random_spec(random, 40);
    spec.has_address = true;
    if (spec.counted) {
      spec.counted = false;
      for (testing::BlockSpec& block : spec.blocks) block.count = 1;
    }
    check_against_brute_force(spec, edges(spec.blocks));
  }
}

TEST_CASE("what is found in many pages is what a search through all of them finds") {
  brute_force::Random random(7);
  testing::SnapshotSpec spec;
  spec.has_address = true;
  const auto places = testing::spec_of_everything().blocks;
  const auto add = [&](std::uint64_t address, std::int64_t size) {
    testing::BlockSpec block = places[random.below(4)];
    block.address = address;
    block.size = size;
    spec.blocks.push_back(block);
  };
  for (std::uint64_t at = 0; at < 60'000; ++at) add(0x10000 + 16 * at, 16);
  for (std::uint64_t at = 0; at < 5; ++at) add(0x10000 + 16 * random.below(60'000), 1 << 19);  // over several pages
  for (std::uint64_t at = 0; at < 20'000; ++at)
    add(0x20008, static_cast<std::int64_t>(1 + at));  // a page of one address
  std::vector<std::uint64_t> addresses = edges({spec.blocks.begin() + 60'000, spec.blocks.begin() + 60'010});
  for (int count = 0; count < 40; ++count) addresses.push_back(0x10000 + random.below(16 * 100'000));
  check_against_brute_force(spec, addresses);
}

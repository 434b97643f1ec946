#include "file/block_pages.h"
#include "file/compression.h"
#include "tests/support/snapshot_from.h"
#include "tests/support/tms_random.h"
#include "tests/support/tms_text.h"

#include <doctest/doctest.h>
#include <snapshot/file.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

using snapshot::FoundBlock;
using snapshot::Snapshot;
using snapshot::SnapshotFile;
using snapshot::Symbols;
using testing::saved;

namespace {

constexpr std::uint64_t kMost64 = std::numeric_limits<std::uint64_t>::max();

/// All that is told of a block, but its traceback and its type.
std::string text(const std::optional<FoundBlock>& found) {
  if (!found) return "none";
  const snapshot::Total& total = found->total;
  std::string text = std::to_string(found->address) + " " + std::to_string(found->size) + " of " +
                     std::to_string(total.size) + " in " + std::to_string(total.count) + " total_nframe " +
                     std::to_string(total.total_nframe) + " domain " + std::to_string(total.domain);
  if (found->thread) text += " thread " + std::to_string(*found->thread);
  if (found->birth) text += " birth " + std::to_string(*found->birth);
  if (found->weight) text += " weight " + std::to_string(*found->weight);
  return text;
}

std::string text(const Symbols& symbols, snapshot::StringId id) {
  return id == snapshot::kUnknownString ? "?" : "'" + std::string(symbols.text(id)) + "'";
}

std::string text(const Symbols& symbols, snapshot::TracebackId traceback) {
  std::string text;
  for (const snapshot::FrameId id : symbols.traceback(traceback)) {
    const snapshot::Frame frame = symbols.frame(id);
    text += ::text(symbols, frame.filename) + ":" + std::to_string(frame.lineno) + " " +
            ::text(symbols, frame.function) + " " + ::text(symbols, frame.module) + ", ";
  }
  return text;
}

std::string all_of(const FoundBlock& found, const Symbols& symbols) {
  return text(found) + " " + text(symbols, found.total.traceback) + "type " + text(symbols, found.type);
}

std::string place_of(const std::optional<FoundBlock>& found) {
  return found ? std::to_string(found->address) + " " + std::to_string(found->size) : "none";
}

std::string found_in(SnapshotFile& file, std::uint64_t address) {
  Symbols symbols;
  return place_of(file.find_block(address, symbols));
}

/// All that a block may tell, as a search through all blocks of a loaded snapshot finds it: of those with the byte the
/// one that begins last, of these the smallest, and of equal ones any.
std::set<std::string> innermost(const Snapshot& loaded, std::uint64_t address) {
  const snapshot::TraceColumns& blocks = loaded.traces();
  const auto key = [&](std::size_t at) { return std::tuple(blocks.address[at], -blocks.size[at]); };
  const auto has_byte = [&](std::size_t at) {
    const std::uint64_t length = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(blocks.size[at]));
    return address >= blocks.address[at] && address - blocks.address[at] < length;
  };
  std::optional<std::size_t> best;
  for (std::size_t at = 0; at < blocks.rows(); ++at)
    if (has_byte(at) && (!best || key(at) > key(*best))) best = at;
  if (!best) return {"none"};
  std::set<std::string> texts;
  for (std::size_t at = 0; at < blocks.rows(); ++at) {
    if (key(at) != key(*best)) continue;
    FoundBlock block{blocks.address[at], blocks.size[at], loaded.totals()[blocks.total[at]], {}, {}, {}};
    if (!blocks.thread.empty() && blocks.thread[at] != snapshot::TraceColumns::kUnknownThread)
      block.thread = blocks.thread[at];
    if (!blocks.birth.empty()) block.birth = blocks.birth[at];
    if (!blocks.weight.empty()) block.weight = blocks.weight[at];
    if (!blocks.type.empty()) block.type = blocks.type[at];
    texts.insert(all_of(block, loaded.symbols()));
  }
  return texts;
}

/// Compares with the snapshot that was saved, so that nothing of the reader judges itself.
void check_against_brute_force(const testing::SnapshotSpec& spec, std::vector<std::uint64_t> addresses) {
  const Snapshot snapshot = testing::build(spec);
  const std::string bytes = saved(snapshot);
  SnapshotFile file = SnapshotFile::view(bytes);
  addresses.insert(addresses.end(), {0, 1, kMost64, kMost64 - 1, std::uint64_t{1} << 63U});
  std::ranges::sort(addresses);
  addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
  for (const std::uint64_t address : addresses) {
    CAPTURE(address);
    Symbols symbols;
    const auto found = file.find_block(address, symbols);
    const std::string told = found ? all_of(*found, symbols) : "none";
    CAPTURE(told);
    CHECK(innermost(snapshot, address).count(told) == 1);
    CHECK(symbols.traceback_count() == (found ? 1 : 0));
  }
}

/// How the blocks of a file name their totals and sizes, which the writer chooses.
snapshot::file::Reference reference_of(const std::string& bytes) {
  const SnapshotFile file = SnapshotFile::view(bytes);
  const auto index = std::ranges::find(file.sections(), "BIDX", &snapshot::Section::type);
  const auto blocks = std::ranges::find(file.sections(), "BLKS", &snapshot::Section::type);
  const std::string plain = snapshot::file::Decompressor().section(*index, bytes.substr(index->offset, index->stored));
  snapshot::file::PlainReader in("BIDX", 0, plain);
  return snapshot::file::read_index(in, blocks->stored).layout.reference;
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
      "16 a:1 address=0x100 domain=5 thread=main birth=-7 weight=99\n16 a:2 address=0x200 birth=8 weight=0\n"
      "24 a:1 address=0x300 domain=5 thread=main birth=-8 weight=1");
  const std::string bytes = saved(snapshot);
  SnapshotFile file = SnapshotFile::view(bytes);
  Symbols symbols;
  CHECK(text(file.find_block(0x10F, symbols)) ==
        "256 16 of 40 in 2 total_nframe 0 domain 5 thread 0 birth -7 weight 99");
  CHECK(text(file.find_block(0x200, symbols)) == "512 16 of 16 in 1 total_nframe 0 domain 0 birth 8 weight 0");
  CHECK(!file.find_block(0xFF, symbols));
  CHECK(!file.find_block(0x110, symbols));
}

TEST_CASE("of a block that is found its traceback is interned, and nothing besides") {
  const auto snapshot = testing::snapshot_from(
      "16 a:1 < b:2 < c:3 address=0x100\n16 a:1 < b:2 < d:4 address=0x200\n8 e:5 < d:4 address=0x300");
  const std::string bytes = saved(snapshot);
  SnapshotFile file = SnapshotFile::view(bytes);
  Symbols symbols;
  const auto found = file.find_block(0x200, symbols);
  REQUIRE(found);
  CHECK(text(symbols, found->total.traceback) == "'d':4 ? ?, 'b':2 ? ?, 'a':1 ? ?, ");
  CHECK(symbols.string_count() == 3);
  CHECK(symbols.frame_count() == 3);
  CHECK(symbols.traceback_count() == 1);
  const auto other = file.find_block(0x300, symbols);
  REQUIRE(other);
  CHECK(text(symbols, other->total.traceback) == "'d':4 ? ?, 'e':5 ? ?, ");
  CHECK(symbols.string_count() == 4);
  CHECK(symbols.frame_count() == 4);
  CHECK(symbols.traceback_count() == 2);
  CHECK(file.find_block(0x20F, symbols)->total.traceback == found->total.traceback);
  CHECK(symbols.traceback_count() == 2);
}

TEST_CASE("of a block that is found its type is interned, and no other") {
  const std::string bytes =
      saved(testing::snapshot_from("16 a:1 address=0x100 type=list\n16 a:1 address=0x200 type=dict\n16 a:1 "
                                   "address=0x300\n8 a:1 address=0x400 type=int"));
  SnapshotFile file = SnapshotFile::view(bytes);
  Symbols symbols;
  const auto type_at = [&](std::uint64_t address) { return text(symbols, file.find_block(address, symbols)->type); };
  CHECK(type_at(0x300) == "?");
  CHECK(symbols.string_count() == 1);
  CHECK(type_at(0x20F) == "'dict'");
  CHECK(symbols.string_count() == 2);
  CHECK(type_at(0x400) == "'int'");
  CHECK(type_at(0x100) == "'list'");
  CHECK(type_at(0x100) == "'list'");
  CHECK(symbols.string_count() == 4);
}

TEST_CASE("nothing is found where there are no addresses") {
  for (const char* lines : {"16 a:1", "16 a:1 birth=5", ""}) {
    const std::string bytes = saved(testing::snapshot_from(lines));
    SnapshotFile file = SnapshotFile::view(bytes);
    Symbols symbols;
    CHECK(!file.find_block(0, symbols));
  }
}

TEST_CASE("the innermost of blocks that begin together is the smallest, whichever total it has") {
  for (const char* lines : {"100 a:1 address=0x10\n10 a:2 address=0x10\n50 a:3 address=0x10",
                            "10 a:1 address=0x10\n100 a:2 address=0x10\n0 a:3 address=0x10"}) {
    const std::string bytes = saved(testing::snapshot_from(lines));
    SnapshotFile file = SnapshotFile::view(bytes);
    CHECK(found_in(file, 0x15) == "16 10");
    CHECK(found_in(file, 0x10 + 60) == "16 100");
  }
}

TEST_CASE("the last byte of all addresses can be in a block") {
  const std::string bytes = saved(testing::snapshot_from("16 a:1 address=0xfffffffffffffff0\n1 a:1 address=0x0"));
  SnapshotFile file = SnapshotFile::view(bytes);
  CHECK(found_in(file, kMost64) == "18446744073709551600 16");
  CHECK(found_in(file, 0) == "0 1");
}

TEST_CASE("what is found in random blocks is what a search through all of them finds") {
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
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
  spec.has_address = spec.has_type = true;
  const auto places = testing::spec_of_everything().blocks;
  const auto add = [&](std::uint64_t address, std::int64_t size) {
    testing::BlockSpec block = places[random.below(4)];
    block.address = address;
    block.size = size;
    if (random.below(4) == 0) block.type = "list";
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

TEST_CASE("what is found does not depend on the kind of references") {
  brute_force::Random random(11);
  const auto of_totals = testing::spec_of_everything().blocks;
  const auto check = [&](const auto& size_after, snapshot::file::Reference reference) {
    testing::SnapshotSpec spec;
    spec.has_address = true;
    std::vector<std::int64_t> sizes(4, 48);  // of the last block of each total
    std::uint64_t address = 0x7000'0000;
    for (int count = 0; count < 30'000; ++count) {
      const std::uint64_t total = random.below(4);
      sizes[total] = size_after(sizes[total]);
      testing::BlockSpec block = of_totals[total];
      block.address = address;
      block.size = sizes[total];
      address += static_cast<std::uint64_t>(block.size) + 16 * random.below(3);
      spec.blocks.push_back(block);
    }
    CHECK(reference_of(saved(testing::build(spec))) == reference);
    check_against_brute_force(spec, edges({spec.blocks.begin() + 20'000, spec.blocks.begin() + 20'006}));
  };
  check([&](std::int64_t /*last*/) { return static_cast<std::int64_t>(16 * (1 + random.below(8))); },
        snapshot::file::Reference::size_row);
  const auto seldom_another = [&](std::int64_t last) {
    return random.below(20) == 0 ? static_cast<std::int64_t>(1 + random.below(60'000)) : last;
  };
  check(seldom_another, snapshot::file::Reference::total_and_size);
}

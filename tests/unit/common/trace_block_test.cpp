#include "apps/common/trace_block.h"

#include "tests/support/brute_force.h"
#include "tests/support/snapshot_from.h"

#include <doctest/doctest.h>
#include <snapshot/save.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace {

namespace fs = std::filesystem;

/// A .tms file that is there as long as this.
class SavedFile {
 public:
  explicit SavedFile(const snapshot::Snapshot& snapshot)
      : path_(fs::temp_directory_path() / ("trace_block_test." + std::to_string(::getpid()) + ".tms")) {
    snapshot::save(snapshot, path_.string());
  }
  ~SavedFile() { fs::remove(path_); }
  SavedFile(const SavedFile&) = delete;
  SavedFile& operator=(const SavedFile&) = delete;

  /// "size at address, offset N, traceback"; "none".
  std::string find(std::uint64_t address, const std::vector<std::string>& options = {}) const {
    std::vector<std::string> words{"tmtrace", path_.string(), hexadecimal(address)};
    words.insert(words.end(), options.begin(), options.end());
    std::vector<const char*> arguments;
    for (const std::string& word : words) arguments.push_back(word.c_str());
    cli::TraceOptions parsed;
    REQUIRE(parsed.parse(static_cast<int>(arguments.size()), arguments.data()));
    cli::Timing timing;
    const std::optional<cli::TraceReport> report = find_block(parsed, timing);
    if (!report) return "none";
    const cli::BlockRow& block = *report->block;
    const cli::TracebackRow& row = report->rows.at(0);
    CHECK(report->rows.size() == 1);
    CHECK((row.size == block.size && row.count == 1 && report->total.size == block.size));
    return std::to_string(block.size) + " at " + std::to_string(block.address) + ", offset " +
           std::to_string(block.asked - block.address) + ", " +
           testing::key_text(*report->symbols, snapshot::GroupBy::traceback, snapshot::row(row.traceback));
  }

 private:
  static std::string hexadecimal(std::uint64_t address) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "0x%llx", static_cast<unsigned long long>(address));
    return text.data();
  }

  fs::path path_;
};

struct Block {
  std::uint64_t address;
  std::int64_t size;
};

std::string line_of(const Block& block) {
  return std::to_string(block.size) + " a:" + std::to_string(block.size) + " address=" + std::to_string(block.address) +
         "\n";
}

/// The innermost of the blocks of at least `least` bytes that have the address.
std::string expected(const std::vector<Block>& blocks, std::uint64_t address, std::int64_t least) {
  const Block* best = nullptr;
  for (const Block& block : blocks) {
    const auto length = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(block.size));
    if (block.size < least || address < block.address || address - block.address >= length) continue;
    if (best == nullptr || std::tuple(block.address, -block.size) > std::tuple(best->address, -best->size))
      best = &block;
  }
  if (best == nullptr) return "none";
  return std::to_string(best->size) + " at " + std::to_string(best->address) + ", offset " +
         std::to_string(address - best->address) + ", a:" + std::to_string(best->size);
}

}  // namespace

TEST_CASE("an address is looked for among the blocks that pass the filters") {
  const SavedFile file(testing::snapshot_from(
      "100 outer:1 < main:1 address=16\n10 inner:1 address=32 domain=5\n8 other:1 address=256 domain=5"));
  CHECK(file.find(37) == "10 at 32, offset 5, inner:1");
  CHECK(file.find(37, {"--domain", "5"}) == "10 at 32, offset 5, inner:1");
  CHECK(file.find(37, {"--domain", "0"}) == "100 at 16, offset 21, outer:1 < main:1");
  CHECK(file.find(37, {"-x", "inner"}) == "100 at 16, offset 21, outer:1 < main:1");
  CHECK(file.find(37, {"--min-size", "101"}) == "none");
  CHECK(file.find(116) == "none");
}

TEST_CASE("what is found of random blocks is what a search through those that pass finds") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    brute_force::Random random(seed);
    std::vector<Block> blocks;
    std::string text;
    for (std::uint64_t left = 1 + random.below(12); left > 0; --left) {
      blocks.push_back({random.below(64), static_cast<std::int64_t>(random.below(24))});
      text += line_of(blocks.back());
    }
    const SavedFile file(testing::snapshot_from(text));
    for (std::uint64_t address = 0; address < 90; address += 1 + random.below(6)) {
      CAPTURE(address);
      const std::int64_t least = random.one_in(2) ? 0 : 8;
      CHECK(file.find(address, {"--min-size", std::to_string(least)}) == expected(blocks, address, least));
    }
  }
}

#include "tms_bad_cases.h"

#include <cstdint>

namespace tms_bad {

using testing::assemble;
using testing::columns;
using testing::FileParts;
using testing::varint;
using testing::varints;
using testing::zstd_frame;

namespace {

constexpr std::uint64_t kMost64 = ~std::uint64_t{0};
constexpr std::uint64_t kMost63 = kMost64 >> 1U;

/// The columns of tYPE, and how many names it says that there are.
struct Types {
  std::string shape = varints({0, 4, 0, 4});
  std::string bytes = "dictlist";
  std::string distinct = varints({1, 0});
  std::string types = varints({1, 0, 0});
  std::string counts = varint(1);
  std::string pages = varint(3);
  std::string blocks = varints({1, 2, 1});
  std::uint64_t names = 2;

  std::string plain() const { return columns(varint(names), {shape, bytes, distinct, types, counts, pages, blocks}); }
};

FileParts parts_with(const std::string& types) {
  const std::string page = columns("", {varints({0, 0, 0, 0}), varints({0, 0, 0, 1}), "", "", "", ""});
  const std::string frame = zstd_frame(page);
  FileParts parts;
  parts.minor = 1;
  parts.parts = {
      {"META", varint(56) + varint(4)},
      {"STRS", columns(varint(2), {varints({0, 4, 0, 4}), "a.pyb.py"})},
      {"FRMS", columns(varint(2), {varints({0, 1}), varints({1, 2}), "", ""})},
      {"TRCB", columns(varint(2), {varints({0, 0, 1, 0}), varint(0), varint(0)})},
      {"TOTL", columns(varint(2), {varints({0, 1}), varints({0, 0}), varints({0, 0}), varints({2, 0}), varints({16, 8}),
                                   varints({0, 0})})},
      {"SIZE", columns("", {varints({0, 0}), "", ""})},
      {"BIDX", varints({4, 1, 4, 0, 0, frame.size(), 0x100, 0x38})},
      {"BLKS", page, frame},
      {"tYPE", types},
  };
  return parts;
}

std::string with(const Types& types) { return assemble(parts_with(types.plain())); }

/// Without single blocks, so that only the sizes have types.
std::string of_sizes(const Types& types) {
  FileParts parts = parts_with(types.plain());
  parts.remove("BIDX");
  parts.remove("BLKS");
  return assemble(parts);
}

Cases table_cases() {
  return {
      {"tYPE: names that are unsorted", with({.bytes = "listdict"})},
      {"tYPE: one name twice", with({.bytes = "dictdict"})},
      {"tYPE: a name that is not UTF-8", with({.bytes = "dict\xFFist"})},
      {"tYPE: a name that is longer than there is", with({.shape = varints({0, 4, 0, 5})})},
      {"tYPE: fewer names than it says", with({.names = 3})},
      {"tYPE: 2^40 names", with({.names = std::uint64_t{1} << 40U})},
      {"tYPE: names that nobody says there are", with({.names = 1})},
      {"tYPE: a type out of range", with({.types = varints({1, 1, 0})})},
      {"tYPE: a type of 2^64 - 1", with({.types = varints({1, kMost64, 0})})},
      {"tYPE: too few types", with({.types = varints({1, 0})})},
      {"tYPE: too many types", with({.types = varints({1, 0, 0, 0})})},
      {"tYPE: too few sizes", with({.distinct = varint(1)})},
      {"tYPE: too many sizes", with({.distinct = varints({1, 0, 0})})},
      {"tYPE: more types than blocks", with({.counts = varint(2)})},
      {"tYPE: a type of 2^63 - 1 blocks", with({.counts = varint(kMost63 - 1)})},
      {"tYPE: a type of 2^63 blocks", with({.counts = varint(kMost63)})},
      {"tYPE: more types than counts of them", with({.counts = ""})},
      {"tYPE: 2^40 types of one size", with({.distinct = varints({std::uint64_t{1} << 40U, 0})})},
      {"tYPE: bytes behind the columns", assemble(parts_with(Types().plain() + "x"))},
      {"tYPE: empty", assemble(parts_with(""))},
  };
}

}  // namespace

FileParts sound_types() { return parts_with(Types().plain()); }

Cases type_cases() {
  Cases cases = table_cases();
  const auto add = [&](const std::string& name, const std::string& bytes) {
    cases.emplace_back("tYPE: " + name, bytes);
  };
  add("no page", with({.pages = ""}));
  add("a page too many", with({.pages = varints({3, 0})}));
  add("a page longer than there is", with({.pages = varint(4)}));
  add("a page shorter than its blocks need", with({.pages = varint(2)}));
  add("a page longer than its blocks need", with({.pages = varint(4), .blocks = varints({1, 2, 1, 1})}));
  add("a place that a size has not", with({.blocks = varints({1, 3, 1})}));
  add("the type of a block before, of which there is none", with({.blocks = varints({0, 2, 1})}));
  add("blocks that do not add up", with({.blocks = varints({1, 2, 0})}));
  add("blocks, and none are there", of_sizes({}));
  add("sizes alone", of_sizes({.pages = "", .blocks = ""}));
  FileParts parts = sound_types();
  for (const char* type : {"SIZE", "BIDX", "BLKS"}) parts.remove(type);
  add("no sizes", assemble(parts));
  parts = sound_types();
  parts.parts.push_back({"tYPE", Types().plain()});
  add("twice", assemble(parts));
  parts = sound_types();
  const std::string page =
      columns("", {varints({0, 0, 0, 0}), varints({0, 0, 0, 1}), varints({16, 18, 17, 9}), "", "", ""});
  parts["BLKS"].plain = page;
  parts["BLKS"].stored = zstd_frame(page);
  parts["BIDX"].plain = varints({4, 1, 0, 0, 1, parts["BLKS"].stored->size(), 0x1000, 0x38});
  add("blocks of sizes that are not those of SIZE", assemble(parts));
  return cases;
}

}  // namespace tms_bad

#include "made_region.h"

#include <recorder/python/code_copy.h>

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <random>
#include <string>

using namespace snapshot::recorder;
using testing::MadeRegion;

namespace {

/// A region with the code of one function.
struct MadeCode : MadeRegion {
  MadeCode() {
    PythonPart& part = header().python;
    part.minor = 8;
    part.line_table = LineTable::lnotab;
    part.text_used = 1;
    CodeRow row{};
    row.filename = add_text("app.py");
    row.name = add_text("Made.method");
    row.lines = add_text(std::string("\x04\x01\x02\x05", 4));
    row.first_line = 10;
    map().codes()[0] = row;
    part.code_count = 1;
  }

  std::uint32_t add_text(const std::string& text) const {
    const std::uint32_t place = header().python.text_used;
    unsigned char* const at = map().texts() + std::size_t{place} * kTextUnit;
    const TextRow row{0, 0, static_cast<std::uint32_t>(text.size())};
    std::memcpy(at, &row, sizeof row);
    std::memcpy(at + sizeof row, text.data(), text.size());
    header().python.text_used =
        place + static_cast<std::uint32_t>((sizeof row + text.size() + kTextUnit - 1) / kTextUnit);
    return place;
  }

  CodeCopy copy() const { return {RegionFile(path()), header().python}; }
};

}  // namespace

TEST_CASE("code is copied with its names and lines") {
  const MadeCode made;
  const CodeCopy copy = made.copy();
  CHECK(copy.is_there());
  CHECK(copy.filename(code_frame(0, 0)) == "app.py");
  CHECK(copy.name(code_frame(0, 0)) == "Made.method");
  CHECK(copy.line(code_frame(0, -1)) == 10);
  CHECK(copy.line(code_frame(0, 1)) == 10);
  CHECK(copy.line(code_frame(0, 2)) == 11);
  CHECK(copy.line(code_frame(0, 3)) == 16);
  CHECK(copy.filename(code_frame(1, 0)) == "");
  CHECK(copy.line(code_frame(1, 0)) == 0);
}

TEST_CASE("of a program that is no Python there is no code") {
  const MadeRegion made;
  const CodeCopy copy(RegionFile(made.path()), made.header().python);
  CHECK_FALSE(copy.is_there());
  CHECK_FALSE(copy.has(code_frame(0, 0)));
}

TEST_CASE("damaged code has some names and lines, or none") {
  std::mt19937 random(9);
  for (int round = 0; round < 300; ++round) {
    const MadeCode made;
    PythonPart& part = made.header().python;
    auto* const row = reinterpret_cast<unsigned char*>(made.map().codes());
    for (std::size_t i = 0; i < sizeof(CodeRow); ++i) {
      if (random() % 6 == 0) row[i] = static_cast<unsigned char>(random());
    }
    const std::size_t bytes = std::size_t{part.text_used.load()} * kTextUnit;
    for (std::size_t i = 0; i < bytes; ++i) {
      if (random() % 6 == 0) made.map().texts()[i] = static_cast<unsigned char>(random());
    }
    if (round % 3 == 0) part.code_count = static_cast<std::uint32_t>(random() % 5000);
    if (round % 5 == 0) part.text_used = static_cast<std::uint32_t>(random() % 50);
    if (round == 299) part.code_count = part.text_used = UINT32_MAX;
    part.line_table = static_cast<LineTable>(random() % 5);
    const CodeCopy copy = made.copy();
    for (const std::uint32_t code : {0U, 1U, 4999U, 0xff'ffffU}) {
      for (const std::int64_t instruction : {-1, 0, 3, 100, 0xff'fffe}) {
        const std::uint64_t frame = code_frame(code, instruction);
        CHECK(copy.filename(frame).size() <= kTextBytes);
        CHECK(copy.name(frame).size() <= kTextBytes);
        CHECK(copy.line(frame) <= INT32_MAX);
      }
    }
  }
}

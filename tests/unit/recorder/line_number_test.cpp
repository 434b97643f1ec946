#include <recorder/python/line_number.h>

#include <doctest/doctest.h>
#include <tests/unit/tables/table.h>

#include <cstdint>
#include <cstdlib>
#include <random>
#include <sstream>
#include <string>
#include <vector>

using snapshot::recorder::line_number;
using snapshot::recorder::LineTable;

namespace {

using Bytes = std::vector<unsigned char>;

struct Case {
  LineTable kind;
  Bytes table;
  std::uint32_t first_line;
  std::vector<std::uint32_t> lines;  // of the instructions, from -1 on
};

Bytes from_hex(const std::string& text) {
  Bytes bytes;
  for (std::size_t i = 0; text != "-" && i + 1 < text.size(); i += 2) {
    bytes.push_back(static_cast<unsigned char>(std::stoul(text.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

std::vector<Case> cases() {
  std::vector<Case> result;
  for (const std::vector<std::string>& row : testing::read_table("line_tables.txt")) {
    Case one{static_cast<LineTable>(std::stoul(row.at(0))),
             from_hex(row.at(1)),
             static_cast<std::uint32_t>(std::stoul(row.at(2))),
             {}};
    std::istringstream runs(row.at(3));
    for (std::string run; runs >> run;) {
      const std::size_t by = run.find('x');
      one.lines.insert(one.lines.end(), std::stoul(run.substr(by + 1)),
                       static_cast<std::uint32_t>(std::stoul(run.substr(0, by))));
    }
    result.push_back(one);
  }
  return result;
}

std::uint32_t line_of(const Case& one, std::int32_t instruction) {
  return line_number(one.kind, one.table.data(), one.table.size(), one.first_line, instruction);
}

}  // namespace

TEST_CASE("lines of instructions are those that CPython gives") {
  const std::vector<Case> all = cases();
  CHECK(all.size() > 30);
  for (const Case& one : all) {
    for (std::size_t i = 0; i < one.lines.size(); ++i) {
      CAPTURE(static_cast<int>(one.kind));
      CAPTURE(one.first_line);
      CAPTURE(i);
      CHECK(line_of(one, static_cast<std::int32_t>(i) - 1) == one.lines[i]);
    }
  }
}

TEST_CASE("lines of damaged tables are some line or none") {
  std::mt19937 random(5);
  for (Case one : cases()) {
    for (int round = 0; round < 40; ++round) {
      Case other = one;
      other.table.resize(random() % (one.table.size() + 1));
      for (unsigned char& byte : other.table) {
        if (random() % 4 == 0) byte = static_cast<unsigned char>(random());
      }
      other.table.shrink_to_fit();  // so that a sanitizer sees what is read behind it
      other.first_line = round % 4 == 0 ? UINT32_MAX : static_cast<std::uint32_t>(random());
      for (const std::int32_t at : {-1, 0, 1, 7, 100, INT32_MAX}) CHECK(line_of(other, at) <= INT32_MAX);
    }
  }
}

TEST_CASE("an unknown kind of table has no lines") {
  const unsigned char bytes[] = {2, 1};
  CHECK(line_number(static_cast<LineTable>(9), bytes, sizeof bytes, 4, 0) == 0);
  CHECK(line_number(LineTable::lnotab, nullptr, 0, 4, 9) == 4);
  CHECK(line_number(LineTable::location_table, nullptr, 0, 4, 9) == 0);
}

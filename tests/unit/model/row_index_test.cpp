#include <snapshot/row_index.h>

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

using snapshot::RowIndex;

namespace {

/// An index of the numbers in a column, by a hash of the caller's choice.
struct Column {
  std::vector<std::uint64_t> values;
  RowIndex index;

  std::uint32_t add(std::uint64_t hash, std::uint64_t value) {
    const auto next = static_cast<std::uint32_t>(values.size());
    const std::uint32_t row = index.find_or_insert(hash, next, [&](std::uint32_t at) { return values[at] == value; });
    if (row == next) values.push_back(value);
    return row;
  }
  std::uint32_t find(std::uint64_t hash, std::uint64_t value) const {
    return index.find(hash, [&](std::uint32_t at) { return values[at] == value; });
  }
};

}  // namespace

TEST_CASE("an empty index finds nothing") {
  const Column column;
  CHECK(column.find(0, 0) == RowIndex::kNone);
  CHECK(column.find(~std::uint64_t{0}, 0) == RowIndex::kNone);
}

TEST_CASE("a row is found under its hash alone") {
  Column column;
  const std::uint64_t hash = std::uint64_t{5} << 32U;
  CHECK(column.add(hash, 42) == 0);
  CHECK(column.add(hash, 42) == 0);
  CHECK(column.find(hash, 42) == 0);
  CHECK(column.find(hash, 43) == RowIndex::kNone);
  CHECK(column.find(std::uint64_t{6} << 32U, 42) == RowIndex::kNone);
}

TEST_CASE("values whose hashes collide are told apart, before and after the table grows") {
  Column column;
  for (std::uint64_t value = 0; value < 500; ++value) CHECK(column.add(0, value) == value);
  for (std::uint64_t value = 0; value < 500; ++value) CHECK(column.find(0, value) == value);
  CHECK(column.find(0, 500) == RowIndex::kNone);
}

TEST_CASE("hashes at the end of the table go round to its beginning") {
  Column column;
  const std::uint64_t last = ~std::uint64_t{0};
  for (std::uint64_t value = 0; value < 20; ++value) CHECK(column.add(last, value) == value);
  CHECK(column.add(0, 100) == 20);
  for (std::uint64_t value = 0; value < 20; ++value) CHECK(column.find(last, value) == value);
  CHECK(column.find(0, 100) == 20);
}

TEST_CASE("an index with room for many rows finds what it did before") {
  for (const std::size_t rows : {0, 1, 3, 100, 5000}) {
    Column column;
    const auto hash = [](std::uint64_t value) { return value << 30U; };  // some are the same
    for (std::uint64_t value = 0; value < 50; ++value) column.add(hash(value), value);
    column.index.reserve(rows);
    for (std::uint64_t value = 0; value < 300; ++value) CHECK(column.add(hash(value), value) == value);
    column.index.reserve(rows);
    for (std::uint64_t value = 0; value < 300; ++value) CHECK(column.find(hash(value), value) == value);
    CHECK(column.find(hash(300), 300) == RowIndex::kNone);
  }
}

TEST_CASE("the equality is not asked of rows with another hash") {
  Column column;
  column.add(std::uint64_t{1} << 32U, 1);
  int asked = 0;
  column.index.find(std::uint64_t{65} << 32U, [&](std::uint32_t) { return ++asked > 0; });  // the same slot of 64
  CHECK(asked == 0);
}

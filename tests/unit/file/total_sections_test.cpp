#include "file/total_sections.h"

#include "file/trace_sizes.h"

#include "tests/support/snapshot_from.h"
#include "tests/support/tms_assembler.h"

#include <doctest/doctest.h>
#include <snapshot/error.h>

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

using snapshot::Symbols;
using snapshot::Total;
using snapshot::TracebackId;
using snapshot::file::PlainReader;
using snapshot::file::SizeRow;
using testing::columns;
using testing::svarint;
using testing::varint;
using testing::varints;

namespace {

constexpr std::uint64_t kMost63 = std::numeric_limits<std::int64_t>::max();

std::string joined(const std::vector<std::string>& pieces) {
  std::string all;
  for (const std::string& piece : pieces) all += piece;
  return all;
}

/// Two tracebacks, of one frame and of two.
struct Reading {
  Symbols symbols;
  std::vector<TracebackId> tracebacks;

  Reading() {
    const std::array frames{symbols.intern(snapshot::Frame{symbols.intern("a"), 1}),
                            symbols.intern(snapshot::Frame{symbols.intern("b"), 2})};
    tracebacks = {symbols.intern(std::span(frames).first(1)), symbols.intern(std::span(frames))};
  }

  std::vector<Total> totals(std::string_view bytes) {
    PlainReader in("TOTL", 9, bytes);
    std::vector<Total> totals;
    read_totals(in, {tracebacks, {1, 2}}, [&](const Total& total) { totals.push_back(total); });
    return totals;
  }
  Total total(std::uint64_t nframe, std::uint64_t domain, std::uint64_t count, std::uint64_t average,
              std::uint64_t remainder) {
    return totals(columns(varint(1), {varint(0), varint(nframe), varint(domain), varint(count), varint(average),
                                      varint(remainder)}))
        .at(0);
  }
};

std::vector<SizeRow> sizes(std::string_view bytes, const std::vector<Total>& totals) {
  PlainReader in("SIZE", 9, bytes);
  const snapshot::file::SizeRows rows = read_sizes(in, totals);
  std::vector<SizeRow> result;
  for (std::size_t at = 0; at < rows.size(); ++at) result.push_back(rows[at]);
  return result;
}

std::string text(const std::vector<SizeRow>& rows) {
  std::string text;
  for (const SizeRow& row : rows) {
    text += (text.empty() ? "" : ", ") + std::to_string(row.total) + ": " + std::to_string(row.size) + " x" +
            std::to_string(row.count);
  }
  return text;
}

}  // namespace

TEST_CASE("totals and sizes are written as the format says") {
  const auto snapshot = testing::snapshot_from(
      "10 x3 b:2 < a:1 nframe=2\n11 b:2 < a:1 nframe=2\n5 a:1 domain=3\n6 a:1 nframe=9\n7 b:2 < a:1 nframe=1");
  const snapshot::file::UsedSymbols used(snapshot);
  const auto order = order_of_totals(snapshot, used);
  // a:1 nframe 0 domain 3; a:1 nframe 9; a:1, b:2 nframe 1; a:1, b:2 nframe 2
  CHECK(joined(write_totals(snapshot, used, order)) ==
        columns(varint(4),
                {varints({0, 0, 1, 0}), varint(0) + varint(1 + 16) + varint(1 + 1) + varint(1), varints({3, 0, 0, 0}),
                 varints({0, 0, 0, 3}), varints({5, 6, 7, 10}), varints({0, 0, 0, 1})}));
  const std::vector<SizeRow> rows = snapshot::file::trace_sizes(snapshot, order).rows;
  CHECK(text(rows) == "0: 5 x1, 1: 6 x1, 2: 7 x1, 3: 10 x3, 3: 11 x1");
  CHECK(joined(write_sizes(4, rows)) == columns("", {varints({0, 0, 0, 1}), varints({10, 0}), varint(2)}));
}

TEST_CASE("rows of equal size are one, however they stand") {
  const auto snapshot = testing::snapshot_from("4 a:1 count=2\n0 a:1 count=1\n4 a:1 count=5\n0 a:1 count=1");
  CHECK(text(snapshot::file::trace_sizes(snapshot, {0}).rows) == "0: 0 x2, 0: 4 x7");
}

TEST_CASE("each trace has the row of its size, whether sizes lie close to each other or not") {
  const auto snapshot = testing::snapshot_from(
      "16 near:1\n24 near:1\n17 near:1\n16 near:1\n24 near:1\n20 near:1\n24 near:1\n24 near:1\n"
      "9223372036854700000 far:1\n0 far:1\n5000 far:1\n0 far:1\n5000 far:1\n5000 far:1\n7 one:1");
  const std::vector<std::uint32_t> order{2, 0, 1};
  const snapshot::file::TraceSizes sizes = snapshot::file::trace_sizes(snapshot, order);
  CHECK(text(sizes.rows) ==
        "0: 7 x1, 1: 16 x2, 1: 17 x1, 1: 20 x1, 1: 24 x4, 2: 0 x2, 2: 5000 x3, 2: 9223372036854700000 x1");
  REQUIRE(sizes.row_of.size() == snapshot.traces().rows());
  for (std::size_t at = 0; at < sizes.row_of.size(); ++at) {
    const SizeRow& row = sizes.rows[sizes.row_of[at]];
    CHECK(order[row.total] == snapshot.traces().total[at]);
    CHECK(row.size == snapshot.traces().size[at]);
  }
}

TEST_CASE("totals come back at the edges of their ranges") {
  Reading reading;
  CHECK(reading.total(0, 0, 0, 0, 0).total_nframe == 0);
  CHECK(reading.total(1, 0, 0, 0, 0).total_nframe == 1);
  CHECK(reading.total(1 + 2 * (std::uint64_t{0xFFFFFFFF} - 1), 0, 0, 0, 0).total_nframe == 0xFFFFFFFF);
  CHECK(reading.total(1, 0xFFFFFFFF, 0, 0, 0).domain == 0xFFFFFFFF);
  CHECK(reading.total(1, 0, 0, kMost63, 0).size == std::numeric_limits<std::int64_t>::max());
  CHECK(reading.total(1, 0, kMost63 - 1, 1, 0).count == std::numeric_limits<std::int64_t>::max());
  CHECK(reading.total(1, 0, 2, 3, 2).size == 11);
}

TEST_CASE("totals that lie are refused") {
  Reading reading;
  const auto check_total = [&](std::array<std::uint64_t, 5> fields, const std::string& message) {
    const auto [nframe, domain, count, average, remainder] = fields;
    const std::string expected = "offset 9: section TOTL, byte " + message;
    CHECK_THROWS_WITH(reading.total(nframe, domain, count, average, remainder), expected.c_str());
  };
  check_total({2, 0, 0, 0, 0}, "9: total 0 has an impossible total_nframe");  // 0 in the way of 1 - 1
  check_total({1 + 2 * std::uint64_t{0xFFFFFFFF}, 0, 0, 0, 0}, "13: total 0 has an impossible total_nframe");
  check_total({~std::uint64_t{0}, 0, 0, 0, 0}, "18: total 0 has an impossible total_nframe");
  check_total({~std::uint64_t{0} - 1, 0, 0, 0, 0}, "18: total 0 has an impossible total_nframe");
  check_total({1, std::uint64_t{1} << 32U, 0, 0, 0}, "14: 4294967296 is more than 4294967295 that a domain can be");
  check_total({1, 0, kMost63, 0, 0}, "19: 9223372036854775807 is more than 9223372036854775806 blocks");
  check_total({1, 0, 0, kMost63 + 1, 0}, "21: 9223372036854775808 is more than 9223372036854775807 bytes");
  check_total({1, 0, 1, kMost63, 0}, "20: total 0 is more than 63 bits");
  check_total({1, 0, 1, kMost63 / 2, 2}, "21: 2 is more than 1 bytes");
  check_total({1, 0, 2, kMost63 / 3, 2}, "20: total 0 is more than 63 bits");
  CHECK(reading.total(1, 0, 1, kMost63 / 2, 1).size == std::numeric_limits<std::int64_t>::max());

  const auto check = [&](const std::string& bytes, const std::string& message) {
    const std::string expected = "offset 9: section TOTL, byte " + message;
    CHECK_THROWS_WITH(reading.totals(bytes), expected.c_str());
  };
  const std::string half = varint(kMost63 / 2 + 1);
  check(columns(varint(2),
                {varints({0, 1}), varints({1, 1}), varints({0, 0}), varints({0, 0}), half + half, varints({0, 0})}),
        "33: the totals add up to more than 63 bits");
  const auto rows = [](const std::string& numbers, const std::string& nframes, const std::string& domains) {
    const std::string zeros(numbers.size(), '\0');
    return columns(varint(numbers.size()), {numbers, nframes, domains, zeros, zeros, zeros});
  };
  check(rows(varint(2), varint(1), varint(0)), "8: total 0 names traceback 2, but there are 2");
  check(rows(varint(3), varint(1), varint(0)), "8: 3 is more than 2 tracebacks");
  check(rows(varints({1, 1}), varints({1, 1}), varints({0, 0})), "9: total 1 names traceback 2, but there are 2");
  check(rows(varints({0, 0}), varints({1, 1}), varints({0, 0})), "9: totals are not in order");
  check(rows(varints({0, 0}), varints({1, 1}), varints({1, 0})), "9: totals are not in order");
  check(rows(varints({0, 0}), varints({1, 0}), varints({0, 0})), "9: totals are not in order");
  CHECK(reading.totals(rows(varints({0, 0, 1}), varints({0, 1, 0}), varints({5, 0, 0}))).size() == 3);
  check(rows(varint(0), varints({1, 1}), varint(0)), "9: 1 bytes more than there should be");
  check(columns(varint(5), {varint(0), "", "", "", "", ""}), "7: 5 totals cannot be in 1 bytes");
}

TEST_CASE("sizes come back, the last of each total from what is left") {
  const std::vector<Total> totals{{TracebackId{0}, 0, 0, 12, 4}, {TracebackId{0}, 0, 1, 0, 7}};
  CHECK(text(sizes(columns("", {varints({0, 0}), "", ""}), totals)) == "0: 3 x4, 1: 0 x7");
  CHECK(text(sizes(columns("", {varints({2, 0}), varints({0, 2, 2}), varints({0, 1})}), totals)) ==
        "0: 0 x1, 0: 3 x2, 0: 6 x1, 1: 0 x7");
  const auto most = static_cast<std::int64_t>(kMost63);
  CHECK(text(sizes(columns("", {varint(1), varints({0, kMost63 - 1}), varint(8)}),
                   {{TracebackId{0}, 0, 0, most, 10}})) == "0: 0 x9, 0: 9223372036854775807 x1");
}

TEST_CASE("sizes that do not add up are refused") {
  const std::vector<Total> totals{{TracebackId{0}, 0, 0, 12, 4}};
  const auto check = [&](const std::string& distinct, const std::string& steps, const std::string& counts,
                         const std::string& message, const std::vector<Total>& of) {
    const std::string expected = "offset 9: section SIZE, byte " + message;
    CHECK_THROWS_WITH(sizes(columns("", {distinct, steps, counts}), of), expected.c_str());
  };
  const std::string wrong = "the sizes of total 0 do not add up to it";
  check(varint(0), "", "", "4: " + wrong, {{TracebackId{0}, 0, 0, 13, 4}});
  check(varint(1), varints({1, 0}), varint(0), "6: " + wrong, totals);  // 1 + 3 * 2
  check(varint(1), varints({1, 0}), varint(3), "6: " + wrong, totals);  // none is left for the last
  check(varint(1), varints({1, 0}), varint(4), "5: " + wrong, totals);
  check(varint(1), varints({1, kMost63 - 1}), varint(0), "14: " + wrong, totals);
  check(varint(1), varints({kMost63 - 1, 0}), varint(0), "14: " + wrong, totals);
  check(varint(1), varints({kMost63 - 1, kMost63}), varint(0),
        "22: 9223372036854775807 is more than 9223372036854775806 bytes", totals);
  check(varint(9), varints({1, 0}), varint(0), "4: total 0 has more sizes than there are", totals);
  check(varint(std::uint64_t{1} << 40U), "", "", "9: 1099511627776 is more than 2147483648 sizes of one total", totals);
  check("", "", "", "3: ends within a number", totals);
  check(varints({0, 0}), "", "", "4: 1 bytes more than there should be", totals);
  check(varint(0), varint(0), "", "4: 1 bytes more than there should be", totals);
}

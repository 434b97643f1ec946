#include <snapshot/rank.h>

#include <doctest/doctest.h>
#include <snapshot/error.h>
#include <snapshot/filter.h>
#include <tests/support/brute_force.h>
#include <tests/support/sanitizer.h>
#include <tests/support/snapshot_from.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

using snapshot::Charge;
using snapshot::FrameOrder;
using snapshot::GroupBy;
using snapshot::KeyOrder;
using snapshot::RankOptions;
using snapshot::SortBy;
using snapshot::Statistic;
using snapshot::StatisticDiff;
using testing::Lines;

namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

/// Keys 0, 1, 2, ... named "a", "b", "c", ...
struct Letters {
  snapshot::Symbols symbols;
  KeyOrder order{symbols, GroupBy::filename, FrameOrder::oldest_first};

  Letters() {
    for (const char letter : std::string_view("abcdefgh")) symbols.intern(std::string_view(&letter, 1));
  }
};

RankOptions by(SortBy sort, bool reverse = false, std::optional<std::size_t> limit = std::nullopt) {
  return {sort, reverse, limit};
}

template <typename Row>
std::string ranked(const std::vector<Row>& rows, const RankOptions& options) {
  const Letters letters;
  std::string names;
  for (const Row& row : rank(rows, letters.order, options).rows)
    names += letters.symbols.text(snapshot::StringId{static_cast<std::uint32_t>(row.key)});
  return names;
}

/// The order of two tracebacks, written most recent first: -1, 0 or 1.
int order_of(const char* first, const char* second, FrameOrder frame_order) {
  const auto symbols = std::make_shared<snapshot::Symbols>();
  const auto a = testing::snapshot_from(first, symbols);
  const auto b = testing::snapshot_from(second, symbols);
  const int answer = KeyOrder(*symbols, GroupBy::traceback, frame_order)
                         .compare(row(a.totals()[0].traceback), row(b.totals()[0].traceback));
  return answer < 0 ? -1 : static_cast<int>(answer > 0);
}

}  // namespace

TEST_CASE("statistics come by size, then count, then name, all descending") {
  CHECK(ranked<Statistic>({{0, 10, 1}, {1, 30, 1}, {2, 20, 9}}, {}) == "bca");
  CHECK(ranked<Statistic>({{0, 10, 1}, {1, 10, 3}, {2, 10, 2}}, {}) == "bca");
  CHECK(ranked<Statistic>({{0, 10, 1}, {1, 10, 1}, {2, 10, 1}}, {}) == "cba");
}

TEST_CASE("differences come by |size_diff|, size, |count_diff|, count, name, all descending") {
  CHECK(ranked<StatisticDiff>({{0, 1, 5, 1, 1}, {1, 0, -9, 0, -1}, {2, 9, 7, 1, 1}}, {}) == "bca");
  CHECK(ranked<StatisticDiff>({{0, 10, -5, 1, 1}, {1, 30, 5, 1, 1}, {2, 20, 5, 1, 1}}, {}) == "bca");
  CHECK(ranked<StatisticDiff>({{0, 10, 5, 1, 1}, {1, 10, 5, 1, -3}, {2, 10, -5, 1, 2}}, {}) == "bca");
  CHECK(ranked<StatisticDiff>({{0, 10, 5, 1, 1}, {1, 10, 5, 3, 1}, {2, 10, -5, 2, -1}}, {}) == "bca");
  CHECK(ranked<StatisticDiff>({{0, 10, 5, 1, 1}, {1, 10, -5, 1, -1}, {2, 10, 5, 1, 1}}, {}) == "cba");
}

TEST_CASE("every other sort goes first, and ties go by the standard order") {
  const std::vector<Statistic> rows{{0, 10, 5}, {1, 30, 3}, {2, 20, 5}, {3, 60, 6}};
  CHECK(ranked(rows, by(SortBy::size)) == "dbca");
  CHECK(ranked(rows, by(SortBy::count)) == "dcab");
  CHECK(ranked(rows, by(SortBy::average)) == "dbca");  // 10, 10 (less in all), 4, 2
  CHECK(ranked(rows, by(SortBy::name)) == "abcd");

  const std::vector<StatisticDiff> diffs{{0, 10, 9, 5, 1}, {1, 30, -2, 3, -4}, {2, 20, 1, 5, 4}, {3, 0, -60, 0, -2}};
  CHECK(ranked(diffs, by(SortBy::standard)) == "dabc");
  CHECK(ranked(diffs, by(SortBy::size)) == "bcad");
  CHECK(ranked(diffs, by(SortBy::count)) == "acbd");
  CHECK(ranked(diffs, by(SortBy::average)) == "bcad");  // what is gone has none: last
  CHECK(ranked(diffs, by(SortBy::name)) == "abcd");
  CHECK(ranked(diffs, by(SortBy::size_diff)) == "dabc");
  CHECK(ranked(diffs, by(SortBy::count_diff)) == "bcda");
}

TEST_CASE("averages are compared exactly") {
  CHECK(ranked<Statistic>({{0, kMost, kMost - 1}, {1, kMost - 1, kMost - 2}}, by(SortBy::average)) == "ba");
  CHECK(ranked<Statistic>({{0, 1, 3}, {1, 2, 6}, {2, 3, 9}}, by(SortBy::average)) == "cba");
  CHECK(ranked<Statistic>({{0, 0, 1}, {1, 1, kMost}}, by(SortBy::average)) == "ba");
}

TEST_CASE("a single snapshot has no differences to sort by") {
  const std::vector<Statistic> rows{{0, 1, 1}, {1, 2, 1}};
  for (const SortBy sort : {SortBy::size_diff, SortBy::count_diff}) {
    CHECK_THROWS_WITH_AS(ranked(rows, by(sort)), "a single snapshot has no differences to sort by", snapshot::Error);
  }
}

TEST_CASE("the reverse order is the order, reversed") {
  CHECK(ranked<Statistic>({{0, 10, 1}, {1, 10, 1}, {2, 20, 1}}, by(SortBy::standard, true)) == "abc");
  CHECK(ranked<Statistic>({{0, 10, 1}, {1, 30, 1}, {2, 20, 1}}, by(SortBy::name, true)) == "cba");
  CHECK(ranked<Statistic>({{0, 10, 1}, {1, 30, 1}, {2, 20, 1}}, by(SortBy::size, true, 2)) == "ac");
}

TEST_CASE("a limit keeps the first rows and the exact sums of the rest") {
  const Letters letters;
  const std::vector<Statistic> rows{{0, 10, 1}, {1, 30, 2}, {2, 20, 4}, {3, 5, 8}};
  const auto top = rank(rows, letters.order, by(SortBy::standard, false, 2));
  CHECK(testing::rows_of(letters.symbols, GroupBy::filename, top.rows) == Lines{"30 x2 b", "20 x4 c"});
  CHECK(top.other_count == 2);
  CHECK(top.others.size == 15);
  CHECK(top.others.count == 9);

  for (const auto limit :
       {std::optional<std::size_t>(), std::optional<std::size_t>(4), std::optional<std::size_t>(99)}) {
    const auto all = rank(rows, letters.order, by(SortBy::standard, false, limit));
    CHECK(all.rows.size() == 4);
    CHECK(all.other_count == 0);
    CHECK(all.others.size == 0);
    CHECK(all.others.count == 0);
  }
  const auto none = rank(rows, letters.order, by(SortBy::standard, false, 0));
  CHECK(none.rows.empty());
  CHECK(none.other_count == 4);
  CHECK(none.others.size == 65);
  CHECK(rank(std::vector<Statistic>{}, letters.order, {}).rows.empty());
}

TEST_CASE("the rest of differences is summed as well") {
  const Letters letters;
  const std::vector<StatisticDiff> rows{{0, 10, 9, 5, 1}, {1, 30, -2, 3, -4}, {2, 20, 1, 5, 4}};
  const auto top = rank(rows, letters.order, by(SortBy::standard, false, 1));
  CHECK(top.other_count == 2);
  CHECK(top.others.size == 50);
  CHECK(top.others.size_diff == -1);
  CHECK(top.others.count == 8);
  CHECK(top.others.count_diff == 0);
}

TEST_CASE("cumulative rows whose sum leaves int64 do no harm") {
  const Letters letters;
  const std::vector<Statistic> rows{{0, kMost, 1}, {1, kMost, 1}, {2, kMost, 1}};
  CHECK(rank(rows, letters.order, by(SortBy::standard, false, 1)).other_count == 2);
}

TEST_CASE("differences of the whole of int64 are ordered") {
  CHECK(ranked<StatisticDiff>({{0, 0, -kMost, 0, -1}, {1, kMost, kMost, 1, 1}, {2, 0, -1, 0, -1}}, {}) == "bac");
}

TEST_CASE("names are ordered by code point, and lines after names") {
  snapshot::Symbols symbols;
  const std::array names{"", "B", "a", "a.py", "b", "\xC3\xA9", "\xED\xB2\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80"};
  std::vector<std::uint32_t> keys;
  for (std::size_t at = names.size(); at-- > 0;) keys.insert(keys.begin(), row(symbols.intern(names[at])));
  const KeyOrder order(symbols, GroupBy::filename, FrameOrder::oldest_first);
  for (std::size_t a = 0; a < keys.size(); ++a) {
    for (std::size_t b = 0; b < keys.size(); ++b) CHECK((order.compare(keys[a], keys[b]) < 0) == (a < b));
  }

  const auto frame = [&](const char* name, std::uint32_t lineno) {
    return row(symbols.intern(snapshot::Frame{symbols.intern(name), lineno}));
  };
  const KeyOrder lines(symbols, GroupBy::lineno, FrameOrder::oldest_first);
  CHECK(lines.compare(frame("a", 2), frame("a", 10)) < 0);
  CHECK(lines.compare(frame("a", 10), frame("b", 2)) < 0);
  CHECK(lines.compare(frame("b", 4294967295U), frame("b", 0)) > 0);
  CHECK(lines.compare(frame("b", 7), frame("b", 7)) == 0);
}

TEST_CASE("functions are ordered after lines and modules after functions, unknown ones first") {
  const std::array frames{"1 a.c:1",         "1 a.c:1@a.so",    "1 a.c:1@b.so",    "1 a.c:1()",
                          "1 a.c:1(f)",      "1 a.c:1(f)@a.so", "1 a.c:1(f)@b.so", "1 a.c:1(g)",
                          "1 a.c:1(g)@a.so", "1 a.c:2",         "1 b.c:1(a)"};
  for (const FrameOrder order : {FrameOrder::oldest_first, FrameOrder::most_recent_first}) {
    for (std::size_t a = 0; a < frames.size(); ++a) {
      for (std::size_t b = 0; b < frames.size(); ++b) {
        CHECK(order_of(frames[a], frames[b], order) == (a < b ? -1 : static_cast<int>(a > b)));
      }
    }
  }
}

TEST_CASE("tracebacks are ordered frame by frame, from the end that is asked for") {
  const auto oldest = FrameOrder::oldest_first;
  const auto recent = FrameOrder::most_recent_first;
  CHECK(order_of("1 z.py:1 < a.py:1", "1 a.py:1 < b.py:1", oldest) == -1);
  CHECK(order_of("1 z.py:1 < a.py:1", "1 a.py:1 < b.py:1", recent) == 1);
  CHECK(order_of("1 a.py:1", "1 b.py:1 < a.py:1", oldest) == -1);  // a prefix comes first
  CHECK(order_of("1 a.py:1", "1 a.py:1 < b.py:1", recent) == -1);
  CHECK(order_of("1 a.py:2 < a.py:1", "1 a.py:10 < a.py:1", oldest) == -1);
  CHECK(order_of("1 a.py:1 < b.py:1", "1 a.py:1 < b.py:1", oldest) == 0);
}

namespace {

constexpr std::array kSorts{SortBy::standard, SortBy::size,      SortBy::count,     SortBy::average,
                            SortBy::name,     SortBy::size_diff, SortBy::count_diff};

/// Ranks and compares with everything sorted; true when rows, and count and sums of the rest, are the same.
template <typename Row>
bool ranks_like(const std::vector<Row>& rows, std::vector<brute_force::Row> expected, const snapshot::Symbols& symbols,
                GroupBy group_by, brute_force::Random& random) {
  constexpr bool kDifferences = std::is_same_v<Row, StatisticDiff>;
  const SortBy sort = kSorts[random.below(kDifferences ? 7 : 5)];
  const auto frame_order = random.one_in(2) ? FrameOrder::oldest_first : FrameOrder::most_recent_first;
  RankOptions options{sort, random.one_in(2), {}};
  if (!random.one_in(3)) options.limit = random.below(8);

  expected = brute_force::sorted(std::move(expected), kDifferences, sort, options.reverse, frame_order);
  const std::size_t kept = std::min(options.limit.value_or(expected.size()), expected.size());
  brute_force::Row others;
  for (std::size_t at = kept; at < expected.size(); ++at) {
    others.size += expected[at].size;
    others.count += expected[at].count;
    others.size_diff += expected[at].size_diff;
    others.count_diff += expected[at].count_diff;
  }
  const std::size_t other_count = expected.size() - kept;
  expected.resize(kept);

  const auto found = rank(rows, KeyOrder(symbols, group_by, frame_order), options);
  bool right = brute_force::to_rows(symbols, group_by, found.rows) == expected && found.other_count == other_count &&
               found.others.size == others.size && found.others.count == others.count;
  if constexpr (kDifferences) {
    right = right && found.others.size_diff == others.size_diff && found.others.count_diff == others.count_diff;
  }
  return right;
}

}  // namespace

// The whole way: filters, statistics or compare, rank.
TEST_CASE("random snapshots, filtered, grouped and compared, rank as the brute force ranks them") {
  brute_force::Random random(5);
  for (int round = 0; round < testing::rounds(4000); ++round) {
    const std::array traces{random.traces(), random.traces()};
    const auto filters = random.filters();
    const auto symbols = std::make_shared<snapshot::Symbols>();
    const auto group_by = static_cast<GroupBy>(random.below(3));
    const auto charge = group_by == GroupBy::traceback ? Charge::most_recent : static_cast<Charge>(random.below(3));

    std::array<std::vector<Statistic>, 2> found;
    std::array<brute_force::Statistics, 2> expected;
    for (std::size_t at : {0, 1}) {
      const auto snapshot = filter_traces(brute_force::to_snapshot(traces[at], symbols, random.one_in(2)), filters);
      found[at] = statistics({&snapshot, 1}, group_by, charge);
      expected[at] = brute_force::statistics({brute_force::filter_traces(traces[at], filters)}, group_by, charge);
    }
    // Symbols grew while the second was made: the first has keys of the same rows all the same.
    const bool right = ranks_like(found[0], brute_force::rows(expected[0]), *symbols, group_by, random) &&
                       ranks_like(compare(found[0], found[1]), brute_force::compare(expected[0], expected[1]), *symbols,
                                  group_by, random);
    if (!right) FAIL("round " << round << " ranks differently");
  }
}

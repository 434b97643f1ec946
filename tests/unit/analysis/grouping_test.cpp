#include <snapshot/grouping.h>

#include <doctest/doctest.h>
#include <snapshot/compare.h>
#include <snapshot/error.h>
#include <snapshot/rank.h>
#include <snapshot/statistics.h>
#include <tests/support/brute_force.h>
#include <tests/support/sanitizer.h>
#include <tests/support/snapshot_from.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using snapshot::Charge;
using snapshot::FrameOrder;
using snapshot::GroupBy;
using snapshot::Grouping;
using snapshot::GroupSpec;
using snapshot::KeyOrder;
using snapshot::SizeClasses;
using snapshot::Statistic;
using testing::Lines;
using testing::ranked_statistics;
using testing::snapshot_from;

namespace {

constexpr std::array kCharges{Charge::most_recent, Charge::once, Charge::every_frame};

snapshot::Snapshot shop() {
  return snapshot_from(R"(
    100 /srv/shop/app.py:5(load) < /srv/shop/main.py:1(<module>) thread=main
    20 /usr/lib/python3.11/json/decoder.py:7(load) < /srv/shop/app.py:5(load) thread=main domain=1
    3 src/list.c:9(grow)@/usr/lib/libfoo.so < /srv/shop/app.py:6 thread=8
    0 <string>:1 < /srv/shop/app.py:5(load)
  )");
}

/// Snapshots of one Symbols, and what the brute force knows of them.
struct Case {
  std::vector<brute_force::Traces> traces;
  std::shared_ptr<snapshot::Symbols> symbols = std::make_shared<snapshot::Symbols>();
  std::vector<snapshot::Snapshot> snapshots;

  Case(brute_force::Random& random, std::size_t count) {
    for (; count > 0; --count) {
      traces.push_back(random.recorded_traces());
      snapshots.push_back(brute_force::to_snapshot(traces.back(), symbols));
    }
  }
  Grouping grouping(const GroupSpec& spec) const { return {*symbols, snapshots, spec}; }
};

std::vector<brute_force::Row> by_name(std::vector<brute_force::Row> rows) {
  std::ranges::sort(rows, {}, &brute_force::Row::key);
  return rows;
}

/// Whether there is one row a group, ascending, and all are below key_count().
bool is_ascending(const std::vector<Statistic>& rows, const Grouping& grouping) {
  const auto not_below = [](const Statistic& a, const Statistic& b) { return a.key >= b.key; };
  return std::ranges::adjacent_find(rows, not_below) == rows.end() &&
         (rows.empty() || rows.back().key < grouping.key_count());
}

Charge any_charge(brute_force::Random& random, bool of_frames) {
  return of_frames ? kCharges[random.below(kCharges.size())] : Charge::most_recent;
}

}  // namespace

TEST_CASE("blocks are grouped by function, which is of a file") {
  CHECK(ranked_statistics(shop(), {.by = GroupBy::function}) == Lines{"100 x1 load@/srv/shop/app.py",
                                                                      "20 x1 load@/usr/lib/python3.11/json/decoder.py",
                                                                      "3 x1 grow@src/list.c", "0 x1 @<string>"});
  CHECK(ranked_statistics(shop(), {.by = GroupBy::function}, Charge::once) ==
        Lines{"120 x3 load@/srv/shop/app.py", "100 x1 <module>@/srv/shop/main.py",
              "20 x1 load@/usr/lib/python3.11/json/decoder.py", "3 x1 grow@src/list.c", "3 x1 @/srv/shop/app.py",
              "0 x1 @<string>"});
}

TEST_CASE("blocks are grouped by directory, or by its leading parts") {
  CHECK(ranked_statistics(shop(), {.by = GroupBy::directory}) ==
        Lines{"100 x1 /srv/shop", "20 x1 /usr/lib/python3.11/json", "3 x1 src", "0 x1 ."});
  CHECK(ranked_statistics(shop(), {.by = GroupBy::directory, .depth = 1}, Charge::once) ==
        Lines{"123 x4 /srv", "20 x1 /usr", "3 x1 src", "0 x1 ."});
  CHECK(ranked_statistics(shop(), {.by = GroupBy::directory, .depth = 3}) ==
        Lines{"100 x1 /srv/shop", "20 x1 /usr/lib/python3.11", "3 x1 src", "0 x1 ."});
  const auto odd = snapshot_from("1 /a.py:1\n2 C:\\x\\y.py:1\n4 //a//b/c.py:1\n8 ///:1\n16 a/:1\n32 ../x.c:1");
  CHECK(ranked_statistics(odd, {.by = GroupBy::directory}) ==
        Lines{"32 x1 ..", "16 x1 a", "8 x1 //", "4 x1 //a//b", "2 x1 C:\\x", "1 x1 /"});
  CHECK(ranked_statistics(odd, {.by = GroupBy::directory, .depth = 1}) ==
        Lines{"32 x1 ..", "16 x1 a", "8 x1 //", "4 x1 //a", "2 x1 C:", "1 x1 /"});
}

TEST_CASE("blocks are grouped by the binary or the package of their code") {
  CHECK(ranked_statistics(shop(), {.by = GroupBy::module}) ==
        Lines{"100 x1 shop", "20 x1 json", "3 x1 /usr/lib/libfoo.so", "0 x1 <string>"});
  CHECK(ranked_statistics(shop(), {.by = GroupBy::module, .projects = {"/srv/shop"}}, Charge::once) ==
        Lines{"123 x4 app", "100 x1 main", "20 x1 json", "3 x1 /usr/lib/libfoo.so", "0 x1 <string>"});
}

TEST_CASE("blocks are grouped by thread and by domain") {
  CHECK(ranked_statistics(shop(), {.by = GroupBy::thread}) == Lines{"120 x2 main (0)", "3 x1 8", "0 x1 unknown"});
  CHECK(ranked_statistics(shop(), {.by = GroupBy::domain}) == Lines{"103 x3 0", "20 x1 1"});
  CHECK(ranked_statistics(snapshot_from("1 count=2 a.py:1"), {.by = GroupBy::thread}) == Lines{"2 x2 unknown"});
}

TEST_CASE("blocks are grouped by the type of what lives in them") {
  const auto typed = snapshot_from(R"(
    8 count=2 a.py:1 type=dict
    5 b.py:1 type=dict
    7 count=3 a.py:1 type=unknown
    1 a.py:1
    1 b.py:1 type=a.py
  )");
  CHECK(ranked_statistics(typed, {.by = GroupBy::type}) ==
        Lines{"21 x3 unknown", "21 x3 dict", "1 x1 a.py", "1 x1 <unknown>"});
  CHECK(ranked_statistics(shop(), {.by = GroupBy::type}) == Lines{"123 x4 <unknown>"});

  // A name may be the very one that stands for none: two groups, in an order that does not depend on rows.
  const auto odd = snapshot_from("1 a:1 type=<unknown>\n1 a:1\n1 a:1 type=a\n1 a:1 type=z");
  const Grouping grouping(odd.symbols(), {&odd, 1}, {.by = GroupBy::type});
  const auto rows = statistics({&odd, 1}, grouping, Charge::most_recent);
  REQUIRE(rows.size() == 4);
  CHECK(grouping.label(rows[1].key) == "<unknown>");
  CHECK(grouping.label(rows[3].key) == "<unknown>");
  const snapshot::KeyOrder order(grouping, snapshot::FrameOrder::oldest_first);
  CHECK(order.compare(rows[1].key, rows[3].key) < 0);
  CHECK(order.compare(rows[3].key, rows[1].key) > 0);
  CHECK(order.compare(rows[3].key, rows[3].key) == 0);
}

TEST_CASE("blocks are grouped by classes of their sizes, of every kind") {
  const auto by = [](SizeClasses classes) {
    return ranked_statistics(snapshot_from("0 a:1\n1 x9 a:1\n24 x8 a:1\n25 x7 a:1\n1032 x6 a:1\n1033 x5 a:1"),
                             {.by = GroupBy::size_class, .size_classes = classes});
  };
  CHECK(by(SizeClasses::powers) == Lines{"11357 x11 1025-2048", "367 x15 17-32", "9 x9 1", "0 x1 0"});
  CHECK(by(SizeClasses::glibc) == Lines{"6192 x6 1017-1032", "5165 x5 1033-2048", "201 x18 0-24", "175 x7 25-40"});
  CHECK(by(SizeClasses::jemalloc) == Lines{"11357 x11 1025-1280", "367 x15 17-32", "9 x10 0-8"});
  CHECK(by(SizeClasses::pymalloc) == Lines{"11357 x11 1025-2048", "367 x15 17-32", "9 x10 0-16"});
  CHECK(ranked_statistics(snapshot_from("9223372036854775807 a:1"), {.by = GroupBy::size_class}) ==
        Lines{"9223372036854775807 x1 4611686018427387905-9223372036854775807"});
  CHECK(ranked_statistics(snapshot_from("10 count=4 a:1\n200 b:1"), {.by = GroupBy::size_class}) ==
        Lines{"200 x1 129-256", "40 x4 9-16"});  // of one block, not of the row
}

TEST_CASE("domains have the names of any of the snapshots, threads of one name and number are one") {
  const auto symbols = std::make_shared<snapshot::Symbols>();
  std::vector<snapshot::Snapshot> snapshots;
  snapshots.push_back(snapshot_from("1 a:1 domain=1 thread=main\n2 a:1 domain=3 thread=7", symbols));
  brute_force::Traces named{{1, 4, {{"b", 1}}, 0}};
  named[0].thread = snapshot::Thread{0, "main"};
  snapshots.push_back(brute_force::to_snapshot(named, symbols));
  const auto texts = [&](GroupBy by) {
    const Grouping grouping(*symbols, snapshots, {.by = by});
    Lines lines;
    for (const Statistic& row : statistics(snapshots, grouping, Charge::most_recent)) {
      lines.push_back(std::to_string(row.size) + " " + std::string(grouping.label(row.key)));
    }
    std::ranges::sort(lines);
    return lines;
  };
  CHECK(texts(GroupBy::domain) == Lines{"2 3", "5 numpy (1)"});
  CHECK(texts(GroupBy::thread) == Lines{"2 7", "5 main (0)"});
}

TEST_CASE("sums alone tell nothing of single blocks") {
  const auto sums = snapshot_from("1 a:1", std::make_shared<snapshot::Symbols>(), true);
  for (const GroupBy by : {GroupBy::thread, GroupBy::type, GroupBy::size_class}) {
    CHECK_THROWS_WITH_AS(Grouping(sums.symbols(), {&sums, 1}, {.by = by}), "single blocks are not known, only sums",
                         snapshot::Error);
  }
  CHECK(ranked_statistics(sums, {.by = GroupBy::domain}) == Lines{"1 x1 0"});
  CHECK(ranked_statistics(sums, {.by = GroupBy::module}) == Lines{"1 x1 a"});
}

TEST_CASE("what is not of frames cannot be grouped cumulatively, and of two keys one must be of frames") {
  const auto snapshot = shop();
  const auto error_of = [&](GroupBy outer, GroupBy inner) -> std::string {
    const Grouping first(snapshot.symbols(), {&snapshot, 1}, {.by = outer});
    const Grouping second(snapshot.symbols(), {&snapshot, 1}, {.by = inner});
    try {
      if (outer == inner) {
        statistics({&snapshot, 1}, first, Charge::once);
      } else {
        statistics({&snapshot, 1}, first, second, Charge::once);
      }
    } catch (const snapshot::Error& error) {
      return error.what();
    }
    return "";
  };
  const std::string not_frames = "what is not of frames cannot be grouped cumulatively";
  const std::string tracebacks = "tracebacks cannot be grouped cumulatively";
  for (const GroupBy by : {GroupBy::domain, GroupBy::thread, GroupBy::type, GroupBy::size_class})
    CHECK(error_of(by, by) == not_frames);
  CHECK(error_of(GroupBy::domain, GroupBy::thread) == not_frames);
  CHECK(error_of(GroupBy::traceback, GroupBy::lineno) == tracebacks);
  CHECK(error_of(GroupBy::lineno, GroupBy::traceback) == tracebacks);
  CHECK(error_of(GroupBy::domain, GroupBy::traceback) == tracebacks);
  CHECK(error_of(GroupBy::domain, GroupBy::function) == "");
  CHECK(error_of(GroupBy::function, GroupBy::size_class) == "");
}

TEST_CASE("random snapshots add up as the brute force adds them up, by all keys and charges") {
  brute_force::Random random(21);
  for (int round = 0; round < testing::rounds(6000); ++round) {
    const Case one(random, 1 + random.below(2));
    const GroupSpec spec = random.group_spec();
    const Charge charge = any_charge(random, is_of_frames(spec.by));
    const Grouping grouping = one.grouping(spec);
    const auto rows = statistics(one.snapshots, grouping, charge);
    const auto expected = brute_force::rows(brute_force::statistics(one.traces, spec, charge));
    const bool right = is_ascending(rows, grouping) && by_name(brute_force::to_rows(grouping, rows)) == expected;
    if (!right) FAIL("round " << round << " by " << static_cast<int>(spec.by) << " adds up to something else");
  }
}

TEST_CASE("random snapshots add up as the brute force adds them up, by two keys at once, and to what one key says") {
  brute_force::Random random(22);
  for (int round = 0; round < testing::rounds(6000); ++round) {
    const Case one(random, 1 + random.below(2));
    const GroupSpec outer = random.group_spec();
    const GroupSpec inner = random.group_spec();
    const bool tracebacks = outer.by == GroupBy::traceback || inner.by == GroupBy::traceback;
    const Charge charge = any_charge(random, !tracebacks && (is_of_frames(outer.by) || is_of_frames(inner.by)));
    const Grouping first = one.grouping(outer);
    const Grouping second = one.grouping(inner);
    std::map<std::pair<brute_force::Key, brute_force::Key>, std::pair<std::int64_t, std::int64_t>> found;
    std::map<brute_force::Key, brute_force::Amount> subtotals;
    snapshot::Key last = 0;
    bool ascending = true;
    for (const Statistic& row : statistics(one.snapshots, first, second, charge)) {
      ascending = ascending && (found.empty() || row.key > last);
      last = row.key;
      const auto outer_key = brute_force::to_key(first, snapshot::outer_key(row.key));
      found[{outer_key, brute_force::to_key(second, snapshot::inner_key(row.key))}] = {row.size, row.count};
      subtotals[outer_key].size += row.size;
      subtotals[outer_key].count += row.count;
    }
    auto expected = found;
    expected.clear();
    for (const auto& [pair, amount] : brute_force::statistics(one.traces, outer, inner, charge)) {
      expected[pair] = {amount.size, amount.count};
    }
    bool right = ascending && found == expected;
    if (charge == Charge::most_recent) {
      right = right &&
              brute_force::rows(subtotals) == brute_force::rows(brute_force::statistics(one.traces, outer, charge));
    }
    if (!right) FAIL("round " << round << " by " << static_cast<int>(outer.by) << "," << static_cast<int>(inner.by));
  }
}

TEST_CASE("random snapshots, by all keys, differ and rank as the brute force says") {
  brute_force::Random random(23);
  constexpr std::array kSorts{snapshot::SortBy::standard, snapshot::SortBy::size, snapshot::SortBy::count,
                              snapshot::SortBy::average, snapshot::SortBy::name};
  for (int round = 0; round < testing::rounds(4000); ++round) {
    const Case two(random, 2);
    const GroupSpec spec = random.group_spec();
    const Charge charge = any_charge(random, is_of_frames(spec.by));
    const Grouping grouping = two.grouping(spec);
    const auto rows_of = [&](std::size_t at) { return statistics({&two.snapshots[at], 1}, grouping, charge); };
    const auto judged = [&](std::size_t at) { return brute_force::statistics({two.traces[at]}, spec, charge); };
    const auto frame_order = random.one_in(2) ? FrameOrder::oldest_first : FrameOrder::most_recent_first;
    const snapshot::RankOptions options{kSorts[random.below(kSorts.size())], random.one_in(2), {}};
    const KeyOrder order(grouping, frame_order);
    const auto sorted = [&](std::vector<brute_force::Row> rows, bool differences) {
      return brute_force::sorted(std::move(rows), differences, options.sort, options.reverse, frame_order);
    };
    const auto diffs = rank(compare(rows_of(0), rows_of(1)), order, options);
    const auto rows = rank(rows_of(0), order, options);
    const bool right =
        brute_force::to_rows(grouping, diffs.rows) == sorted(brute_force::compare(judged(0), judged(1)), true) &&
        brute_force::to_rows(grouping, rows.rows) == sorted(brute_force::rows(judged(0)), false);
    if (!right) FAIL("round " << round << " by " << static_cast<int>(spec.by) << " ranks differently");
  }
}

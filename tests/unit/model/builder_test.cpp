#include <snapshot/builder.h>

#include <doctest/doctest.h>
#include <snapshot/error.h>
#include <tests/support/snapshot_from.h>

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

using snapshot::SnapshotBuilder;
using snapshot::TraceRange;
using testing::Lines;
using testing::totals_of;
using testing::traces_of;

namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr const char* kTooMuch = "the sizes of the blocks add up to more than 9223372036854775807 bytes";

snapshot::TracebackId traceback(SnapshotBuilder& builder, std::uint32_t lineno) {
  auto& symbols = builder.symbols();
  const std::array frames{symbols.intern(snapshot::Frame{symbols.intern("a.py"), lineno})};
  return symbols.intern(std::span<const snapshot::FrameId>(frames));
}

std::uint32_t total(SnapshotBuilder& builder, std::uint32_t lineno) {
  return builder.total(traceback(builder, lineno), 0, 0);
}

SnapshotBuilder make_builder(bool totals_only = false) {
  return SnapshotBuilder(std::make_shared<snapshot::Symbols>(), totals_only);
}

/// A builder that was given traces of 1, 2, 3, ... bytes in turn at lines 1, 2, 1, 2, ...
SnapshotBuilder builder_of(std::int64_t traces) {
  SnapshotBuilder builder = make_builder();
  const std::array lines{total(builder, 1), total(builder, 2)};
  for (std::int64_t size = 1; size <= traces; ++size)
    builder.add_trace(lines[static_cast<std::size_t>(size - 1) % 2], size);
  return builder;
}

}  // namespace

TEST_CASE("a builder that was given nothing makes an empty snapshot") {
  const auto snapshot = std::move(make_builder()).finish();
  CHECK(snapshot.size() == 0);
  CHECK(snapshot.count() == 0);
  CHECK(snapshot.totals().empty());
  CHECK(snapshot.has_traces());
  CHECK_FALSE(snapshot.info().traceback_limit);
}

TEST_CASE("traceback, total_nframe and domain together decide the row of totals") {
  SnapshotBuilder builder = make_builder();
  const auto first = traceback(builder, 1);
  const auto second = traceback(builder, 2);
  CHECK(builder.total(first, 0, 0) == 0);
  CHECK(builder.total(second, 0, 0) == 1);
  CHECK(builder.total(first, 1, 0) == 2);
  CHECK(builder.total(first, 0, 1) == 3);
  CHECK(builder.total(first, 1, 1) == 4);
  CHECK(builder.total(first, 4294967295U, 4294967295U) == 5);
  CHECK(builder.total(first, 0, 1) == 3);
  CHECK(builder.total(first, 0, 0) == 0);
}

TEST_CASE("traces keep their order, and totals add them up") {
  SnapshotBuilder builder = builder_of(5);
  CHECK(builder.trace_count() == 5);
  builder.info().traceback_limit = 25;
  const auto snapshot = std::move(builder).finish();
  CHECK(traces_of(snapshot) == Lines{"1 a.py:1", "2 a.py:2", "3 a.py:1", "4 a.py:2", "5 a.py:1"});
  CHECK(totals_of(snapshot) == Lines{"6 x2 a.py:2", "9 x3 a.py:1"});
  CHECK(snapshot.size() == 15);
  CHECK(snapshot.count() == 5);
  CHECK(snapshot.info().traceback_limit == 25U);
}

TEST_CASE("a builder of totals alone makes the same sums without the traces") {
  SnapshotBuilder builder = make_builder(true);
  CHECK(builder.totals_only());
  const std::uint32_t row = total(builder, 1);
  builder.add_trace(row, 3);
  builder.add_trace(row, 4);
  CHECK(builder.trace_count() == 2);
  const auto snapshot = std::move(builder).finish();
  CHECK_FALSE(snapshot.has_traces());
  CHECK(traces_of(snapshot).empty());
  CHECK(totals_of(snapshot) == Lines{"7 x2 a.py:1"});
  CHECK(snapshot.size() == 7);
  CHECK(snapshot.count() == 2);
}

TEST_CASE("keep() chooses traces, in the order it is told") {
  const auto kept = [](std::vector<TraceRange> ranges) {
    SnapshotBuilder builder = builder_of(5);
    builder.keep(ranges);
    return std::move(builder).finish();
  };
  CHECK(traces_of(kept({{0, 5}})) == Lines{"1 a.py:1", "2 a.py:2", "3 a.py:1", "4 a.py:2", "5 a.py:1"});
  CHECK(traces_of(kept({{3, 5}, {0, 1}})) == Lines{"4 a.py:2", "5 a.py:1", "1 a.py:1"});
  CHECK(traces_of(kept({{1, 2}, {1, 2}, {0, 2}})) == Lines{"2 a.py:2", "2 a.py:2", "1 a.py:1", "2 a.py:2"});
  CHECK(traces_of(kept({})).empty());
  CHECK(kept({}).size() == 0);
  CHECK(kept({}).count() == 0);

  const auto repeated = kept({{0, 2}, {0, 2}, {4, 4}});
  CHECK(totals_of(repeated) == Lines{"2 x2 a.py:1", "4 x2 a.py:2"});
  CHECK(repeated.size() == 6);
  CHECK(repeated.count() == 4);
}

TEST_CASE("sums of exactly 2^63 - 1 bytes are taken, one byte more is refused") {
  SnapshotBuilder builder = make_builder();
  builder.add_trace(total(builder, 1), kMost);
  builder.add_trace(total(builder, 2), 0);
  CHECK_THROWS_WITH_AS(builder.add_trace(total(builder, 2), 1), kTooMuch, snapshot::Error);
}

TEST_CASE("a single row of totals past 2^63 - 1 bytes is refused as well") {
  SnapshotBuilder builder = make_builder();
  builder.add_trace(total(builder, 1), kMost);
  CHECK_THROWS_WITH_AS(builder.add_trace(total(builder, 1), 1), kTooMuch, snapshot::Error);
  SnapshotBuilder sums = make_builder(true);
  sums.add_trace(total(sums, 1), kMost);
  CHECK_THROWS_WITH_AS(sums.add_trace(total(sums, 1), kMost), kTooMuch, snapshot::Error);
}

TEST_CASE("keep() refuses repeats that add up to more than 2^63 - 1 bytes") {
  SnapshotBuilder builder = make_builder();
  builder.add_trace(total(builder, 1), kMost);
  const std::array ranges{TraceRange{0, 1}, TraceRange{0, 1}};
  CHECK_THROWS_WITH_AS(builder.keep(ranges), kTooMuch, snapshot::Error);
}

TEST_CASE("rows that stand for several blocks add up as those") {
  SnapshotBuilder builder = make_builder();
  builder.add_equal_traces(total(builder, 1), 10, 3);
  builder.add_equal_traces(total(builder, 2), 0, 5);
  builder.add_equal_traces(total(builder, 1), 4294967296, 1);
  CHECK(builder.trace_count() == 9);
  const auto snapshot = std::move(builder).finish();
  CHECK(traces_of(snapshot) == Lines{"10 a.py:1 count=3", "0 a.py:2 count=5", "4294967296 a.py:1 count=1"});
  CHECK(totals_of(snapshot) == Lines{"0 x5 a.py:2", "4294967326 x4 a.py:1"});
  CHECK(snapshot.size() == 4294967326);
  CHECK(snapshot.count() == 9);

  SnapshotBuilder sums = make_builder(true);
  sums.add_equal_traces(total(sums, 1), 10, 3);
  CHECK(totals_of(std::move(sums).finish()) == Lines{"30 x3 a.py:1"});
}

TEST_CASE("rows of totals are taken at once, with their sums where there are no traces") {
  for (const bool totals_only : {true, false}) {
    SnapshotBuilder builder = make_builder(totals_only);
    const auto first = traceback(builder, 1);
    const auto second = traceback(builder, 2);
    builder.set_totals({{first, 0, 0, 101, 8}, {second, 0, 0, 0, 1}, {first, 0, 3, 7, 1}});
    if (!totals_only) builder.add_trace(2, 5);
    const auto snapshot = std::move(builder).finish();
    CHECK(snapshot.totals().size() == 3);
    CHECK(snapshot.has_traces() != totals_only);
    CHECK(snapshot.size() == (totals_only ? 108 : 5));
    CHECK(snapshot.count() == (totals_only ? 10 : 1));
    CHECK(totals_of(snapshot) == (totals_only ? Lines{"0 x1 a.py:2", "101 x8 a.py:1", "7 x1 a.py:1 domain=3"}
                                              : Lines{"5 x1 a.py:1 domain=3"}));
  }
}

TEST_CASE("counts and products past 2^63 - 1 are refused") {
  constexpr const char* kTooMany = "more than 9223372036854775807 blocks";
  const auto refusal = [](std::int64_t size, std::int64_t count) {
    SnapshotBuilder builder = make_builder();
    const std::uint32_t row = total(builder, 1);
    try {
      for (int times = 0; times < 2; ++times) builder.add_equal_traces(row, size, count);
    } catch (const snapshot::Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(refusal(0, kMost / 2).empty());
  CHECK(refusal(0, kMost / 2 + 1) == kTooMany);
  CHECK(refusal(kMost / 2 + 1, 1) == kTooMuch);
  CHECK(refusal(kMost, 2) == kTooMuch);
  CHECK(refusal(std::int64_t{1} << 32U, std::int64_t{1} << 31U) == kTooMuch);
  CHECK(refusal(std::int64_t{1} << 31U, std::int64_t{1} << 31U) == kTooMuch);  // the second time
  CHECK(refusal(std::int64_t{1} << 30U, std::int64_t{1} << 31U).empty());

  SnapshotBuilder sums = make_builder(true);
  const auto one = traceback(sums, 1);
  CHECK_THROWS_WITH_AS(sums.set_totals({{one, 0, 0, kMost, 1}, {one, 1, 0, 1, 1}}), kTooMuch, snapshot::Error);
  SnapshotBuilder counts = make_builder(true);
  CHECK_THROWS_WITH_AS(counts.set_totals({{traceback(counts, 1), 0, 0, 0, kMost}, {one, 1, 0, 0, 1}}), kTooMany,
                       snapshot::Error);
}

TEST_CASE("further columns have a row for each trace, or none") {
  constexpr const char* kHalf = "a column of the traces has not a row for each";
  const auto finished = [](auto fill) {
    SnapshotBuilder builder = builder_of(3);
    fill(builder.columns());
    return std::move(builder).finish();
  };
  using snapshot::TraceColumns;
  CHECK_THROWS_WITH_AS(finished([](TraceColumns& columns) { columns.address.push_back(1); }), kHalf, snapshot::Error);
  CHECK_THROWS_WITH_AS(finished([](TraceColumns& columns) { columns.birth.resize(2); }), kHalf, snapshot::Error);
  CHECK_THROWS_WITH_AS(finished([](TraceColumns& columns) { columns.weight.resize(4); }), kHalf, snapshot::Error);
  CHECK_THROWS_WITH_AS(finished([](TraceColumns& columns) { columns.thread.push_back(TraceColumns::kUnknownThread); }),
                       kHalf, snapshot::Error);
  CHECK_THROWS_WITH_AS(finished([](TraceColumns& columns) { columns.count.push_back(1); }), kHalf, snapshot::Error);
  CHECK_THROWS_WITH_AS(finished([](TraceColumns& columns) { columns.type.resize(2); }), kHalf, snapshot::Error);
  const auto snapshot = finished([](TraceColumns& columns) { columns.weight.resize(3); });
  CHECK(traces_of(snapshot) == Lines{"1 a.py:1 weight=0", "2 a.py:2 weight=0", "3 a.py:1 weight=0"});

  SnapshotBuilder mixed = builder_of(1);
  mixed.add_equal_traces(total(mixed, 1), 1, 2);
  CHECK_THROWS_WITH_AS(std::move(mixed).finish(), kHalf, snapshot::Error);
}

TEST_CASE("rows of several equal traces have no columns of single blocks") {
  SnapshotBuilder builder = builder_of(0);
  builder.add_equal_traces(total(builder, 1), 8, 2);
  builder.columns().address.push_back(1);
  CHECK_THROWS_WITH_AS(std::move(builder).finish(), "rows of several equal traces have columns of single blocks",
                       snapshot::Error);
}

TEST_CASE("a trace names a thread of the info, or none") {
  const auto finished = [](std::uint32_t thread) {
    SnapshotBuilder builder = builder_of(1);
    builder.info().threads = {{7, "main"}, {8, ""}};
    builder.columns().thread.push_back(thread);
    return std::move(builder).finish();
  };
  CHECK(traces_of(finished(0)) == Lines{"1 a.py:1 thread=main"});
  CHECK(traces_of(finished(1)) == Lines{"1 a.py:1 thread=8"});
  CHECK(traces_of(finished(snapshot::TraceColumns::kUnknownThread)) == Lines{"1 a.py:1"});
  CHECK_THROWS_WITH_AS(finished(2), "a trace names thread 2, but there are 2", snapshot::Error);
}

TEST_CASE("a trace names a string as its type, or none, and may stand for several blocks") {
  const auto finished = [](std::uint32_t type) {
    SnapshotBuilder builder = builder_of(0);
    builder.add_equal_traces(total(builder, 1), 8, 2);
    builder.columns().type.push_back(snapshot::StringId{type});
    return std::move(builder).finish();
  };
  CHECK(traces_of(finished(0)) == Lines{"8 a.py:1 count=2 type=a.py"});
  CHECK(traces_of(finished(snapshot::row(snapshot::kUnknownString))) == Lines{"8 a.py:1 count=2"});
  CHECK_THROWS_WITH_AS(finished(1), "a trace names string 1 as its type, but there are 1", snapshot::Error);
}

TEST_CASE("keep() keeps the further columns and the counts of the traces") {
  SnapshotBuilder builder = builder_of(3);
  for (std::uint64_t address = 1; address <= 3; ++address) builder.columns().address.push_back(address);
  builder.keep(std::array{TraceRange{2, 3}, TraceRange{0, 1}});
  CHECK(traces_of(std::move(builder).finish()) == Lines{"3 a.py:1 address=0x3", "1 a.py:1 address=0x1"});

  SnapshotBuilder counted = make_builder();
  counted.add_equal_traces(total(counted, 1), 10, 3);
  counted.add_equal_traces(total(counted, 2), 1, 2);
  counted.keep(std::array{TraceRange{0, 1}, TraceRange{0, 1}});
  const auto snapshot = std::move(counted).finish();
  CHECK(totals_of(snapshot) == Lines{"60 x6 a.py:1"});
  CHECK(snapshot.count() == 6);
}

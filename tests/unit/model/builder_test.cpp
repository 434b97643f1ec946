#include <snapshot/builder.h>

#include <doctest/doctest.h>
#include <snapshot/error.h>
#include <tests/support/snapshot_from.h>

#include <array>
#include <cstdint>
#include <limits>
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

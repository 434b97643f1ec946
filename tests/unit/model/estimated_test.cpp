#include <doctest/doctest.h>
#include <snapshot/builder.h>
#include <snapshot/error.h>
#include <snapshot/statistics.h>
#include <tests/support/snapshot_from.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

using snapshot::Snapshot;
using snapshot::SnapshotBuilder;
using snapshot::Symbols;
using testing::Lines;
using testing::totals_of;

namespace {

struct Row {
  const char* file;
  std::int64_t size;
  std::uint32_t thread = 0;
};

Snapshot sampled(std::uint64_t interval, const std::vector<Row>& rows, std::int64_t equal = 0) {
  SnapshotBuilder builder(std::make_shared<Symbols>());
  Symbols& symbols = builder.symbols();
  for (const Row& row : rows) {
    const snapshot::FrameId frame = symbols.intern(snapshot::Frame{symbols.intern(row.file), 1});
    const std::uint32_t total = builder.total(symbols.intern(std::span(&frame, 1)), 0, 0);
    if (equal > 0) {
      builder.add_equal_traces(total, row.size, equal);
    } else {
      builder.add_trace(total, row.size);
      builder.columns().thread.push_back(row.thread);
    }
  }
  builder.info().sampling_interval = interval;
  builder.info().threads = {{1, "one"}, {2, "two"}};
  return std::move(builder).finish();
}

}  // namespace

TEST_CASE("a sample stands for as many blocks as its probability says") {
  CHECK(snapshot::blocks_of_sample(0, 4096) == 1);
  CHECK(snapshot::blocks_of_sample(100, 0) == 1);
  CHECK(snapshot::blocks_of_sample(4096, 4096) == doctest::Approx(1 / (1 - std::exp(-1.0))));
  CHECK(snapshot::blocks_of_sample(1, 1 << 20) == doctest::Approx((1 << 20) + 0.5));
  CHECK(snapshot::blocks_of_sample(1 << 30, 4096) == 1);
}

TEST_CASE("small blocks stand for many, large ones for themselves") {
  const Snapshot estimate = sampled(1000, {{"a.py", 10}, {"a.py", 10}, {"b.py", 100'000}}).estimated();
  CHECK(totals_of(estimate) == Lines{"100000 x1 b.py:1", "2010 x201 a.py:1"});
  CHECK(estimate.size() == 102'010);
  CHECK(estimate.count() == 202);
  CHECK_FALSE(estimate.has_samples());
}

TEST_CASE("what is left over from one size goes to the next") {
  // Each stands for 1.58 blocks; 100 lines of one.
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i) names.push_back("line" + std::to_string(i));
  std::vector<Row> rows;
  for (const std::string& name : names) rows.push_back({name.c_str(), 1000});
  CHECK(sampled(1000, rows).estimated().count() == 158);
}

TEST_CASE("amounts are the same whether rows are single blocks or several") {
  const Snapshot single =
      sampled(512, {{"b", 300}, {"a", 64}, {"b", 300}, {"a", 64}, {"b", 900}, {"b", 900}}).estimated();
  const Snapshot several = sampled(512, {{"b", 300}, {"a", 64}, {"b", 900}}, 2).estimated();
  CHECK(totals_of(single) == totals_of(several));
}

TEST_CASE("threads share what their samples stand for, and add up to all") {
  const Snapshot estimate = sampled(1000, {{"a", 10, 0}, {"a", 10, 1}, {"a", 10, 1}, {"b", 700, 1}}).estimated();
  const std::vector<snapshot::Statistic> rows =
      snapshot::statistics({&estimate, 1}, snapshot::GroupBy::thread, snapshot::Charge::most_recent);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].count + rows[1].count == estimate.count());
  CHECK(rows[0].size + rows[1].size == estimate.size());
  CHECK(rows[0].count == 100);
}

TEST_CASE("what cannot be told in 63 bits is refused") {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  CHECK_THROWS_AS(sampled(std::uint64_t{1} << 63, {{"a", 1}}).estimated(), snapshot::Error);
  CHECK_THROWS_AS(sampled(std::uint64_t{1} << 62, {{"a", kMost / 2 + 1}, {"b", kMost / 2 + 1}}).estimated(),
                  snapshot::Error);
}

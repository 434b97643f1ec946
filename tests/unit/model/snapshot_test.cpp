#include <snapshot/snapshot.h>

#include <doctest/doctest.h>
#include <snapshot/builder.h>
#include <snapshot/error.h>
#include <snapshot/filter.h>
#include <tests/support/brute_force.h>
#include <tests/support/snapshot_from.h>

#include <array>
#include <span>
#include <utility>
#include <vector>

using testing::Lines;
using testing::snapshot_from;
using testing::totals_of;
using testing::traces_of;

namespace {

constexpr const char* kFour = R"(
  10 a.py:1
  4294967296 b.py:2 < a.py:9 domain=3 nframe=30
  20 a.py:1
  5 c.py:3
)";

// With all columns but counts.
constexpr const char* kRecorded = R"(
  10 a.c:1(f)@app < m.c:3(main)@app address=0x7f10 thread=main birth=-5 weight=64 type=dict
  20 b.c:2(g)@libb.so < m.c:3(main)@app address=0xffffffffffffffff birth=1700000000000000001 weight=128
  10 a.c:1(f)@app < m.c:3(main)@app domain=3 address=0x0 thread=77 birth=0 weight=64 type=shop.User
)";

constexpr const char* kCounted =
    "10 count=3 a.c:1 type=list\n20 b.c:2\n30 count=2 a.c:1\n10 count=4 c.c:3 domain=1 type=dict";

/// A snapshot whose info() says something in every part.
snapshot::Snapshot with_info() {
  snapshot::SnapshotBuilder builder(std::make_shared<snapshot::Symbols>());
  const std::array frames{builder.symbols().intern(snapshot::Frame{builder.symbols().intern("a.c"), 1})};
  builder.add_trace(builder.total(builder.symbols().intern(std::span<const snapshot::FrameId>(frames)), 0, 0), 8);
  snapshot::SnapshotInfo& info = builder.info();
  info.time = -1;
  info.recorder = "tmrun 0.1";
  info.process = {4, {"a", "b"}, "/bin/a", "host", "linux-x86_64", "native", "1", 5};
  info.traceback_limit = 25;
  info.sampling_interval = 524288;
  info.traced_memory = {1, 2};
  info.recorder_memory = 3;
  info.domains = {{0, "heap"}};
  info.threads = {{7, "main"}};
  info.modules = {{"/bin/a", "\x01\x02", 4096, 8192}};
  info.metrics = {{"rss", std::int64_t{5}, "size"}, {"load", 0.5, "percent"}};
  info.extra_sections = {{"what", "bytes"}};
  return std::move(builder).finish();
}

}  // namespace

TEST_CASE("the text of a snapshot says what the snapshot holds") {
  const auto snapshot = snapshot_from(kFour);
  CHECK(traces_of(snapshot) ==
        Lines{"10 a.py:1", "4294967296 b.py:2 < a.py:9 domain=3 nframe=30", "20 a.py:1", "5 c.py:3"});
  CHECK(totals_of(snapshot) ==
        Lines{"30 x2 a.py:1", "4294967296 x1 b.py:2 < a.py:9 domain=3 nframe=30", "5 x1 c.py:3"});
  CHECK(snapshot.size() == 4294967331);
  CHECK(snapshot.count() == 4);
  CHECK(traces_of(snapshot_from("7 x2 <frozen:1")) == Lines{"7 <frozen:1", "7 <frozen:1"});
}

TEST_CASE("where_total keeps the traces of the marked totals, in their order") {
  const auto snapshot = snapshot_from(kFour);
  const auto kept = snapshot.where_total({false, true, true});
  CHECK(traces_of(kept) == Lines{"4294967296 b.py:2 < a.py:9 domain=3 nframe=30", "5 c.py:3"});
  CHECK(kept.totals().size() == 2);
  CHECK(kept.size() == 4294967301);
  CHECK(kept.count() == 2);
  CHECK(&kept.symbols() == &snapshot.symbols());
  CHECK(traces_of(snapshot).size() == 4);  // untouched

  CHECK(traces_of(snapshot.where_total({true, true, true})) == traces_of(snapshot));
  const auto none = snapshot.where_total({false, false, false});
  CHECK(none.totals().empty());
  CHECK(none.size() == 0);
  CHECK(none.count() == 0);
  CHECK(none.has_traces());
}

TEST_CASE("where_total works on sums alone") {
  const auto snapshot = snapshot_from(kFour, std::make_shared<snapshot::Symbols>(), true);
  const auto kept = snapshot.where_total({true, false, true});
  CHECK_FALSE(kept.has_traces());
  CHECK(totals_of(kept) == Lines{"30 x2 a.py:1", "5 x1 c.py:3"});
  CHECK(kept.size() == 35);
  CHECK(kept.count() == 3);
}

TEST_CASE("where_size keeps blocks of both bounds and between") {
  const auto snapshot = snapshot_from(kFour);
  CHECK(traces_of(snapshot.where_size(0, 9223372036854775807)) == traces_of(snapshot));
  CHECK(traces_of(snapshot.where_size(10, 20)) == Lines{"10 a.py:1", "20 a.py:1"});
  CHECK(traces_of(snapshot.where_size(11, 20)) == Lines{"20 a.py:1"});
  CHECK(traces_of(snapshot.where_size(4294967296, 4294967296)).size() == 1);
  CHECK(traces_of(snapshot.where_size(20, 10)).empty());

  const auto small = snapshot.where_size(5, 10);
  CHECK(totals_of(small) == Lines{"10 x1 a.py:1", "5 x1 c.py:3"});
  CHECK(small.size() == 15);
  CHECK(small.count() == 2);
  CHECK(small.has_traces());
}

TEST_CASE("the text of a snapshot says all that was recorded of a block") {
  const auto snapshot = snapshot_from(kRecorded);
  CHECK(traces_of(snapshot) ==
        Lines{"10 a.c:1(f)@app < m.c:3(main)@app address=0x7f10 thread=main birth=-5 weight=64 type=dict",
              "20 b.c:2(g)@libb.so < m.c:3(main)@app address=0xffffffffffffffff birth=1700000000000000001 weight=128",
              "10 a.c:1(f)@app < m.c:3(main)@app domain=3 address=0x0 thread=77 birth=0 weight=64 type=shop.User"});
  CHECK(snapshot.info().threads == std::vector<snapshot::Thread>{{0, "main"}, {77, ""}});
  CHECK(traces_of(snapshot_from(kCounted)) == Lines{"10 a.c:1 count=3 type=list", "20 b.c:2 count=1",
                                                    "30 a.c:1 count=2", "10 c.c:3 domain=1 count=4 type=dict"});
  const Lines odd{"1 a:b:2(std::f(int))@/lib/c++.so < :0() < x:1@ < y:7(operator())"};
  CHECK(traces_of(snapshot_from(odd[0])) == odd);
}

TEST_CASE("where_total keeps every column of a trace") {
  const auto snapshot = snapshot_from(kRecorded);
  const Lines all = traces_of(snapshot);
  CHECK(traces_of(snapshot.where_total({true, false, true})) == Lines{all[0], all[2]});
  CHECK(traces_of(snapshot.where_total({false, true, false})) == Lines{all[1]});

  const auto counted = snapshot_from(kCounted);
  const auto kept = counted.where_total({true, false, true});
  CHECK(traces_of(kept) ==
        Lines{"10 a.c:1 count=3 type=list", "30 a.c:1 count=2", "10 c.c:3 domain=1 count=4 type=dict"});
  CHECK(totals_of(kept) == Lines{"40 x4 c.c:3 domain=1", "90 x5 a.c:1"});
  CHECK(kept.size() == 130);
  CHECK(kept.count() == 9);
}

TEST_CASE("where_size keeps every column of a trace, and looks at the size of one block") {
  const auto snapshot = snapshot_from(kRecorded);
  const Lines all = traces_of(snapshot);
  CHECK(traces_of(snapshot.where_size(0, 10)) == Lines{all[0], all[2]});
  CHECK(traces_of(snapshot.where_size(11, 20)) == Lines{all[1]});

  const auto kept = snapshot_from(kCounted).where_size(10, 20);
  CHECK(traces_of(kept) ==
        Lines{"10 a.c:1 count=3 type=list", "20 b.c:2 count=1", "10 c.c:3 domain=1 count=4 type=dict"});
  CHECK(totals_of(kept) == Lines{"20 x1 b.c:2", "30 x3 a.c:1", "40 x4 c.c:3 domain=1"});
  CHECK(kept.size() == 90);
  CHECK(kept.count() == 8);
}

TEST_CASE("where_trace keeps the rows that are wanted, with every column") {
  const auto snapshot = snapshot_from(kRecorded);
  const Lines all = traces_of(snapshot);
  std::vector<std::size_t> asked;
  const auto kept = snapshot.where_trace([&](std::size_t row) {
    asked.push_back(row);
    return row != 1;
  });
  CHECK(asked == std::vector<std::size_t>{0, 1, 2});
  CHECK(traces_of(kept) == Lines{all[0], all[2]});
  CHECK(totals_of(kept).size() == 2);
  CHECK(kept.size() == 20);
  CHECK(kept.count() == 2);
  CHECK(kept.info().threads == snapshot.info().threads);

  const auto counted = snapshot_from(kCounted).where_trace([](std::size_t row) { return row >= 2; });
  CHECK(traces_of(counted) == Lines{"30 a.c:1 count=2", "10 c.c:3 domain=1 count=4 type=dict"});
  CHECK(totals_of(counted) == Lines{"40 x4 c.c:3 domain=1", "60 x2 a.c:1"});
  CHECK(counted.size() == 100);
  CHECK(counted.count() == 6);

  const auto none = snapshot.where_trace([](std::size_t) { return false; });
  CHECK(none.count() == 0);
  CHECK(none.size() == 0);
  CHECK(none.has_traces());
  CHECK(traces_of(snapshot.where_trace([](std::size_t) { return true; })) == all);
}

TEST_CASE("sums alone have no rows to choose from") {
  const auto sums = snapshot_from(kFour, std::make_shared<snapshot::Symbols>(), true);
  CHECK_THROWS_WITH_AS(sums.where_trace([](std::size_t) { return true; }), "single blocks are not known, only sums",
                       snapshot::Error);
  CHECK_THROWS_WITH_AS(sums.where_size(0, 1), "the sizes of single blocks are not known, only sums", snapshot::Error);
}

TEST_CASE("totals_only drops the traces and nothing else") {
  for (const char* text : {kFour, kRecorded, kCounted}) {
    const auto snapshot = snapshot_from(text);
    const auto totals = snapshot.totals_only();
    CHECK_FALSE(totals.has_traces());
    CHECK(totals.traces().rows() == 0);
    CHECK(totals.traces().address.empty());
    CHECK(totals_of(totals) == totals_of(snapshot));
    CHECK(totals.size() == snapshot.size());
    CHECK(totals.count() == snapshot.count());
    CHECK(totals.info() == snapshot.info());
    CHECK(totals_of(snapshot_from(text, std::make_shared<snapshot::Symbols>(), true)) == totals_of(snapshot));
  }
}

TEST_CASE("what is known of the process stays known of a part of the snapshot") {
  const auto snapshot = with_info();
  REQUIRE(snapshot.info().process.command.size() == 2);
  CHECK(snapshot.where_total({false}).info() == snapshot.info());
  CHECK(snapshot.where_size(0, 1).info() == snapshot.info());
  CHECK(snapshot.totals_only().info() == snapshot.info());
  const std::vector<snapshot::TraceFilter> filters{snapshot::Filter{false, "*", {}, false, {}}};
  CHECK(filter_traces(snapshot, filters).info() == snapshot.info());
  CHECK(filter_traces(snapshot, filters).count() == 0);
}

TEST_CASE("random snapshots, chosen by size, hold what the brute force chooses") {
  brute_force::Random random(6);
  for (int round = 0; round < 2000; ++round) {
    brute_force::Traces traces = random.recorded_traces();
    const auto snapshot = brute_force::to_snapshot(traces, std::make_shared<snapshot::Symbols>());
    const auto least = static_cast<std::int64_t>(random.below(4));
    const std::int64_t most = random.one_in(2) ? 512 : std::int64_t{1} << 40U;
    const auto kept = snapshot.where_size(least, most);
    std::erase_if(traces, [&](const brute_force::Trace& trace) { return trace.size < least || trace.size > most; });
    const auto expected = brute_force::to_snapshot(traces, std::make_shared<snapshot::Symbols>());
    const bool right = brute_force::to_traces(kept) == traces && totals_of(kept) == totals_of(expected) &&
                       kept.size() == expected.size() && kept.count() == expected.count();
    if (!right) FAIL("round " << round << " holds other traces");
  }
}

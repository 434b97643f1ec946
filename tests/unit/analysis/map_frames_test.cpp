#include <snapshot/map_frames.h>

#include <doctest/doctest.h>
#include <snapshot/builder.h>
#include <tests/support/brute_force.h>
#include <tests/support/snapshot_from.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <string_view>

using snapshot::FrameMap;
using snapshot::Symbols;
using testing::Lines;
using testing::snapshot_from;
using testing::totals_of;
using testing::traces_of;

namespace {

/// The snapshot without the frames of files that begin so.
snapshot::MappedSnapshot without(const snapshot::Snapshot& snapshot, const std::shared_ptr<Symbols>& symbols,
                                 std::string_view prefix) {
  return map_frames(snapshot, symbols, kept_frames(*symbols, [&](snapshot::FrameId frame) {
                      return !symbols->text(symbols->frame(frame).filename).starts_with(prefix);
                    }));
}

std::optional<std::string> shouted(std::string_view filename) {
  if (!filename.starts_with("a")) return std::nullopt;
  return "A" + std::string(filename.substr(1));
}

}  // namespace

TEST_CASE("tracebacks lose the frames that are left out, and merge where they have become equal") {
  const auto symbols = std::make_shared<Symbols>();
  const auto snapshot = snapshot_from(R"(
    1 app.py:1 < lib.py:7 < main.py:3
    2 app.py:1 < lib.py:8 < main.py:3
    4 lib.py:7 < main.py:3
    8 lib.py:7 < lib.py:9
    16 x2 lib.py:7
    32 app.py:1 < main.py:3 domain=2
    64 app.py:1 < main.py:3 nframe=9
  )",
                                      symbols);
  const auto mapped = without(snapshot, symbols, "lib");
  CHECK(traces_of(mapped.snapshot) == Lines{"1 app.py:1 < main.py:3", "2 app.py:1 < main.py:3", "4 main.py:3",
                                            "32 app.py:1 < main.py:3 domain=2", "64 app.py:1 < main.py:3 nframe=9"});
  CHECK(totals_of(mapped.snapshot) == Lines{"3 x2 app.py:1 < main.py:3", "32 x1 app.py:1 < main.py:3 domain=2",
                                            "4 x1 main.py:3", "64 x1 app.py:1 < main.py:3 nframe=9"});
  CHECK(mapped.size == 40);
  CHECK(mapped.count == 3);
  CHECK(mapped.snapshot.size() + mapped.size == snapshot.size());
  CHECK(traces_of(snapshot).size() == 8);  // untouched
}

TEST_CASE("the rows keep all columns, and rows that stand for several blocks keep their counts") {
  const auto symbols = std::make_shared<Symbols>();
  const auto recorded = snapshot_from(R"(
    10 a.c:1(f)@app < lib.c:3 address=0x7f10 thread=main birth=-5 weight=64 type=dict
    20 lib.c:2 address=0x7f20 birth=7 weight=128
    30 lib.c:2 < a.c:2 domain=3 address=0x7f30 thread=77 birth=0 weight=64
  )",
                                      symbols);
  const auto mapped = without(recorded, symbols, "lib");
  CHECK(traces_of(mapped.snapshot) == Lines{"10 a.c:1(f)@app address=0x7f10 thread=main birth=-5 weight=64 type=dict",
                                            "30 a.c:2 domain=3 address=0x7f30 thread=77 birth=0 weight=64"});
  CHECK(mapped.snapshot.info().threads == recorded.info().threads);
  CHECK(mapped.size == 20);

  const auto counted = without(
      snapshot_from("10 count=3 a.c:1 type=list\n20 count=5 lib.c:2\n30 a.c:1 < lib.c:2", symbols), symbols, "lib");
  CHECK(traces_of(counted.snapshot) == Lines{"10 a.c:1 count=3 type=list", "30 a.c:1 count=1"});
  CHECK(counted.size == 100);
  CHECK(counted.count == 5);
}

TEST_CASE("sums alone are mapped as well") {
  const auto symbols = std::make_shared<Symbols>();
  const auto sums = snapshot_from("1 a.c:1 < lib.c:1\n2 x3 a.c:1\n5 lib.c:2\n0 x2 lib.c:2", symbols, true);
  const auto mapped = without(sums, symbols, "lib");
  CHECK_FALSE(mapped.snapshot.has_traces());
  CHECK(totals_of(mapped.snapshot) == Lines{"7 x4 a.c:1"});
  CHECK(mapped.size == 5);
  CHECK(mapped.count == 3);
}

TEST_CASE("a snapshot of which no frame is left is empty, and one of which all stay is the same") {
  const auto symbols = std::make_shared<Symbols>();
  const auto snapshot = snapshot_from("1 a.c:1\n2 b.c:1 < a.c:1", symbols);
  const auto none = without(snapshot, symbols, "");
  CHECK(none.snapshot.count() == 0);
  CHECK(none.snapshot.totals().empty());
  CHECK(none.size == 3);
  CHECK(none.count == 2);
  const auto all = without(snapshot, symbols, "z");
  CHECK(traces_of(all.snapshot) == traces_of(snapshot));
  CHECK(all.count == 0);
}

TEST_CASE("files are renamed once a name, and what else is known of a frame stays") {
  const auto symbols = std::make_shared<Symbols>();
  const auto snapshot = snapshot_from("1 a.c:1(f)@app < b.c:2\n2 a.c:3 < A.c:3\n4 A.c:1(f)@app < b.c:2", symbols);
  std::map<std::string, int> asked;
  const auto map = renamed_frames(*symbols, [&](std::string_view filename) {
    ++asked[std::string(filename)];
    return shouted(filename);
  });
  REQUIRE(map.has_value());
  CHECK(asked == std::map<std::string, int>{{"a.c", 1}, {"b.c", 1}, {"A.c", 1}});
  const auto renamed = map_frames(snapshot, symbols, *map).snapshot;
  CHECK(traces_of(renamed) == Lines{"1 A.c:1(f)@app < b.c:2", "2 A.c:3 < A.c:3", "4 A.c:1(f)@app < b.c:2"});
  CHECK(totals_of(renamed) == Lines{"2 x1 A.c:3 < A.c:3", "5 x2 A.c:1(f)@app < b.c:2"});
}

TEST_CASE("no map comes of names that all stay") {
  const auto symbols = std::make_shared<Symbols>();
  const auto snapshot = snapshot_from("1 b.c:1 < c.c:2", symbols);
  CHECK_FALSE(renamed_frames(*symbols, shouted).has_value());
  CHECK_FALSE(renamed_frames(*symbols, [](std::string_view name) { return std::optional(std::string(name)); }));
  CHECK_FALSE(renamed_frames(*std::make_shared<Symbols>(), shouted).has_value());
  CHECK(symbols->frame_count() == 2);
}

TEST_CASE("random maps leave what the brute force leaves, frame by frame") {
  brute_force::Random random(13);
  for (int round = 0; round < 3000; ++round) {
    const brute_force::Traces traces = random.recorded_traces();
    const auto symbols = std::make_shared<Symbols>();
    const bool sums_alone = random.one_in(4);
    const auto snapshot = brute_force::to_snapshot(traces, symbols, sums_alone);
    // Frames of an odd line are left out, those of line 0 are of one file then.
    const auto wanted = [](std::uint32_t lineno) { return lineno % 2 == 0; };
    const auto renamed = symbols->intern("renamed");
    FrameMap map = kept_frames(*symbols, [&](snapshot::FrameId frame) { return wanted(symbols->frame(frame).lineno); });
    for (auto& id : map) {
      if (!id || symbols->frame(*id).lineno != 0) continue;
      snapshot::Frame frame = symbols->frame(*id);
      frame.filename = renamed;
      id = symbols->intern(frame);
    }
    brute_force::Traces expected;
    std::int64_t left_out_size = 0;
    std::int64_t left_out_count = 0;
    for (brute_force::Trace trace : traces) {
      const auto left_out = static_cast<std::uint32_t>(
          std::erase_if(trace.frames, [&](const brute_force::Frame& frame) { return !wanted(frame.lineno); }));
      trace.total_nframe -= std::min(left_out, trace.total_nframe);
      for (auto& frame : trace.frames) frame.filename = frame.lineno == 0 ? "renamed" : frame.filename;
      if (!trace.frames.empty()) {
        expected.push_back(trace);
        continue;
      }
      left_out_size += trace.size * trace.count;
      left_out_count += trace.count;
    }
    const auto mapped = map_frames(snapshot, symbols, map);
    const auto expected_totals = totals_of(brute_force::to_snapshot(expected, std::make_shared<Symbols>()));
    const bool right = (sums_alone || brute_force::to_traces(mapped.snapshot) == expected) &&
                       totals_of(mapped.snapshot) == expected_totals && mapped.size == left_out_size &&
                       mapped.count == left_out_count;
    if (!right) FAIL("round " << round << " holds other traces");
  }
}

TEST_CASE("a frame may become several, and total_nframe grows with it where it is known") {
  const auto symbols = std::make_shared<Symbols>();
  const auto recorded = snapshot_from(R"(
    10 lib.c:1 < main.c:3 nframe=7 address=0x7f10 thread=main birth=-5 weight=64
    20 lib.c:1 < main.c:3 nframe=0 address=0x7f20 thread=main birth=7 weight=128
    30 main.c:3 nframe=1 address=0x7f30 thread=77 birth=0 weight=64
  )",
                                      symbols);
  const auto inlined = symbols->intern(snapshot::Frame{symbols->intern("inlined.h"), 9});
  const auto doubled = [&](snapshot::TracebackId traceback, std::vector<snapshot::FrameId>& rewritten) {
    for (const snapshot::FrameId frame : symbols->traceback(traceback)) {
      rewritten.push_back(frame);
      if (symbols->text(symbols->frame(frame).filename) == "lib.c") rewritten.push_back(inlined);
    }
  };
  const auto mapped = map_tracebacks(recorded, symbols, doubled);
  CHECK(traces_of(mapped.snapshot) ==
        Lines{"10 inlined.h:9 < lib.c:1 < main.c:3 nframe=8 address=0x7f10 thread=main birth=-5 weight=64",
              "20 inlined.h:9 < lib.c:1 < main.c:3 address=0x7f20 thread=main birth=7 weight=128",
              "30 main.c:3 nframe=1 address=0x7f30 thread=77 birth=0 weight=64"});
  CHECK(mapped.snapshot.size() == recorded.size());
  CHECK(mapped.count == 0);
}

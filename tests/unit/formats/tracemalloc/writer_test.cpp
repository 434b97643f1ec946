#include <formats/tracemalloc/writer.h>

#include <doctest/doctest.h>
#include <formats/format_error.h>
#include <formats/load.h>
#include <snapshot/builder.h>
#include <snapshot/utf8.h>
#include <tests/support/snapshot_from.h>

#include "../readers.h"
#include "../written.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

using testing::full_snapshot;
using testing::Lines;
using testing::snapshot_from;
using testing::traces_of;
using testing::written;

namespace {

snapshot::Snapshot read_back(const std::string& pickle) {
  return formats::load(testing::piped(pickle, 4093), std::make_shared<snapshot::Symbols>()).snapshot;
}

Lines round_trip(const snapshot::Snapshot& snapshot) { return traces_of(read_back(written("tracemalloc", snapshot))); }
Lines round_trip(std::string_view text) { return round_trip(snapshot_from(text)); }

snapshot::Snapshot with_filename(std::string_view filename) {
  snapshot::SnapshotBuilder builder(std::make_shared<snapshot::Symbols>());
  auto& symbols = builder.symbols();
  const snapshot::FrameId frame = symbols.intern(snapshot::Frame{symbols.intern(filename), 7});
  builder.add_trace(builder.total(symbols.intern(std::span(&frame, 1)), 0, 0), 5);
  return std::move(builder).finish();
}

std::string refusal(const snapshot::Snapshot& snapshot) {
  try {
    written("tracemalloc", snapshot);
  } catch (const formats::FormatError& error) {
    return error.what();
  }
  return "not refused";
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

TEST_CASE("a pickle gives back the traces, in their order") {
  CHECK(round_trip("").empty());
  CHECK(round_trip("9 b.py:2 < a.py:1\n8 a.py:1\n9 b.py:2 < a.py:1") ==
        Lines{"9 b.py:2 < a.py:1", "8 a.py:1", "9 b.py:2 < a.py:1"});
  CHECK(round_trip("1 a.py:1 domain=3 nframe=30\n2 a.py:1 domain=4294967295 nframe=4294967295") ==
        Lines{"1 a.py:1 domain=3 nframe=30", "2 a.py:1 domain=4294967295 nframe=4294967295"});
}

TEST_CASE("tracebacks of every length come back") {
  std::string text = "1 a.py:1";
  for (int length = 2; length <= 300; ++length) {
    text += " < b" + std::to_string(length) + ".py:" + std::to_string(length * 300);
    CHECK(round_trip(text + " nframe=1000") == Lines{text + " nframe=1000"});
  }
}

TEST_CASE("numbers of every width come back") {
  for (const std::string_view size : {"0", "255", "256", "65535", "65536", "2147483647", "2147483648", "4294967295",
                                      "4294967296", "549755813887", "549755813888", "9223372036854775807"}) {
    const std::string trace = std::string(size) + " a.py:4294967295";
    CHECK(round_trip(trace) == Lines{trace});
  }
}

TEST_CASE("a row of equal blocks is so many traces") {
  snapshot::SnapshotBuilder builder(std::make_shared<snapshot::Symbols>());
  auto& symbols = builder.symbols();
  const snapshot::FrameId frame = symbols.intern(snapshot::Frame{symbols.intern("a.py"), 1});
  const std::uint32_t total = builder.total(symbols.intern(std::span(&frame, 1)), 2, 0);
  builder.add_equal_traces(total, 8, 2500);
  builder.add_equal_traces(total, 9, 1);
  const auto copy = read_back(written("tracemalloc", std::move(builder).finish()));
  CHECK(copy.count() == 2501);
  CHECK(copy.size() == 20009);
  CHECK(copy.traces().rows() == 2501);
}

TEST_CASE("many tracebacks, and more than one frame of the pickle, come back") {
  std::string text;
  for (int at = 0; at < 20000; ++at) {
    text += std::to_string(at % 700) + " dir/file" + std::to_string(at % 3000) + ".py:" + std::to_string(at) +
            " < main.py:" + std::to_string(at % 11) + " nframe=2\n";
  }
  const auto snapshot = snapshot_from(text);
  const std::string pickle = written("tracemalloc", snapshot);
  CHECK(pickle.size() > 5 * 65536);
  CHECK(traces_of(read_back(pickle)) == traces_of(snapshot));
  const auto copy = formats::load(testing::mapped(pickle), std::make_shared<snapshot::Symbols>()).snapshot;
  CHECK(traces_of(copy) == traces_of(snapshot));
  CHECK(written("tracemalloc", copy) == pickle);
}

TEST_CASE("names come back, with lone surrogates and long ones") {
  for (const std::string& name :
       {std::string(), std::string("a b"), snapshot::text_from_bytes("caf\xE9\xFF.py"), std::string(255, 'x'),
        std::string(256, 'x'), std::string(70000, 'x') + "\xF0\x9F\x98\x80"}) {
    const auto copy = read_back(written("tracemalloc", with_filename(name)));
    REQUIRE(copy.count() == 1);
    const auto& symbols = copy.symbols();
    CHECK(symbols.text(symbols.frame(symbols.most_recent(copy.totals()[0].traceback)).filename) == name);
  }
}

TEST_CASE("traces have the fields of CPython 3.8 where no total_nframe is known, else those of 3.9") {
  const std::string old = written("tracemalloc", snapshot_from("7 a.py:1"));
  CHECK(contains(old, "\x87\x94"));  // TUPLE3
  const std::string mixed = written("tracemalloc", snapshot_from("7 a.py:1\n7 a.py:2 nframe=3"));
  CHECK(contains(mixed, "Nt\x94"));  // NONE TUPLE
  CHECK(contains(mixed, "K\x03t\x94"));
  CHECK(traces_of(read_back(mixed)) == Lines{"7 a.py:1", "7 a.py:2 nframe=3"});
}

TEST_CASE("what another recorder left open is None to CPython, which looks for a total_nframe") {
  snapshot::SnapshotBuilder builder(std::make_shared<snapshot::Symbols>());
  builder.info().process.runtime = "native";
  auto& symbols = builder.symbols();
  const snapshot::FrameId frame = symbols.intern(snapshot::Frame{symbols.intern("a.c"), 1});
  builder.add_trace(builder.total(symbols.intern(std::span(&frame, 1)), 0, 0), 5);
  const std::string pickle = written("tracemalloc", std::move(builder).finish());
  CHECK(contains(pickle, "Nt\x94"));
  CHECK(traces_of(read_back(pickle)) == Lines{"5 a.c:1"});
}

TEST_CASE("the traceback limit comes back, and an unknown one as unknown") {
  CHECK_FALSE(read_back(written("tracemalloc", snapshot_from("7 a.py:1"))).info().traceback_limit);
  const auto copy = read_back(written("tracemalloc", full_snapshot()));
  CHECK(copy.info().traceback_limit == 25);
  CHECK(traces_of(copy) ==
        Lines{"100 pool.c:10 < main.c:3 domain=389047 nframe=30", "200 pool.c:10 < main.c:3 domain=389047 nframe=30"});
}

TEST_CASE("sums without blocks, and more blocks than anybody reads, are no pickle") {
  CHECK(refusal(snapshot_from("7 a.py:1").totals_only()) ==
        "a tracemalloc pickle holds single blocks, of which only sums are known");
  CHECK(refusal(snapshot_from("").totals_only()) == "not refused");
  snapshot::SnapshotBuilder builder(std::make_shared<snapshot::Symbols>());
  auto& symbols = builder.symbols();
  const snapshot::FrameId frame = symbols.intern(snapshot::Frame{symbols.intern("a.py"), 1});
  builder.add_equal_traces(builder.total(symbols.intern(std::span(&frame, 1)), 0, 0), 1, 2'147'483'649);
  CHECK(refusal(std::move(builder).finish()) ==
        "a tracemalloc pickle tells every block, and 2147483649 are more than 2147483648");
}

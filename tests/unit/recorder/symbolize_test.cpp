#include <recorder/symbolize.h>

#include <doctest/doctest.h>
#include <snapshot/builder.h>
#include <tests/support/snapshot_from.h>

#include <memory>
#include <string>

using snapshot::Symbols;
using snapshot::recorder::symbolize;
using snapshot::recorder::Symbolizer;
using testing::snapshot_from;
using testing::totals_of;
using testing::traces_of;

TEST_CASE("frames that nothing is found for stay, and are counted once for each module") {
  const auto symbols = std::make_shared<Symbols>();
  const auto recorded = snapshot_from(R"(
    1 /no/lib.so:0(0x10)@/no/lib.so < a.c:3(main)@app
    2 /no/lib.so:0(0x10)@/no/lib.so
    4 /no/lib.so:0(0x20)@/no/lib.so < /no/other.so:0(0x7)@/no/other.so
    8 b.c:1 < /no/lib.so:0@/no/lib.so
  )",
                                      symbols);
  Symbolizer symbolizer(*symbols);
  const auto symbolized = symbolize(recorded, symbols, symbolizer);
  CHECK(traces_of(symbolized.snapshot) == traces_of(recorded));
  CHECK(totals_of(symbolized.snapshot) == totals_of(recorded));
  CHECK(symbolized.finished == 0);
  REQUIRE(symbolized.unfinished.size() == 2);
  CHECK(symbolized.unfinished[0].module == "/no/lib.so");
  CHECK(symbolized.unfinished[0].count == 2);
  CHECK(symbolized.unfinished[0].why == "no module of the snapshot");
  CHECK(symbolized.unfinished[1].module == "/no/other.so");
  CHECK(symbolized.unfinished[1].count == 1);
}

TEST_CASE("a path that two binaries had is not looked at") {
  const auto symbols = std::make_shared<Symbols>();
  snapshot::SnapshotBuilder builder(symbols);
  builder.info().modules = {{"lib.so", "1", 0x1000, 16}, {"lib.so", "2", 0x2000, 16}, {"lib.so", "1", 0x3000, 16}};
  const auto frame = symbols->intern(snapshot::recorder::unfinished_frame(*symbols, "lib.so", 5));
  builder.add_trace(builder.total(symbols->intern({&frame, 1}), 0, 0), 1);
  const auto recorded = std::move(builder).finish();
  Symbolizer symbolizer(*symbols);
  const auto symbolized = symbolize(recorded, symbols, symbolizer);
  REQUIRE(symbolized.unfinished.size() == 1);
  CHECK(symbolized.unfinished[0].why == "the program had loaded several binaries from there");
  CHECK(symbolized.snapshot.info() == recorded.info());
}

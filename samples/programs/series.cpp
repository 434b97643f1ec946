// series FOLDER: two hours of a web shop, as one snapshot every ten minutes: FOLDER/z-0.tms to z-11.tms. How a program
// that knows its own sums keeps a series with libsnapshot, and what tmtrend tells a leak from.
#include <snapshot/builder.h>
#include <snapshot/save.h>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <iostream>
#include <memory>
#include <span>
#include <string>
#include <utility>

namespace {

constexpr std::int64_t kBegun = 1767323045000000000;        // 2026-01-02T03:04:05Z; a real program asks the clock
constexpr std::int64_t kApart = 600 * INT64_C(1000000000);  // nanoseconds
constexpr std::int64_t kSnapshots = 12;

/// Blocks that a line of the shop holds at a time.
struct Place {
  const char* filename;
  std::uint32_t lineno;
  std::int64_t block;  ///< bytes
  std::int64_t (*blocks)(std::int64_t at);
};

/// From 0 to 99, without any order to be seen.
std::int64_t noise(std::int64_t at, std::int64_t seed) { return (at * 7919 + seed * 104729) % 997 % 100; }

const Place kPlaces[] = {
    // Every visitor leaves a session, and nobody removes it.
    {"/srv/shop/session.py", 41, 512, [](std::int64_t at) { return 4000 + 900 * at + noise(at, 1); }},
    // Full after an hour.
    {"/srv/shop/cache.py", 17, 2048, [](std::int64_t at) { return 500 + std::min<std::int64_t>(at * 400, 2000); }},
    // A second catalogue was read after fifty minutes.
    {"/srv/shop/catalog.py", 88, 1024, [](std::int64_t at) -> std::int64_t { return at < 5 ? 2500 : 4100; }},
    // Written out when there are enough.
    {"/srv/shop/orders.py", 230, 256, [](std::int64_t at) { return 1000 + at % 4 * 1500 + noise(at, 2); }},
    {"/srv/shop/app.py", 12, 128, [](std::int64_t at) { return 6000 + noise(at, 3); }},
    {"/usr/lib/python3.13/threading.py", 629, 64, [](std::int64_t) -> std::int64_t { return 320; }},
};

snapshot::Snapshot snapshot_at(std::int64_t at) {
  const auto symbols = std::make_shared<snapshot::Symbols>();
  snapshot::SnapshotBuilder builder(symbols, true);
  builder.info().time = kBegun + at * kApart;
  builder.info().recorder = "series 1.0";
  builder.info().traceback_limit = 1;
  for (const Place& place : kPlaces) {
    const auto frame = symbols->intern(snapshot::Frame{symbols->intern(place.filename), place.lineno});
    const std::int64_t blocks = place.blocks(at);
    const auto total = builder.total(symbols->intern(std::span(&frame, 1)), 1, 0);
    builder.add_sum(total, blocks * place.block, blocks);
  }
  return std::move(builder).finish();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: series FOLDER\n";
    return 2;
  }
  try {
    for (std::int64_t at = 0; at < kSnapshots; ++at) {
      save(snapshot_at(at), std::string(argv[1]) + "/z-" + std::to_string(at) + ".tms");
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "series: " << error.what() << '\n';
    return 2;
  }
}

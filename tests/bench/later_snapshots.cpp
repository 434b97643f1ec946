// later_snapshots DUMP FOLDER NUMBER: a series of NUMBER .tms files in FOLDER, each of seven tenths of the blocks of a
// dump: of most lines by chance, of one in 64 ever more. For timing tmtrend.
#include <formats/bytes/sources.h>
#include <formats/load.h>
#include <snapshot/save.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>

namespace {

/// A number from 0 to 1 that looks random (S. Vigna's splitmix64).
double chance(std::uint64_t of) {
  of += 0x9E3779B97F4A7C15;
  of = (of ^ of >> 30U) * 0xBF58476D1CE4E5B9;
  of = (of ^ of >> 27U) * 0x94D049BB133111EB;
  return static_cast<double>((of ^ of >> 31U) >> 11U) * 0x1p-53;
}

/// The share of a line's blocks that are alive at a time from 0 to 1.
double share(std::uint32_t line, std::size_t number, double time) {
  if (line % 64 == 0) return 0.4 + 0.6 * time;
  return 0.7 + 0.05 * (chance(std::uint64_t{line} << 32U | number) - 0.5);
}

void run(const std::string& dump, const std::string& folder, std::size_t count) {
  const auto symbols = std::make_shared<snapshot::Symbols>();
  const snapshot::Snapshot whole = formats::load(formats::open_bytes(dump), symbols).snapshot;
  const snapshot::TraceColumns& traces = whole.traces();
  for (std::size_t number = 0; number < count; ++number) {
    const double time = static_cast<double>(number) / static_cast<double>(count);
    const snapshot::Snapshot part = whole.where_trace([&](std::size_t row) {
      const auto frame = symbols->most_recent(whole.totals()[traces.total[row]].traceback);
      return chance(row) < share(snapshot::row(symbols->line(frame)), number, time);
    });
    save(part, folder + "/z-" + std::to_string(number) + ".tms", {.level = 3});
    if (number == 0) std::printf("%zu blocks\n", static_cast<std::size_t>(part.count()));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: later_snapshots DUMP FOLDER NUMBER\n");
    return 2;
  }
  try {
    run(argv[1], argv[2], std::strtoul(argv[3], nullptr, 10));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "later_snapshots: %s\n", error.what());
    return 2;
  }
}

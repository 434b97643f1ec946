// top FILE.tms: the five lines of a program's own code that hold the most, in a few lines over libsnapshot.
#include <snapshot/file.h>
#include <snapshot/filter.h>
#include <snapshot/rank.h>

#include <array>
#include <iostream>

int main(int argc, char** argv) try {
  const auto symbols = std::make_shared<snapshot::Symbols>();
  const auto all = snapshot::load(argc == 2 ? argv[1] : "", symbols, snapshot::Detail::totals);
  const std::array<snapshot::TraceFilter, 1> filters{snapshot::Filter{.inclusive = false, .pattern = "/usr/lib/*"}};
  const auto mine = snapshot::filter_traces(all, filters);

  const auto by = snapshot::GroupBy::lineno;
  const snapshot::KeyOrder order(*symbols, by, snapshot::FrameOrder::oldest_first);
  const auto top =
      snapshot::rank(snapshot::statistics({&mine, 1}, by, snapshot::Charge::most_recent), order, {.limit = 5});
  for (const snapshot::Statistic& row : top.rows) {
    const auto frame = symbols->frame(static_cast<snapshot::FrameId>(row.key));
    std::cout << row.size << " bytes in " << row.count << " blocks at " << symbols->text(frame.filename) << ':'
              << frame.lineno << '\n';
  }
} catch (const std::exception& error) {
  std::cerr << "top: " << error.what() << '\n';
  return 2;
}

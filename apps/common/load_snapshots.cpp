#include "load_snapshots.h"

#include "load_file.h"

#include <snapshot/error.h>

#include <stdexcept>
#include <utility>

namespace cli {
namespace {

formats::Detail needed(const FilterOptions& filter, const GroupOptions& group) {
  using formats::Detail;
  if (filter.by_size()) return Detail::sizes;
  const bool most_recent = group.charge() == snapshot::Charge::most_recent && !filter.by_any_frame();
  return most_recent && group.group_by != snapshot::GroupBy::traceback ? Detail::sites : Detail::totals;
}

}  // namespace

LoadedSnapshots load_snapshots(const std::vector<std::string>& paths, const InputOptions& input,
                               const FilterOptions& filter, const GroupOptions& group, Timing& timing) {
  refuse_twice(paths);
  LoadedSnapshots all{std::make_shared<snapshot::Symbols>(), {}, {}};
  const formats::Detail detail = needed(filter, group);
  for (const std::string& path : paths) {
    formats::Loaded loaded = load_file(path, input.load(detail), all.symbols, timing);
    const snapshot::Snapshot& snapshot = loaded.snapshot;
    const snapshot::SnapshotInfo& info = snapshot.info();
    all.files.push_back(
        {"", path, loaded.format->name, info.time, info.traceback_limit, snapshot.size(), snapshot.count()});
    try {
      all.snapshots.push_back(filter.apply(std::move(loaded.snapshot)));
    } catch (const snapshot::Error& error) {
      throw std::runtime_error(input_name(path) + ": " + error.what());
    }
    timing.end(Step::filter);
  }
  return all;
}

}  // namespace cli

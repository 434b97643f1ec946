#include "load_snapshots.h"

#include "load_file.h"

#include <snapshot/error.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace cli {

formats::Detail Selection::detail(formats::Detail detail) const {
  detail = std::max(detail, filter.detail());
  return paths.mine() ? std::max(detail, formats::Detail::totals) : detail;
}

ReportSnapshot report_snapshot(const std::string& path, const formats::Loaded& loaded) {
  const snapshot::Snapshot& snapshot = loaded.snapshot;
  const snapshot::SnapshotInfo& info = snapshot.info();
  return {"", path, loaded.format->name, info.time, info.traceback_limit, snapshot.size(), snapshot.count()};
}

void load_snapshot(const std::string& path, const Selection& selection, formats::Detail detail, LoadedSnapshots& into,
                   Timing& timing) {
  const formats::LoadOptions options = selection.input.load(selection.detail(detail));
  formats::Loaded loaded = load_file(path, options, into.symbols, timing);
  try {
    ReportSnapshot file = report_snapshot(path, loaded);  // before the filters
    const bool estimates = !selection.as_recorded && loaded.snapshot.has_samples();
    if (estimates) {
      const snapshot::Snapshot all = loaded.snapshot.estimated();
      file.size = all.size();
      file.count = all.count();
    }
    auto renamed = selection.paths.rename(std::move(loaded.snapshot), into.symbols);
    renamed.snapshot = selection.filter.apply(std::move(renamed.snapshot));
    if (estimates) renamed.snapshot = renamed.snapshot.estimated();  // the filters are of blocks that there were
    auto mine = selection.paths.keep_mine(std::move(renamed), into.symbols);
    into.snapshots.push_back(std::move(mine.snapshot));
    into.outside.push_back({mine.size, mine.count});
    into.files.push_back(std::move(file));
  } catch (const snapshot::Error& error) {
    throw std::runtime_error(input_name(path) + ": " + error.what());
  }
  timing.end(Step::filter);
}

LoadedSnapshots load_snapshots(const std::vector<std::string>& paths, const Selection& selection,
                               formats::Detail detail, Timing& timing) {
  refuse_twice(paths);
  LoadedSnapshots all{std::make_shared<snapshot::Symbols>(), {}, {}, {}};
  for (const std::string& path : paths) load_snapshot(path, selection, detail, all, timing);
  return all;
}

}  // namespace cli

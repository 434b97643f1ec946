#pragma once

#include "options.h"
#include "report.h"
#include "timing.h"

#include <snapshot/snapshot.h>

#include <memory>
#include <string>
#include <vector>

namespace cli {

/// Snapshots that share their Symbols, and what to say of each.
struct LoadedSnapshots {
  std::shared_ptr<snapshot::Symbols> symbols;
  std::vector<snapshot::Snapshot> snapshots;  ///< filtered
  std::vector<ReportSnapshot> files;          ///< as they were before the filters; the roles are empty
  std::vector<Amounts> outside;               ///< of each, the blocks that passed the filters but are not the project's
};

/// What is to be read, and what of it is looked at.
struct Selection {
  const InputOptions& input;
  const FilterOptions& filter;
  const PathOptions& paths;
  bool as_recorded = false;  ///< samples themselves, and not what they stand for

  /// How much of a file is needed for what needs `detail` itself.
  formats::Detail detail(formats::Detail detail) const;
};

/// What to say of a file that was read.
ReportSnapshot report_snapshot(const std::string& path, const formats::Loaded& loaded);

/// Reads one file with as much as `detail` says or the selection needs, renames its files, filters it, and keeps the
/// project's frames; appends all that. Throws std::runtime_error with the name of the file that could not be read.
void load_snapshot(const std::string& path, const Selection& selection, formats::Detail detail, LoadedSnapshots& into,
                   Timing& timing);

/// The same of several files.
LoadedSnapshots load_snapshots(const std::vector<std::string>& paths, const Selection& selection,
                               formats::Detail detail, Timing& timing);

}  // namespace cli

#pragma once

#include "command_line.h"

#include <snapshot/snapshot.h>

#include <memory>
#include <string>
#include <vector>

namespace cli {

/// Whether and where to look for the functions, files and lines of frames that were recorded as addresses.
struct SymbolizeOptions {
  void add_to(CommandLine& command);

  bool wanted() const { return wanted_; }

  /// The snapshot with such frames finished; `name` is what messages call it. Says on stderr which stay as they are,
  /// unless `quiet`.
  snapshot::Snapshot symbolize(const snapshot::Snapshot& snapshot, const std::shared_ptr<snapshot::Symbols>& symbols,
                               const std::string& name, bool quiet) const;

 private:
  void check() const;

  bool wanted_ = false;
  std::vector<std::string> debug_dirs_;
};

}  // namespace cli

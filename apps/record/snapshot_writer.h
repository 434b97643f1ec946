#pragma once

#include "naming.h"
#include "options.h"

#include <recorder/frame_resolver.h>
#include <recorder/region_copy.h>
#include <snapshot/symbols.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace cli {

/// Makes files of copies of regions, and counts them.
class SnapshotWriter {
 public:
  explicit SnapshotWriter(const RecordOptions& options);

  struct Written {
    std::string path;
    std::int64_t size;   ///< bytes of the blocks
    std::int64_t count;  ///< blocks
  };

  /// Writes a snapshot under the next name, because of `event`, or as `path` where that is not empty. False when it
  /// could not be written, which has been said.
  bool write(const snapshot::recorder::RegionCopy& copy, const std::vector<snapshot::Metric>& metrics,
             const std::string& event, const std::string& path = {});

  /// With --symbols later: finishes the frames of the files that were written, now that nobody waits.
  void finish_symbols();

  const std::vector<Written>& written() const { return written_; }
  bool failed() const { return failed_; }

 private:
  Naming naming_;
  SymbolsWhen when_;
  std::shared_ptr<snapshot::Symbols> symbols_;  // of all snapshots, so that a frame is looked up once
  std::unique_ptr<snapshot::recorder::FrameResolver> resolver_;
  std::vector<Written> written_;
  bool failed_ = false;
};

/// What a program is called: the last part of its path.
std::string program_name(const snapshot::Process& process);

}  // namespace cli

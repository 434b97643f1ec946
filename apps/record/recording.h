#pragma once

#include "launch.h"
#include "options.h"
#include "recorded_region.h"
#include "snapshot_writer.h"

#include <sys/resource.h>

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cli {

/// Everything that is recorded in one run: the regions of the program and of those that it starts.
class Recording {
 public:
  /// `wake` is an eventfd for requests of the programs.
  Recording(const RecordOptions& options, const Session& session, std::uint32_t program, int wake);

  void discover();                           ///< regions that are new
  void answer_requests();                    ///< of programs
  void check_limits();                       ///< of growth and memory, and the delay
  void write_all(const std::string& event);  ///< a snapshot of each that lives

  /// Writes and removes the regions of processes that have ended, or that run another image by now. `usage` is that of
  /// the program itself, once it has ended.
  void finish_ended(const std::optional<rusage>& usage);

  /// Those that live are left as they are.
  void abandon();

  /// When all has been written: what was left for later.
  void finish_files() { writer_.finish_symbols(); }

  bool empty() const { return regions_.empty(); }
  std::vector<int> processes() const;  ///< descriptors that become readable when one ends
  bool waits_for_files() const { return !pending_.empty(); }

  /// The line that says what was written; nothing where nothing was recorded, which is said of the program by itself.
  std::string summary() const;
  bool failed() const { return writer_.failed(); }

 private:
  bool add(const RegionName& name);
  bool is_over(const RecordedRegion& region, const std::optional<rusage>& usage) const;
  void finish(RecordedRegion& region, const std::optional<rusage>& usage);
  bool write_peak(RecordedRegion& region, const RecordedRegion::Moment& end);
  void answer_one(RecordedRegion& region, std::uint32_t asked);
  void write(RecordedRegion& region, const std::string& event, const std::string& path = {});
  void remark(const RecordedRegion::Moment& end);

  const RecordOptions& options_;
  Session session_;
  std::uint32_t program_;
  int wake_;
  std::chrono::steady_clock::time_point due_;  // when those that are delayed begin
  SnapshotWriter writer_;
  std::list<RecordedRegion> regions_;
  std::set<std::string> seen_;
  std::vector<RegionName> pending_;  // files that are not whole yet
  bool recorded_ = false;
  std::vector<std::string> remarks_;
};

}  // namespace cli

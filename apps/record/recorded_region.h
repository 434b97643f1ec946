#pragma once

#include "options.h"
#include "region_directory.h"

#include <recorder/region_copy.h>
#include <recorder/region_file.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace cli {

/// A region of a program that runs, and a thread that waits for what the program asks.
class RecordedRegion {
 public:
  /// A copy, and the numbers of the process at that time.
  struct Moment {
    snapshot::recorder::RegionCopy copy;
    std::vector<snapshot::Metric> metrics;
  };

  /// `wake` is an eventfd that is written when the program asks something of answer(). Throws snapshot::Error.
  RecordedRegion(RegionName name, const RecordOptions& options, int wake);
  ~RecordedRegion();
  RecordedRegion(const RecordedRegion&) = delete;
  RecordedRegion& operator=(const RecordedRegion&) = delete;

  const RegionName& name() const { return name_; }
  snapshot::recorder::Header& header() const { return file_.header(); }

  /// Readable when the process has ended; -1 when it had before this was made.
  int process() const { return process_; }
  bool has_ended() const;

  /// Throws snapshot::Error.
  Moment moment(bool alive);

  /// What the program asks, of kRequestSnapshot and kRequestSignal; each is answered when that is done.
  std::uint32_t take_requests();
  void answer();

  /// The moment of the highest peak that the program told of.
  std::optional<Moment> take_peak();

  bool has_grown(std::int64_t size);  ///< traced memory, since this last said so
  bool has_passed(std::int64_t rss);  ///< and was below it before
  void start_if_due(std::chrono::steady_clock::time_point due);

 private:
  void watch();
  void keep_peak();

  RegionName name_;
  MetricChoice choice_;
  snapshot::recorder::RegionFile file_;
  int wake_;
  int process_;
  std::mutex copying_;
  std::optional<Moment> peak_;  // under copying_
  std::int64_t grown_to_ = 0;
  bool above_rss_ = false;
  bool started_ = false;
  std::atomic<bool> ends_ = false;
  std::thread watcher_;
};

}  // namespace cli

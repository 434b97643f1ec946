#pragma once

#include <formats/bytes/read_progress.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace cli {

/// A bar on stderr that tells how far the reading of a file is, for whoever waits at a terminal. It comes when reading
/// takes longer than half a second, and is gone when it ends.
class Progress {
 public:
  /// `name`: of the file.
  explicit Progress(const std::string& name);
  ~Progress() { end(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Where the reader reports to; null when there is nobody to look.
  formats::ReadProgress* reading() { return thread_.joinable() ? &reading_ : nullptr; }

  /// Erases the bar, and draws no more: to be called before anything else is printed.
  void end();

 private:
  using Clock = std::chrono::steady_clock;

  void draw_until_end(Clock::time_point first);
  void draw(std::size_t tick) const;

  std::string name_;
  formats::ReadProgress reading_;
  bool ended_ = false;
  std::mutex mutex_;  // of ended_
  std::condition_variable end_;
  std::thread thread_;  // since the reader may be waiting for a pipe
};

/// Erases a bar that is there, from a handler of signals.
void erase_progress();

/// The line, of less than `columns`: name, bar and percentage; while nothing was reported as read, a bar that moves
/// with `tick`; of unknown `length` (0), the size so far.
std::string progress_line(const std::string& name, std::uint64_t offset, std::uint64_t length, std::size_t tick,
                          std::size_t columns);

}  // namespace cli

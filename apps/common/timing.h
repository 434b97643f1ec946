#pragma once

#include <array>
#include <chrono>
#include <string_view>

namespace cli {

/// The steps from a file to the answer; a tool takes some of them.
enum class Step { open, decode, filter, group, print, write };

/// What each step took, in time and in memory, for --timing. Steps may come several times: they add up.
class Timing {
 public:
  /// Ends a step: what passed since the last end, or since construction, was that step's.
  void end(Step step);

  /// Writes one line to stderr for each step that was taken: its time, and the process's peak memory when it ended.
  void report(std::string_view tool) const;

 private:
  using Clock = std::chrono::steady_clock;

  struct Spent {
    Clock::duration time{};
    long peak_kib = 0;
  };
  Clock::time_point since_ = Clock::now();
  std::array<Spent, 6> spent_{};
};

}  // namespace cli

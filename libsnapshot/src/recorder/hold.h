#pragma once

#include "recorder/region_file.h"

#include <chrono>
#include <cstdint>

namespace snapshot::recorder {

/// Holds the program of a region: none of its threads changes the table until this ends, or the lease does, so that
/// a reader that dies cannot keep a program for long.
class Hold {
 public:
  /// `lease`: the most that the program is held. Waits for threads that are at it.
  Hold(const RegionFile& region, std::chrono::nanoseconds lease);
  ~Hold() { end(); }
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;

  bool holds() const { return holds_; }

  /// Lets the program go on. False when it had gone on by itself, so that what was read meanwhile may not fit together.
  bool end();

  std::chrono::nanoseconds held() const { return held_; }

 private:
  void wait_for_fork() const;
  bool wait_for_locks(std::uint64_t until) const;

  const RegionFile& region_;
  std::uint32_t broken_;
  std::uint64_t begin_;  // nanoseconds of CLOCK_MONOTONIC
  std::uint64_t until_;
  bool holds_;
  bool ended_ = false;
  std::chrono::nanoseconds held_{0};
};

}  // namespace snapshot::recorder

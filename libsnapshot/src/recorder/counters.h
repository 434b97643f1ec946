#pragma once

#include "recorder/region.h"

#include <cstdint>

namespace snapshot::recorder {

/// A thread's part of the counters: added up in its CounterSlot, and taken over into the Header's from time to time, so
/// that threads do not wait for each other. Traced memory and its peak are exact in a program with one thread; in
/// others the sum is exact, and the peak may be off by what threads have not taken over: 1/256 of traced memory, and 1
/// MiB a thread at most.
class Counters {
 public:
  /// Takes a free slot, or shares the last one.
  void attach(RegionMap region);
  void detach();

  /// True when traced memory falls from a peak that is to be captured (Settings::want_peak).
  bool add(std::int64_t size) {
    count_allocation(size);
    return change(size);
  }
  bool subtract(std::int64_t size) {
    count_free();
    return change(-size);
  }

  void flush();

 private:
  void count_allocation(std::int64_t size);
  void count_free();
  bool change(std::int64_t size);
  bool falls_from_peak(std::int64_t traced) const;

  Header* header_;
  CounterSlot* slot_;
  std::uint32_t index_;
  std::int64_t slack_;  // bytes that may be pending
  bool shared_;
};

/// Forgets which slots threads have: in a forked child, whose other threads are gone.
void forget_counter_slots();

}  // namespace snapshot::recorder

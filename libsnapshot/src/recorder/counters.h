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

  /// Uses the last slot, as all do that have none of their own.
  void share(RegionMap region);

  [[gnu::always_inline]] void add(std::int64_t size) {
    if (__builtin_expect(shared_, 0)) return add_shared(size);
    add_to(slot_->allocations, std::uint64_t{1});
    add_to(slot_->allocated, static_cast<std::uint64_t>(size));
    add_to(slot_->pending, size);
    const std::int64_t pending = slot_->pending.load(std::memory_order_relaxed);
    if (pending > slot_->pending_max.load(std::memory_order_relaxed)) {
      slot_->pending_max.store(pending, std::memory_order_relaxed);
    }
    if (__builtin_expect(pending > slack_, 0)) flush();
  }
  [[gnu::always_inline]] void subtract(std::int64_t size) {
    if (__builtin_expect(shared_, 0)) return subtract_shared(size);
    add_to(slot_->frees, std::uint64_t{1});
    add_to(slot_->pending, -size);
    if (__builtin_expect(slot_->pending.load(std::memory_order_relaxed) < -slack_, 0)) flush();
  }

  void flush();

  /// Whether traced memory would fall, by so many bytes, from a peak that is to be captured (Settings::want_peak).
  bool would_fall_from_peak(std::int64_t size) const;

 private:
  /// A word that this thread alone writes takes one instruction, so that a signal handler's addition is not lost.
  template <typename T>
  static void add_to(std::atomic<T>& word, T value) {
    asm volatile("addq %1, %0" : "+m"(word) : "er"(value) : "cc");
  }

  [[gnu::cold]] void add_shared(std::int64_t size);
  [[gnu::cold]] void subtract_shared(std::int64_t size);
  void change_shared(std::int64_t size);

  Header* header_;
  CounterSlot* slot_;
  std::uint32_t index_;
  std::int64_t slack_;  // bytes that may be pending
  bool shared_;
};

/// Forgets which slots threads have: in a forked child, whose other threads are gone.
void forget_counter_slots();

}  // namespace snapshot::recorder

#include "recorder/counters.h"

namespace snapshot::recorder {
namespace {

constexpr std::int64_t kMostSlack = 1 << 20;

std::atomic<unsigned char> g_taken[kCounterSlots];

/// Adds to a word that this thread alone writes: one instruction, so that a signal handler's addition is not lost.
template <typename T>
void add_alone(std::atomic<T>& word, T value) {
  asm volatile("addq %1, %0" : "+m"(word) : "er"(value) : "cc");
}

void raise(std::atomic<std::int64_t>& word, std::int64_t value) {
  std::int64_t old = word.load(std::memory_order_relaxed);
  while (old < value && !word.compare_exchange_weak(old, value, std::memory_order_relaxed)) {
  }
}

}  // namespace

void Counters::attach(RegionMap region) {
  header_ = &region.header();
  slack_ = 0;
  index_ = kCounterSlots - 1;
  for (std::uint32_t i = 0; i + 1 < kCounterSlots; ++i) {
    if (g_taken[i].load(std::memory_order_relaxed) == 0 && g_taken[i].exchange(1) == 0) {
      index_ = i;
      break;
    }
  }
  shared_ = index_ == kCounterSlots - 1;
  slot_ = &region.counters()[index_];
}

void Counters::detach() {
  flush();
  if (!shared_) g_taken[index_].store(0, std::memory_order_release);
}

void Counters::count_allocation(std::int64_t size) {
  if (shared_) {
    slot_->allocations.fetch_add(1, std::memory_order_relaxed);
    slot_->allocated.fetch_add(static_cast<std::uint64_t>(size), std::memory_order_relaxed);
    return;
  }
  add_alone(slot_->allocations, std::uint64_t{1});
  add_alone(slot_->allocated, static_cast<std::uint64_t>(size));
}

void Counters::count_free() {
  if (shared_) {
    slot_->frees.fetch_add(1, std::memory_order_relaxed);
  } else {
    add_alone(slot_->frees, std::uint64_t{1});
  }
}

bool Counters::change(std::int64_t size) {
  if (shared_) {
    const std::int64_t traced = header_->traced.fetch_add(size, std::memory_order_relaxed) + size;
    raise(header_->peak, traced);
    return size < 0 && falls_from_peak(traced);
  }
  add_alone(slot_->pending, size);
  const std::int64_t pending = slot_->pending.load(std::memory_order_relaxed);
  if (pending > slot_->pending_max.load(std::memory_order_relaxed)) {
    slot_->pending_max.store(pending, std::memory_order_relaxed);
  }
  if (pending <= slack_ && pending >= -slack_) return false;
  flush();
  return size < 0 && falls_from_peak(header_->traced.load(std::memory_order_relaxed));
}

void Counters::flush() {
  if (shared_) return;
  const std::int64_t pending = slot_->pending.load(std::memory_order_relaxed);
  const std::int64_t before = header_->traced.fetch_add(pending, std::memory_order_relaxed);
  raise(header_->peak, before + slot_->pending_max.load(std::memory_order_relaxed));
  add_alone(slot_->pending, -pending);
  slot_->pending_max.store(0, std::memory_order_relaxed);
  slack_ = (before + pending) / 256;
  if (slack_ > kMostSlack) slack_ = kMostSlack;
  if (slack_ < 0) slack_ = 0;
}

/// What is captured is then at least 0.975 * 0.975 of the true peak, which is 95 %.
bool Counters::falls_from_peak(std::int64_t traced) const {
  if (header_->settings.want_peak == 0 || header_->reader.load(std::memory_order_relaxed) == 0) return false;
  const std::int64_t peak = header_->peak.load(std::memory_order_relaxed);
  const std::int64_t captured = header_->captured_peak.load(std::memory_order_relaxed);
  return traced < peak - peak / 40 && peak > captured + captured / 40;
}

void forget_counter_slots() {
  for (std::atomic<unsigned char>& taken : g_taken) taken.store(0, std::memory_order_relaxed);
}

}  // namespace snapshot::recorder

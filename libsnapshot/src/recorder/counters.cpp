#include "recorder/counters.h"

namespace snapshot::recorder {
namespace {

constexpr std::int64_t kMostSlack = 1 << 20;

std::atomic<unsigned char> g_taken[kCounterSlots];

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

void Counters::add_shared(std::int64_t size) {
  slot_->allocations.fetch_add(1, std::memory_order_relaxed);
  slot_->allocated.fetch_add(static_cast<std::uint64_t>(size), std::memory_order_relaxed);
  change_shared(size);
}

void Counters::subtract_shared(std::int64_t size) {
  slot_->frees.fetch_add(1, std::memory_order_relaxed);
  change_shared(-size);
}

void Counters::change_shared(std::int64_t size) {
  const std::int64_t traced = header_->traced.fetch_add(size, std::memory_order_relaxed) + size;
  raise(header_->peak, traced);
}

void Counters::share(RegionMap region) {
  header_ = &region.header();
  slot_ = &region.counters()[kCounterSlots - 1];
  index_ = kCounterSlots - 1;
  slack_ = 0;
  shared_ = true;
}

void Counters::flush() {
  if (shared_) return;
  const std::int64_t pending = slot_->pending.load(std::memory_order_relaxed);
  const std::int64_t before = header_->traced.fetch_add(pending, std::memory_order_relaxed);
  raise(header_->peak, before + slot_->pending_max.load(std::memory_order_relaxed));
  add_to(slot_->pending, -pending);
  slot_->pending_max.store(0, std::memory_order_relaxed);
  slack_ = (before + pending) / 256;
  if (slack_ > kMostSlack) slack_ = kMostSlack;
  if (slack_ < 0) slack_ = 0;
}

/// What is captured is then at least 0.975 * 0.975 of the true peak, which is 95 %, and the block with which it falls.
bool Counters::would_fall_from_peak(std::int64_t size) const {
  if (header_->reader.load(std::memory_order_relaxed) == 0) return false;
  const std::int64_t before = header_->traced.load(std::memory_order_relaxed);
  std::int64_t traced = before;
  std::int64_t peak = header_->peak.load(std::memory_order_relaxed);
  if (!shared_) {
    traced += slot_->pending.load(std::memory_order_relaxed);
    const std::int64_t most = before + slot_->pending_max.load(std::memory_order_relaxed);
    if (most > peak) peak = most;
  }
  const std::int64_t captured = header_->captured_peak.load(std::memory_order_relaxed);
  constexpr std::int64_t kLeastRise = 4096;  // so that a program's first kilobytes are not copied one by one
  return traced - size < peak - peak / 40 && peak - captured > captured / 40 && peak - captured > kLeastRise;
}

void forget_counter_slots() {
  for (std::atomic<unsigned char>& taken : g_taken) taken.store(0, std::memory_order_relaxed);
}

}  // namespace snapshot::recorder

#include "recorder/metadata.h"

#include <cstring>

namespace snapshot::recorder {
namespace {

constexpr std::uint32_t kReady = 1;
constexpr std::uint32_t kBeingWritten = 2;

}  // namespace

std::uint32_t find_domain_row(const Header& header, std::uint32_t id) {
  for (std::uint32_t row = 1; row < kMaxDomains; ++row) {
    const DomainRow& domain = header.domains[row];
    const std::uint32_t used = domain.used.load(std::memory_order_acquire);
    if (used == 0) return 0;
    if (used == kReady && domain.id == id) return row;
  }
  return 0;
}

std::uint32_t domain_row(Header& header, std::uint32_t id, const char* name) {
  std::uint32_t row = find_domain_row(header, id);
  for (std::uint32_t next = 1; row == 0 && next < kMaxDomains; ++next) {
    DomainRow& domain = header.domains[next];
    std::uint32_t unused = 0;
    if (domain.used.compare_exchange_strong(unused, kBeingWritten)) {
      domain.id = id;
      domain.used.store(kReady, std::memory_order_release);
      row = next;
    } else if (domain.used.load(std::memory_order_acquire) == kReady && domain.id == id) {
      row = next;
    }
  }
  if (row != 0 && name != nullptr) copy_text(header.domains[row].name, name);
  return row;
}

bool set_metric_row(Header& header, const char* name, std::uint64_t bits, bool is_real, const char* format) {
  for (MetricRow& metric : header.metrics) {
    std::uint32_t version = metric.version.load(std::memory_order_acquire);
    const bool unused = version == 0;
    if (!unused && strncmp(metric.name, name, sizeof metric.name - 1) != 0) continue;
    if ((version & 1) != 0 || !metric.version.compare_exchange_strong(version, version + 1)) continue;
    if (unused) copy_text(metric.name, name);
    copy_text(metric.format, format);
    metric.is_real = is_real ? 1 : 0;
    metric.bits.store(bits, std::memory_order_relaxed);
    metric.version.store(version + 2, std::memory_order_release);
    return true;
  }
  return false;
}

bool add_filter_row(Header& header, bool inclusive, const char* pattern, std::uint32_t lineno, bool all_frames) {
  std::uint32_t row = header.filter_count.load();
  do {
    if (row >= kMaxFilters) return false;
  } while (!header.filter_count.compare_exchange_weak(row, row + 1));
  CaptureFilter& filter = header.filters[row];
  copy_text(filter.pattern, pattern);
  filter.inclusive = inclusive ? 1 : 0;
  filter.lineno = lineno;
  filter.all_frames = all_frames ? 1 : 0;
  filter.used.store(1, std::memory_order_release);
  return true;
}

Sums sum_up(RegionMap region) {
  const Header& header = region.header();
  Sums sums{header.traced.load(), header.peak.load()};
  const std::int64_t before = sums.traced;
  for (std::size_t i = 0; i < kCounterSlots; ++i) {
    const CounterSlot& slot = region.counters()[i];
    sums.traced += slot.pending.load(std::memory_order_relaxed);
    const std::int64_t most = before + slot.pending_max.load(std::memory_order_relaxed);
    if (most > sums.peak) sums.peak = most;
  }
  if (sums.traced < 0) sums.traced = 0;  // threads were at work meanwhile
  if (sums.peak < sums.traced) sums.peak = sums.traced;
  return sums;
}

void reset_peak_of(RegionMap region) {
  for (std::size_t i = 0; i < kCounterSlots; ++i) {
    CounterSlot& slot = region.counters()[i];
    slot.pending_max.store(slot.pending.load(std::memory_order_relaxed), std::memory_order_relaxed);
  }
  region.header().peak.store(0);
  region.header().peak.store(sum_up(region).traced);
}

}  // namespace snapshot::recorder

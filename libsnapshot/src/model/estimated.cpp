#include <snapshot/error.h>
#include <snapshot/snapshot.h>

#include "int128.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace snapshot {
namespace {

/// Hands out whole numbers of blocks for samples that stand for fractions of one, so that what is left over from one
/// size goes to the next, and nothing is lost or gained over all of them.
class Shares {
 public:
  explicit Shares(std::uint64_t interval) : interval_(interval) {}

  /// Blocks for `samples` of `size` bytes; no fewer than there are.
  std::int64_t next(std::int64_t size, std::int64_t samples) {
    const double exact =
        static_cast<double>(samples) * blocks_of_sample(static_cast<std::uint64_t>(size), interval_) + left_;
    if (exact >= 0x1p62) throw Error("the samples stand for more than 4611686018427387904 blocks");
    const std::int64_t whole = std::max(samples, static_cast<std::int64_t>(std::llround(exact)));
    left_ = exact - static_cast<double>(whole);
    return whole;
  }

 private:
  std::uint64_t interval_;
  double left_ = 0;
};

/// Rows of traces, those of one total and one size beside each other, in an order that does not depend on whether a row
/// is one block or several.
std::vector<std::uint32_t> by_total_and_size(const TraceColumns& traces) {
  std::vector<std::uint32_t> order(traces.rows());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, {}, [&](std::uint32_t at) { return std::pair(traces.total[at], traces.size[at]); });
  return order;
}

}  // namespace

double blocks_of_sample(std::uint64_t size, std::uint64_t interval) {
  if (interval == 0 || size == 0) return 1;
  return 1 / -std::expm1(-static_cast<double>(size) / static_cast<double>(interval));
}

Snapshot Snapshot::estimated() const {
  Snapshot result = totals_only();
  result.has_traces_ = true;
  result.info_.is_estimate = true;
  result.size_ = result.count_ = 0;
  for (Total& total : result.totals_.values()) total.size = total.count = 0;

  Shares shares(*info_.sampling_interval);
  const std::vector<std::uint32_t> order = by_total_and_size(traces_);
  for (std::size_t first = 0, last = 0; first < order.size(); first = last) {
    const std::uint32_t total = traces_.total[order[first]];
    const std::int64_t size = traces_.size[order[first]];
    std::int64_t samples = 0;
    for (; last < order.size() && traces_.total[order[last]] == total && traces_.size[order[last]] == size; ++last) {
      samples += traces_.count_of(order[last]);
    }
    result.add_shares(*this, std::span(order).subspan(first, last - first), samples, shares.next(size, samples));
  }
  return result;
}

/// Adds rows of samples of one total and one size with so many blocks instead, the same for each sample.
void Snapshot::add_shares(const Snapshot& from, std::span<const std::uint32_t> rows, std::int64_t samples,
                          std::int64_t blocks) {
  const std::uint32_t total = from.traces_.total[rows[0]];
  const std::int64_t size = from.traces_.size[rows[0]];
  std::int64_t together = 0;
  if (__builtin_mul_overflow(size, blocks, &together) || __builtin_add_overflow(size_, together, &size_) ||
      __builtin_add_overflow(count_, blocks, &count_)) {
    throw Error("the samples stand for more than 9223372036854775807 bytes");
  }
  totals_[total].add(size, blocks);
  std::int64_t samples_before = 0;
  std::int64_t blocks_before = 0;
  for (const std::uint32_t row : rows) {
    samples_before += from.traces_.count_of(row);
    const auto blocks_now = static_cast<std::int64_t>(Int128{blocks} * samples_before / samples);
    traces_.total.push_back(total);
    traces_.size.push_back(size);
    traces_.count.push_back(blocks_now - blocks_before);
    if (!from.traces_.type.empty()) traces_.type.push_back(from.traces_.type[row]);
    if (!from.traces_.thread.empty()) traces_.thread.push_back(from.traces_.thread[row]);
    blocks_before = blocks_now;
  }
}

}  // namespace snapshot

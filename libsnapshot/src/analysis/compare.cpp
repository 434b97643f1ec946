#include <snapshot/compare.h>

#include <algorithm>

namespace snapshot {

Status StatisticDiff::status() const {
  if (size_diff == 0 && count_diff == 0) return Status::same;
  if (count == 0) return Status::gone;
  if (count == count_diff) return Status::fresh;
  const std::int64_t diff = size_diff != 0 ? size_diff : count_diff;
  return diff > 0 ? Status::grown : Status::shrunk;
}

std::vector<StatisticDiff> compare(std::span<const Statistic> old_statistics,
                                   std::span<const Statistic> new_statistics) {
  std::vector<StatisticDiff> diffs;
  diffs.reserve(std::max(old_statistics.size(), new_statistics.size()));
  auto older = old_statistics.begin();
  const auto gone = [&] {
    diffs.push_back({older->key, 0, -older->size, 0, -older->count});
    ++older;
  };
  for (const Statistic& newer : new_statistics) {
    while (older != old_statistics.end() && older->key < newer.key) gone();
    if (older != old_statistics.end() && older->key == newer.key) {
      diffs.push_back({newer.key, newer.size, newer.size - older->size, newer.count, newer.count - older->count});
      ++older;
    } else {
      diffs.push_back({newer.key, newer.size, newer.size, newer.count, newer.count});
    }
  }
  while (older != old_statistics.end()) gone();
  return diffs;
}

std::vector<Statistic> retained(std::span<const Statistic> newer, std::span<const Statistic> later) {
  std::vector<Statistic> rows;
  auto other = later.begin();
  for (const Statistic& statistic : newer) {
    while (other != later.end() && other->key < statistic.key) ++other;
    if (other == later.end()) break;
    if (other->key != statistic.key) continue;
    rows.push_back({statistic.key, std::min(statistic.size, other->size), std::min(statistic.count, other->count)});
  }
  return rows;
}

}  // namespace snapshot

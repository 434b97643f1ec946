#include <snapshot/error.h>
#include <snapshot/snapshot.h>

#include <vector>

namespace snapshot {

SnapshotInfo SnapshotInfo::of_part() const {
  SnapshotInfo info = *this;
  std::erase_if(info.extra_sections, [](const ExtraSection& section) { return !section.holds_for_parts(); });
  return info;
}

Snapshot Snapshot::where_total(const std::vector<bool>& kept) const {
  Snapshot result;
  result.symbols_ = symbols_;
  result.has_traces_ = has_traces_;
  result.info_ = info_.of_part();

  std::vector<std::uint32_t> new_row(totals_.size());
  for (std::size_t at = 0; at < totals_.size(); ++at) {
    if (!kept[at]) continue;
    new_row[at] = static_cast<std::uint32_t>(result.totals_.size());
    result.totals_.push_back(totals_[at]);
    result.size_ += totals_[at].size;
    result.count_ += totals_[at].count;
  }
  for (std::size_t at = 0; at < traces_.rows(); ++at) {
    const std::uint32_t total = traces_.total[at];
    if (kept[total]) result.traces_.append_row(traces_, at, new_row[total]);
  }
  return result;
}

Snapshot Snapshot::where_trace(const std::function<bool(std::size_t)>& wanted) const {
  if (!has_traces_) throw Error("single blocks are not known, only sums");
  Snapshot result = totals_only();
  result.has_traces_ = true;
  result.size_ = result.count_ = 0;
  for (Total& total : result.totals_.values()) total.size = total.count = 0;

  for (std::size_t at = 0; at < traces_.rows(); ++at) {
    if (!wanted(at)) continue;
    const std::int64_t size = traces_.size[at];
    const std::int64_t count = traces_.count_of(at);
    result.traces_.append_row(traces_, at, traces_.total[at]);
    result.totals_[traces_.total[at]].add(size, count);
    result.size_ += size * count;
    result.count_ += count;
  }
  return result;
}

Snapshot Snapshot::where_size(std::int64_t least, std::int64_t most) const {
  if (!has_traces_) throw Error("the sizes of single blocks are not known, only sums");
  return where_trace([&](std::size_t at) { return traces_.size[at] >= least && traces_.size[at] <= most; });
}

Snapshot Snapshot::totals_only() const {
  Snapshot result;
  result.symbols_ = symbols_;
  result.totals_ = totals_;
  result.has_traces_ = false;
  result.info_ = info_.of_part();
  result.size_ = size_;
  result.count_ = count_;
  return result;
}

}  // namespace snapshot

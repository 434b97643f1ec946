#include <snapshot/snapshot.h>

namespace snapshot {

Snapshot Snapshot::where_total(const std::vector<bool>& kept) const {
  Snapshot result;
  result.symbols_ = symbols_;
  result.has_traces_ = has_traces_;
  result.traceback_limit_ = traceback_limit_;

  std::vector<std::uint32_t> new_row(totals_.size());
  for (std::size_t at = 0; at < totals_.size(); ++at) {
    if (!kept[at]) continue;
    new_row[at] = static_cast<std::uint32_t>(result.totals_.size());
    result.totals_.push_back(totals_[at]);
    result.size_ += totals_[at].size;
    result.count_ += totals_[at].count;
  }
  for (std::size_t at = 0; at < traces_.total.size(); ++at) {
    if (!kept[traces_.total[at]]) continue;
    result.traces_.total.push_back(new_row[traces_.total[at]]);
    result.traces_.size.push_back(traces_.size[at]);
  }
  return result;
}

Snapshot Snapshot::where_size(std::int64_t least, std::int64_t most) const {
  Snapshot result;
  result.symbols_ = symbols_;
  result.traceback_limit_ = traceback_limit_;
  result.totals_ = totals_;
  for (Total& total : result.totals_.values()) total.size = total.count = 0;

  for (std::size_t at = 0; at < traces_.total.size(); ++at) {
    const std::int64_t size = traces_.size[at];
    if (size < least || size > most) continue;
    result.traces_.total.push_back(traces_.total[at]);
    result.traces_.size.push_back(size);
    result.totals_[traces_.total[at]].add(size);
    result.size_ += size;
    ++result.count_;
  }
  return result;
}

}  // namespace snapshot

#include <snapshot/error.h>
#include <snapshot/statistics.h>

#include <cstddef>

namespace snapshot {
namespace {

[[noreturn]] void refuse_sum() { throw Error("a sum of block sizes is more than 9223372036854775807 bytes"); }

/// Sums by key, kept in a column as long as the table of the keys: keys are row numbers.
class Sums {
 public:
  explicit Sums(std::size_t keys) : rows_(keys) {}

  void add(Key key, const Total& total) {
    Statistic& sum = rows_[key];
    if (__builtin_add_overflow(sum.size, total.size, &sum.size) ||
        __builtin_add_overflow(sum.count, total.count, &sum.count)) {
      refuse_sum();
    }
  }

  std::vector<Statistic> take() && {
    for (Key key = 0; key < rows_.size(); ++key) rows_[key].key = key;
    std::erase_if(rows_, [](const Statistic& sum) { return sum.count == 0; });
    return std::move(rows_);
  }

 private:
  std::vector<Statistic> rows_;
};

std::size_t key_count(const Symbols& symbols, GroupBy group_by) {
  switch (group_by) {
    case GroupBy::lineno: return symbols.frame_count();
    case GroupBy::filename: return symbols.string_count();
    case GroupBy::traceback: return symbols.traceback_count();
  }
  throw Error("unknown group key");
}

Key frame_key(const Symbols& symbols, GroupBy group_by, FrameId frame) {
  return group_by == GroupBy::lineno ? row(symbols.line(frame)) : row(symbols.frame(frame).filename);
}

void charge_most_recent(const Snapshot& snapshot, GroupBy group_by, Sums& sums) {
  const Symbols& symbols = snapshot.symbols();
  for (const Total& total : snapshot.totals()) {
    const Key key = group_by == GroupBy::traceback ? row(total.traceback)
                                                   : frame_key(symbols, group_by, symbols.most_recent(total.traceback));
    sums.add(key, total);
  }
}

void charge_every_frame(const Snapshot& snapshot, GroupBy group_by, Sums& sums) {
  const Symbols& symbols = snapshot.symbols();
  for (const Total& total : snapshot.totals()) {
    for (const FrameId frame : symbols.traceback(total.traceback)) sums.add(frame_key(symbols, group_by, frame), total);
  }
}

void charge_once(const Snapshot& snapshot, GroupBy group_by, std::size_t keys, Sums& sums) {
  const Symbols& symbols = snapshot.symbols();
  std::vector<std::uint32_t> charged_by(keys, 0);  // the last total that was charged to the key, counted from 1
  std::uint32_t number = 0;
  for (const Total& total : snapshot.totals()) {
    ++number;
    for (const FrameId frame : symbols.traceback(total.traceback)) {
      const Key key = frame_key(symbols, group_by, frame);
      if (charged_by[key] == number) continue;
      charged_by[key] = number;
      sums.add(key, total);
    }
  }
}

}  // namespace

std::vector<Statistic> statistics(std::span<const Snapshot> snapshots, GroupBy group_by, Charge charge) {
  if (snapshots.empty()) return {};
  if (charge != Charge::most_recent && group_by == GroupBy::traceback) {
    throw Error("tracebacks cannot be grouped cumulatively");
  }
  std::int64_t size = 0;  // of all snapshots: no sum over groups that do not overlap is larger
  for (const Snapshot& snapshot : snapshots) {
    if (__builtin_add_overflow(size, snapshot.size(), &size)) refuse_sum();
  }
  const std::size_t keys = key_count(snapshots.front().symbols(), group_by);
  Sums sums(keys);
  for (const Snapshot& snapshot : snapshots) {
    switch (charge) {
      case Charge::most_recent: charge_most_recent(snapshot, group_by, sums); break;
      case Charge::once: charge_once(snapshot, group_by, keys, sums); break;
      case Charge::every_frame: charge_every_frame(snapshot, group_by, sums); break;
    }
  }
  return std::move(sums).take();
}

}  // namespace snapshot

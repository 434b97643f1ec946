#include <snapshot/error.h>
#include <snapshot/statistics.h>

#include <algorithm>
#include <cstddef>
#include <unordered_map>

namespace snapshot {
namespace {

[[noreturn]] void refuse_sum() { throw Error("a sum of block sizes is more than 9223372036854775807 bytes"); }

struct Amount {
  std::int64_t size;
  std::int64_t count;
};

void add_to(Statistic& sum, const Amount& amount) {
  if (__builtin_add_overflow(sum.size, amount.size, &sum.size) ||
      __builtin_add_overflow(sum.count, amount.count, &sum.count)) {
    refuse_sum();
  }
}

/// Sums by key, kept in a column as long as there are keys.
class Sums {
 public:
  explicit Sums(Key keys) : rows_(keys) {}

  void add(Key key, const Amount& amount) { add_to(rows_[key], amount); }

  std::vector<Statistic> take() && {
    for (Key key = 0; key < rows_.size(); ++key) rows_[key].key = key;
    std::erase_if(rows_, [](const Statistic& sum) { return sum.count == 0; });
    return std::move(rows_);
  }

 private:
  std::vector<Statistic> rows_;
};

/// Sums by pair of keys, of which there are too many for a column.
class PairSums {
 public:
  void add(Key key, const Amount& amount) {
    const auto [found, is_new] = index_.try_emplace(key, rows_.size());
    if (is_new) rows_.push_back({key, 0, 0});
    add_to(rows_[found->second], amount);
  }

  std::vector<Statistic> take() && {
    std::ranges::sort(rows_, {}, &Statistic::key);
    return std::move(rows_);
  }

 private:
  std::vector<Statistic> rows_;
  std::unordered_map<Key, std::size_t> index_;
};

/// What is charged as one: the blocks of a total, or of one row of the traces.
struct Charged {
  const Snapshot& snapshot;
  const Total& total;
  std::optional<std::size_t> row;  ///< of the traces
  Amount amount;
};

/// Calls `use` for each total of a snapshot, or for each row of the traces where keys need that.
template <typename Use>
void for_each(const Snapshot& snapshot, bool by_trace, Use use) {
  const TraceColumns& traces = snapshot.traces();
  for (std::size_t row = 0; by_trace && row < traces.rows(); ++row) {
    const std::int64_t count = traces.count_of(row);
    use(Charged{snapshot, snapshot.totals()[traces.total[row]], row, {traces.size[row] * count, count}});
  }
  if (by_trace) return;
  for (const Total& total : snapshot.totals()) {
    if (total.count > 0) use(Charged{snapshot, total, std::nullopt, {total.size, total.count}});
  }
}

void check_charge(const Grouping& grouping, Charge charge) {
  if (charge == Charge::most_recent || is_of_frames(grouping.by())) return;
  if (grouping.by() == GroupBy::traceback) throw Error("tracebacks cannot be grouped cumulatively");
  throw Error("what is not of frames cannot be grouped cumulatively");
}

/// One of two keys must be of frames, and then the other may be of blocks.
void check_charge(const Grouping& outer, const Grouping& inner, Charge charge) {
  if (outer.by() == GroupBy::traceback) check_charge(outer, charge);
  if (inner.by() == GroupBy::traceback || !is_of_frames(outer.by())) check_charge(inner, charge);
}

/// No sum over groups that do not overlap is larger than that of all snapshots.
void check_sum(std::span<const Snapshot> snapshots) {
  std::int64_t size = 0;
  for (const Snapshot& snapshot : snapshots) {
    if (__builtin_add_overflow(size, snapshot.size(), &size)) refuse_sum();
  }
}

/// Charges every frame, each key once a block.
void charge_once(std::span<const Snapshot> snapshots, const Grouping& grouping, Sums& sums) {
  const Symbols& symbols = grouping.symbols();
  std::vector<std::uint32_t> charged_by(grouping.key_count(), 0);  // the last total charged, counted from 1
  std::uint32_t number = 0;
  const auto charge = [&](const Charged& charged) {
    ++number;
    for (const FrameId frame : symbols.traceback(charged.total.traceback)) {
      const Key key = grouping.of_frame(frame);
      if (charged_by[key] == number) continue;
      charged_by[key] = number;
      sums.add(key, charged.amount);
    }
  };
  for (const Snapshot& snapshot : snapshots) for_each(snapshot, false, charge);
}

}  // namespace

std::vector<Statistic> statistics(std::span<const Snapshot> snapshots, const Grouping& grouping, Charge charge) {
  check_charge(grouping, charge);
  check_sum(snapshots);
  const Symbols& symbols = grouping.symbols();
  Sums sums(grouping.key_count());
  if (charge == Charge::once) {
    charge_once(snapshots, grouping, sums);
    return std::move(sums).take();
  }
  const bool of_frames = is_of_frames(grouping.by());
  for (const Snapshot& snapshot : snapshots) {
    const std::vector<Key> threads = grouping.thread_keys(snapshot);
    for_each(snapshot, is_of_traces(grouping.by()), [&](const Charged& charged) {
      if (!of_frames) {
        sums.add(grouping.of_trace(snapshot, charged.total, charged.row, threads), charged.amount);
      } else if (charge == Charge::most_recent) {
        sums.add(grouping.of_frame(symbols.most_recent(charged.total.traceback)), charged.amount);
      } else {
        for (const FrameId frame : symbols.traceback(charged.total.traceback)) {
          sums.add(grouping.of_frame(frame), charged.amount);
        }
      }
    });
  }
  return std::move(sums).take();
}

std::vector<Statistic> statistics(std::span<const Snapshot> snapshots, const Grouping& outer, const Grouping& inner,
                                  Charge charge) {
  check_charge(outer, inner, charge);
  check_sum(snapshots);
  const Symbols& symbols = outer.symbols();
  PairSums sums;
  std::vector<Key> keys;  // of the frames that are charged
  const bool by_trace = is_of_traces(outer.by()) || is_of_traces(inner.by());
  for (const Snapshot& snapshot : snapshots) {
    const std::vector<Key> threads = (outer.by() == GroupBy::thread ? outer : inner).thread_keys(snapshot);
    for_each(snapshot, by_trace, [&](const Charged& charged) {
      const auto key = [&](const Grouping& grouping, FrameId frame) {
        return is_of_frames(grouping.by()) ? grouping.of_frame(frame)
                                           : grouping.of_trace(snapshot, charged.total, charged.row, threads);
      };
      const std::span<const FrameId> frames = symbols.traceback(charged.total.traceback);
      keys.clear();
      for (const FrameId frame : frames.last(charge == Charge::most_recent ? 1 : frames.size())) {
        keys.push_back(pair_key(key(outer, frame), key(inner, frame)));
      }
      if (charge == Charge::once) {
        std::ranges::sort(keys);
        keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
      }
      for (const Key pair : keys) sums.add(pair, charged.amount);
    });
  }
  return std::move(sums).take();
}

std::vector<Statistic> statistics(std::span<const Snapshot> snapshots, GroupBy group_by, Charge charge) {
  if (snapshots.empty()) return {};
  return statistics(snapshots, Grouping(snapshots.front().symbols(), snapshots, {.by = group_by}), charge);
}

}  // namespace snapshot

#include "baseline.h"

#include "compatible.h"

#include "common/command_line.h"
#include "common/destination.h"

#include <snapshot/builder.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace cli {
namespace {

const formats::Format& format_of(const BaselineTarget& target) {
  if (target.format != nullptr) return *target.format;
  const formats::Format* const named = formats::writer_for_path(target.path);
  const bool is_text = named != nullptr && named->name == "sites";
  return *formats::find_writer(is_text ? "sites" : "tms");
}

}  // namespace

void check_target(const BaselineTarget& target, const std::vector<std::string>& inputs) {
  const Destination out{target.path};
  const formats::Format& format = format_of(target);
  const formats::Format* const named = formats::writer_for_path(target.path);
  if (named != nullptr && named->read != nullptr && named != &format) {
    throw UsageError(target.path + ": the name says " + std::string(named->name) + ", and it would be " +
                     std::string(format.name));
  }
  if (format.binary) out.refuse_terminal();
  for (const std::string& input : inputs) out.refuse_input(input);
}

std::size_t median_run(const std::vector<snapshot::Snapshot>& snapshots) {
  std::vector<std::size_t> order(snapshots.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t at) { return snapshots[at].size(); });
  return order[(order.size() - 1) / 2];
}

snapshot::Snapshot baseline_of(const snapshot::Snapshot& snapshot, const std::shared_ptr<snapshot::Symbols>& symbols) {
  snapshot::SnapshotBuilder builder(symbols, true);
  builder.info() = snapshot.totals_only().info();
  builder.info().recorder = baseline_recorder(builder.info().recorder);
  for (const snapshot::Total& total : snapshot.totals()) {
    if (total.count == 0) continue;
    builder.add_sum(builder.total(total.traceback, total.total_nframe, total.domain), total.size, total.count);
  }
  return std::move(builder).finish();
}

void write_baseline(const BaselineTarget& target, const std::vector<snapshot::Snapshot>& runs,
                    const std::shared_ptr<snapshot::Symbols>& symbols) {
  const snapshot::Snapshot baseline = baseline_of(runs[median_run(runs)], symbols);
  Destination{target.path}.write([&](snapshot::ByteSink& sink) { format_of(target).write(baseline, {}, sink); });
}

}  // namespace cli

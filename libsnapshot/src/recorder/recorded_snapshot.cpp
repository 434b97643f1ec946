#include "recorder/recorded_snapshot.h"

#include "recorder/recorded_tracebacks.h"
#include "recorder/sort_blocks.h"

#include <snapshot/builder.h>
#include <snapshot/utf8.h>
#include <sys/utsname.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace snapshot::recorder {
namespace {

std::uint64_t not_negative(std::int64_t value) { return static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0)); }

void add_metric(SnapshotInfo& info, const char* name, std::uint64_t value, const char* format) {
  const auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  info.metrics.push_back({name, static_cast<std::int64_t>(std::min(value, most)), format});
}

void add_metrics(const RegionCopy& copy, const RecordedBy& by, SnapshotInfo& info) {
  add_metric(info, "allocations", copy.allocations, "int");
  add_metric(info, "frees", copy.frees, "int");
  add_metric(info, "allocated", copy.allocated, "size");
  if (copy.lost_updates != 0) add_metric(info, "lost_updates", copy.lost_updates, "int");
  if (copy.damage.sum() != 0) add_metric(info, "damaged_rows", copy.damage.sum(), "int");
  if (!copy.exact) add_metric(info, "inexact", 1, "int");
  if (copy.state == State::full) add_metric(info, "recorder_full", 1, "int");
  info.metrics.insert(info.metrics.end(), by.metrics.begin(), by.metrics.end());
  info.metrics.insert(info.metrics.end(), copy.metrics.begin(), copy.metrics.end());
}

SnapshotInfo recorded_info(const RegionCopy& copy, const RecordedBy& by) {
  SnapshotInfo info;
  info.time = copy.time;
  info.recorder = by.recorder;
  info.process = copy.process;
  info.process.host = by.host;
  info.process.platform = by.platform;
  info.traceback_limit = copy.settings.traceback_limit;
  if (copy.settings.sampling_interval != 0) info.sampling_interval = copy.settings.sampling_interval;
  info.traced_memory = TracedMemory{not_negative(copy.traced), not_negative(std::max(copy.peak, copy.traced))};
  info.recorder_memory = copy.memory;
  std::set<std::uint32_t> ids;
  for (const auto& domain : copy.domains) {
    if (domain && ids.insert(domain->id).second) info.domains.push_back(*domain);
  }
  info.threads = copy.threads;
  for (const RegionCopy::ModuleCopy& module : copy.modules) {
    if (module.known) info.modules.push_back(module.module);
  }
  add_metrics(copy, by, info);
  return info;
}

/// What blocks hold, asked for in the order of their addresses.
class ObjectTypes {
 public:
  ObjectTypes(const RegionCopy& copy, Symbols& symbols) : next_(copy.types.begin()), end_(copy.types.end()) {
    for (std::size_t type = 0; type < copy.code.type_count(); ++type) {
      names_.push_back(type == 0 ? kUnknownString : symbols.intern(text_of_code(copy.code.type_name(type))));
    }
  }

  StringId of(const Block& block) {
    while (next_ != end_ && next_->first < block.address()) ++next_;
    const bool is_object = (block.key & Block::kDomainBit) == 0;
    return is_object && next_ != end_ && next_->first == block.address() ? names_[next_->second] : kUnknownString;
  }

 private:
  std::vector<std::pair<std::uint64_t, std::uint32_t>>::const_iterator next_;
  std::vector<std::pair<std::uint64_t, std::uint32_t>>::const_iterator end_;
  std::vector<StringId> names_;
};

/// The modules that the blocks' tracebacks go through.
std::vector<Module> modules_of_blocks(const RegionCopy& copy) {
  std::vector<char> used(copy.nodes.size());
  for (const Block& block : copy.blocks.values()) used[block.node()] = 1;
  std::vector<char> has_frames(copy.modules.size());
  for (std::size_t node = used.size(); node-- > 1;) {  // parents come before their children
    if (used[node] == 0) continue;
    const RegionCopy::NodeRow& row = copy.nodes[node];
    used[row.parent] = 1;
    if (is_native(row.frame) && module_of(row.frame) != 0) has_frames[module_of(row.frame) - 1] = 1;
  }
  std::vector<Module> modules;
  for (std::size_t module = 0; module < has_frames.size(); ++module) {
    if (has_frames[module] != 0 && copy.modules[module].known) modules.push_back(copy.modules[module].module);
  }
  return modules;
}

}  // namespace

RecordedBy recorded_by(std::string recorder, std::vector<Metric> metrics) {
  utsname system{};
  ::uname(&system);
  return {std::move(recorder), text_from_bytes(system.nodename), std::string("linux-") + system.machine,
          std::move(metrics)};
}

std::uint64_t sampling_weight(std::uint64_t size, std::uint64_t interval) {
  if (interval == 0 || size == 0) return size;
  const double weight = static_cast<double>(size) * blocks_of_sample(size, interval);
  return weight < 0x1p63 ? static_cast<std::uint64_t>(std::llround(weight)) : size;
}

Snapshot recorded_snapshot(const RegionCopy& copy, const RecordedBy& by, FrameResolver& resolver,
                           const std::shared_ptr<Symbols>& symbols) {
  resolver.expect(modules_of_blocks(copy));
  SnapshotBuilder builder(symbols);
  RecordedTracebacks tracebacks(copy, resolver, builder);
  TraceColumns& columns = builder.columns();
  ObjectTypes types(copy, *symbols);
  const Column<Block> blocks = by_address(copy.blocks);
  for (const Block& block : blocks.values()) {
    const RecordedTracebacks::End& end = tracebacks.end(block.node());
    const std::uint64_t size = whole_size(block, end.size_high);
    builder.add_trace(end.total_plus_one - 1, static_cast<std::int64_t>(size));
    columns.address.push_back(block.address());
    if (!copy.types.empty()) columns.type.push_back(types.of(block));
    const std::uint32_t thread = block.thread();
    if (!copy.threads.empty()) columns.thread.push_back(thread == 0 ? TraceColumns::kUnknownThread : thread - 1);
    if (copy.settings.sampling_interval != 0) {
      columns.weight.push_back(sampling_weight(size, copy.settings.sampling_interval));
    }
  }
  builder.info() = recorded_info(copy, by);
  return std::move(builder).finish();
}

}  // namespace snapshot::recorder

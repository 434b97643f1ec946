#include "recorder/region_copy.h"

#include "recorder/hold.h"
#include "recorder/read_table.h"

#include <snapshot/utf8.h>
#include <sys/file.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <thread>

namespace snapshot::recorder {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::nanoseconds kLease = 250ms;
constexpr int kTries = 3;

/// Readers take turns: the one that ends its hold first would end that of the other. A reader that does not come to its
/// end is not waited for.
class ReaderLock {
 public:
  explicit ReaderLock(const RegionFile& region) : descriptor_(region.descriptor()) {
    for (int tries = 0; descriptor_ >= 0 && tries < 200 && !locked_; ++tries) {
      locked_ = ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
      if (!locked_) std::this_thread::sleep_for(10ms);
    }
  }
  ~ReaderLock() {
    if (locked_) ::flock(descriptor_, LOCK_UN);
  }
  ReaderLock(const ReaderLock&) = delete;
  ReaderLock& operator=(const ReaderLock&) = delete;

 private:
  int descriptor_;
  bool locked_ = false;
};

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// Reads the table while the program is held, if it lives and lets itself be held.
void read_at_once(const RegionFile& region, bool alive, RawTable& raw, RegionCopy& copy) {
  if (!alive) {
    copy.time = now();
    raw.read(region);
    copy.exact = true;
    return;
  }
  const ReaderLock lock(region);
  for (int tries = 0; tries < kTries && !copy.exact; ++tries) {
    raw.prepare(region);
    Hold hold(region, kLease);
    copy.time = now();
    if (hold.holds() || tries == kTries - 1) raw.read(region);
    copy.exact = hold.end();
    copy.held = hold.held();
  }
}

/// The first `count` rows of a table at `offset`. Atomics are as their values here.
template <typename Row>
std::unique_ptr<Row[]> read_rows(const RegionFile& region, std::uint64_t offset, std::size_t count) {
  auto rows = std::make_unique<Row[]>(count);
  region.read(offset, rows.get(), count * sizeof(Row));
  return rows;
}

/// No more rows than there can be.
std::size_t row_count(std::uint32_t told, std::size_t most, std::uint64_t& damage) {
  if (told <= most) return told;
  ++damage;
  return 0;
}

void take_nodes(const RegionFile& region, const Header& header, RegionCopy& copy) {
  static_assert(sizeof(RegionCopy::NodeRow) == sizeof(Node));
  copy.nodes.resize(std::max<std::size_t>(1, row_count(header.node_count.load(), kMaxNodes, copy.damage.nodes)));
  const std::span<RegionCopy::NodeRow> nodes = copy.nodes.values();
  region.read(Layout::kNodes, nodes.data(), nodes.size_bytes());
  nodes[0] = {};
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    if (nodes[i].parent >= i) {
      nodes[i].parent = 0;
      ++copy.damage.nodes;
    }
    if (is_code_frame(nodes[i].frame) && !copy.code.has(nodes[i].frame)) ++copy.damage.nodes;
    if (is_native(nodes[i].frame) && module_of(nodes[i].frame) > copy.modules.size()) {
      nodes[i].frame = code_address(nodes[i].frame);
      ++copy.damage.nodes;
    }
  }
}

void take_modules(const RegionFile& region, const Header& header, RegionCopy& copy) {
  const std::size_t count = row_count(header.module_count.load(), kMaxModules, copy.damage.modules);
  const auto rows = read_rows<ModuleRow>(region, Layout::kModules, count);
  for (std::size_t i = 0; i < count; ++i) {
    const ModuleRow& row = rows[i];
    RegionCopy::ModuleCopy module;
    module.known = row.state.load() != ModuleState::being_written;
    if (row.state.load() > ModuleState::gone || row.build_id_size > sizeof row.build_id || row.end < row.start) {
      module.known = false;
      ++copy.damage.modules;
    }
    if (module.known) {
      module.bias = row.bias;
      module.module.path = text_of(row.path, sizeof row.path);
      module.module.build_id.assign(reinterpret_cast<const char*>(row.build_id), row.build_id_size);
      module.module.address = row.start;
      module.module.size = row.end - row.start;
    }
    copy.modules.push_back(std::move(module));
  }
}

void take_threads(const RegionFile& region, const Header& header, RegionCopy& copy) {
  const std::size_t count = row_count(header.thread_count.load(), kMaxThreads, copy.damage.threads);
  const auto rows = read_rows<ThreadRow>(region, Layout::kThreads, count);
  for (std::size_t i = 0; i < count; ++i) {
    copy.threads.push_back({rows[i].id.load(), text_of(rows[i].name, sizeof rows[i].name)});
  }
}

void take_domains(const Header& header, RegionCopy& copy) {
  for (const DomainRow& row : header.domains) {
    copy.domains.emplace_back();
    if (row.used.load() != 0) copy.domains.back() = Domain{row.id, text_of(row.name, sizeof row.name)};
  }
}

void take_metrics(const Header& header, RegionCopy& copy) {
  for (const MetricRow& row : header.metrics) {
    const std::uint32_t version = row.version.load();
    if (version == 0 || (version & 1) != 0) continue;
    Metric metric{text_of(row.name, sizeof row.name), static_cast<std::int64_t>(row.bits.load()),
                  text_of(row.format, sizeof row.format)};
    if (row.is_real != 0) metric.value = std::bit_cast<double>(row.bits.load());
    copy.metrics.push_back(std::move(metric));
  }
}

/// Arguments, each ended by a zero byte but for one that was cut.
std::vector<std::string> arguments(const Header& header) {
  std::string_view rest(header.command, std::min<std::size_t>(header.command_size, sizeof header.command));
  std::vector<std::string> result;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\0'), rest.size());
    result.push_back(text_from_bytes(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return result;
}

void take_process(const RegionFile& region, const Header& header, RegionCopy& copy) {
  copy.settings = region.layout().settings;
  copy.state = header.state.load();
  copy.full_reason = header.full_reason.load();
  copy.refusal = text_of(header.refusal, sizeof header.refusal);
  copy.process.pid = region.layout().pid.load();
  copy.process.command = arguments(header);
  copy.process.executable = text_of(header.executable, sizeof header.executable);
  copy.process.runtime = "native";
  if (copy.code.is_there()) {
    copy.process.runtime = "CPython";
    copy.process.runtime_version = text_of(header.python.version, sizeof header.python.version);
  }
  if (header.start_time != 0) copy.process.start_time = header.start_time;
}

void take_counters(const Header& header, const CounterSlot* counters, RegionCopy& copy) {
  std::uint64_t traced = static_cast<std::uint64_t>(header.traced.load());  // these may be anything: wrap around
  std::int64_t most_behind = 0;  // how much more than now one thread's blocks once were
  for (std::size_t i = 0; i < kCounterSlots; ++i) {
    const CounterSlot& slot = counters[i];
    traced += static_cast<std::uint64_t>(slot.pending.load());
    std::int64_t behind = 0;
    if (!__builtin_sub_overflow(slot.pending_max.load(), slot.pending.load(), &behind)) {
      most_behind = std::max(most_behind, behind);
    }
    copy.allocations += slot.allocations.load();
    copy.frees += slot.frees.load();
    copy.allocated += slot.allocated.load();
  }
  copy.traced = static_cast<std::int64_t>(traced);
  copy.peak = std::max(header.peak.load(), static_cast<std::int64_t>(traced + static_cast<std::uint64_t>(most_behind)));
  copy.memory = header.memory.load();
  copy.lost_updates = header.lost_updates.load();
}

/// Adds those of large blocks, and leaves out what is no type.
void take_types(const RegionFile& region, const Header& header, RegionCopy& copy) {
  const std::size_t count = std::min<std::size_t>(header.python.large_types.load(), kMaxLargeTypes);
  const auto rows = read_rows<LargeType>(region, Layout::kLargeTypes, count);
  for (std::size_t i = 0; i < count; ++i) {
    copy.types.emplace_back(rows[i].address, static_cast<std::uint32_t>(rows[i].type));
  }
  std::erase_if(copy.types, [&](const auto& type) { return type.second >= copy.code.type_count(); });
  // Those of small blocks, which are nearly all, come sorted.
  const auto large = std::ranges::is_sorted_until(copy.types);
  std::sort(large, copy.types.end());
  std::ranges::inplace_merge(copy.types, large);
}

/// Leaves out blocks that name a node that is not there, and threads that are not.
void check_blocks(RegionCopy& copy) {
  const std::span<Block> blocks = copy.blocks.values();
  std::size_t kept = 0;
  for (Block block : blocks) {
    if (block.address() == 0 || block.node() >= copy.nodes.size()) {
      ++copy.damage.blocks;
      continue;
    }
    if (block.thread() > copy.threads.size()) {
      block.key &= ~Block::kThreadMask;
      ++copy.damage.threads;
    }
    blocks[kept++] = block;
  }
  copy.blocks.resize(kept);
}

}  // namespace

RegionCopy copy_region(const RegionFile& region, bool alive) {
  RegionCopy copy;
  RawTable raw;
  read_at_once(region, alive, raw, copy);
  take_counters(*raw.header, raw.counters.get(), copy);
  take_blocks(raw, copy);

  // Rows are only ever added, and by now all that the blocks name are there.
  region.read(0, raw.header.get(), sizeof(Header));
  copy.code = CodeCopy(region, raw.header->python);
  take_process(region, *raw.header, copy);
  take_modules(region, *raw.header, copy);
  take_threads(region, *raw.header, copy);
  take_domains(*raw.header, copy);
  take_metrics(*raw.header, copy);
  take_types(region, *raw.header, copy);
  take_nodes(region, *raw.header, copy);
  check_blocks(copy);
  return copy;
}

std::int64_t traced_now(const RegionFile& region) {
  const auto counters = read_rows<CounterSlot>(region, Layout::kCounters, kCounterSlots);
  auto sum = static_cast<std::uint64_t>(region.header().traced.load());
  for (std::size_t i = 0; i < kCounterSlots; ++i) sum += static_cast<std::uint64_t>(counters[i].pending.load());
  return static_cast<std::int64_t>(sum);
}

}  // namespace snapshot::recorder

#include "made_region.h"

#include "recorder/block_table.h"

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <stdexcept>

namespace testing {

using namespace snapshot::recorder;

namespace {

constexpr std::uint64_t kCapacity = 512;

std::string new_path() {
  static int made = 0;
  return std::filesystem::temp_directory_path() /
         ("made_region." + std::to_string(::getpid()) + "." + std::to_string(made++) + ".region");
}

}  // namespace

MadeRegion::MadeRegion(std::uint32_t traceback_limit, std::uint64_t sampling_interval) : path_(new_path()) {
  settings_.traceback_limit = traceback_limit;
  settings_.sampling_interval = sampling_interval;
  settings_.max_slots = 1 << 16;
  map_ = create_region(path_.c_str(), settings_);
  if (!map_) throw std::runtime_error("there is no region " + path_);
  for (std::size_t shard = 0; shard < kShards; ++shard) map_.shards()[shard].capacity = kCapacity;
  header().node_count = 1;
  header().claimed = 1;
  header().state = State::recording;
  header().pid = static_cast<std::uint32_t>(::getpid());
}

MadeRegion::~MadeRegion() {
  lay_out(header(), settings_);  // whatever a test has done to it
  unmap_region(map_);
  ::unlink(path_.c_str());
}

std::uint64_t MadeRegion::add_module(const char* path, std::uint64_t start, std::uint64_t end, std::uint64_t bias) {
  ModuleRow& row = map_.modules()[header().module_count];
  row.start = start;
  row.end = end;
  row.bias = bias;
  copy_text(row.path, path);
  row.build_id_size = 2;
  row.build_id[0] = 0xab;
  row.state = ModuleState::loaded;
  return ++header().module_count;
}

std::uint64_t MadeRegion::add_thread(std::uint32_t id, const char* name) {
  ThreadRow& row = map_.threads()[header().thread_count];
  row.id = id;
  copy_text(row.name, name);
  return ++header().thread_count;
}

std::uint32_t MadeRegion::add_node(std::uint32_t parent, std::uint64_t address, std::uint64_t module,
                                   std::uint32_t flags) {
  Node& node = map_.nodes()[header().node_count];
  node.frame = address | module << kModuleShift;
  node.parent = parent;
  node.flags = flags;
  return header().node_count++;
}

std::uint32_t MadeRegion::add_tag(std::uint32_t parent, std::uint32_t domain_row, std::uint64_t size_high) {
  return add_node(parent, domain_row | size_high << Tag::kSizeShift, kTagModule);
}

void MadeRegion::add_block(std::size_t shard, std::uint64_t address, std::uint64_t size, std::uint32_t node,
                           std::uint64_t thread) {
  Shard& row = map_.shards()[shard];
  Slot& slot = map_.slots(shard)[row.used * 2];  // with empty ones between
  slot.key = address | thread << Block::kThreadShift;
  slot.value = size | std::uint64_t{node} << Block::kNodeShift;
  ++row.used;
  header().traced += static_cast<std::int64_t>(size);
}

}  // namespace testing

// A stand-in for the recorder: maps the region that tmrecord made and fills it with rows that are known, so that
// tmrecord can be tested by itself. MADE_BLOCKS says how many blocks of 100 bytes the program "holds" when it begins.

#include <fcntl.h>
#include <recorder/region.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>

using namespace snapshot::recorder;

namespace {

constexpr std::uint64_t kBlockSize = 100;
constexpr std::uint64_t kFirstAddress = 0x10000;

std::uint64_t wanted_blocks() {
  const char* const text = std::getenv("MADE_BLOCKS");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : 3;
}

/// main() of a module /made/app, and as many callers as there are call sites.
void add_nodes(RegionMap map, std::uint32_t sites) {
  ModuleRow& module = map.modules()[0];
  std::strcpy(module.path, "/made/app");
  module.start = module.bias = 0x400000;
  module.end = 0x500000;
  module.state = ModuleState::loaded;
  map.header().module_count = 1;
  for (std::uint32_t at = 1; at <= sites + 1; ++at) {
    map.nodes()[at].frame = (0x400001 + std::uint64_t{at} * 16) | std::uint64_t{1} << kModuleShift;
    map.nodes()[at].parent = at > 1 ? 1 : 0;
  }
  map.header().node_count = sites + 2;
}

void add_blocks(RegionMap map, std::uint64_t blocks, std::uint32_t sites) {
  const std::uint64_t capacity = (blocks / kShards + 1) * 4 / 3 / 256 * 256 + 256;
  for (std::size_t shard = 0; shard < kShards; ++shard) map.shards()[shard].capacity = capacity;
  for (std::uint64_t at = 0; at < blocks; ++at) {
    Shard& shard = map.shards()[at % kShards];
    Slot& slot = map.slots(at % kShards)[shard.used++];
    slot.key = kFirstAddress + at * 128;
    slot.value = kBlockSize | (2 + at % sites) << Block::kNodeShift;
  }
  map.header().traced = static_cast<std::int64_t>(blocks * kBlockSize);
  map.header().peak = map.header().traced.load();
}

RegionMap open_region(const char* path) {
  const int descriptor = open(path, O_RDWR | O_CLOEXEC);
  const RegionMap map = descriptor < 0 ? RegionMap() : map_region(descriptor, true);
  if (descriptor >= 0) close(descriptor);
  return map;
}

/// The region of the image that comes after another one in the same process.
RegionMap next_region(RegionMap old, std::string& path) {
  const Header& before = old.header();
  const_cast<Header&>(before).state = State::stopped;
  char name[1024];
  region_path(name, sizeof name, before.directory, before.session, before.pid, before.sequence + 1);
  const RegionMap map = create_region(name, before.settings);
  if (!map) return map;
  map.header().pid = before.pid.load();
  map.header().sequence = before.sequence + 1;
  std::memcpy(map.header().session, before.session, sizeof before.session);
  std::memcpy(map.header().directory, before.directory, sizeof before.directory);
  path = name;
  setenv("TMRECORD_REGION", name, 1);
  return map;
}

__attribute__((constructor)) void begin() {
  const char* const path = std::getenv("TMRECORD_REGION");
  if (path == nullptr || std::getenv("MADE_ABSENT") != nullptr) return;
  RegionMap map = open_region(path);
  if (!map || map.header().pid != static_cast<std::uint32_t>(getpid())) return;
  std::string name = path;
  if (map.header().claimed != 0) map = next_region(map, name);
  if (!map) return;
  const std::uint32_t sites = 4;
  add_nodes(map, sites);
  add_blocks(map, wanted_blocks(), sites);
  map.header().state = map.header().settings.start_paused != 0 ? State::paused : State::recording;
  map.header().claimed = 1;
}

}  // namespace

// read_region BLOCKS TRACEBACKS: how long a program is held for a snapshot of so many blocks, and the processor time
// that its reader needs after that, each the median of seven. Sizes and tracebacks are drawn at random, as in the table
// of README.md.

#include <fcntl.h>
#include <recorder/recorded_snapshot.h>
#include <recorder/region_file.h>
#include <snapshot/save.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace snapshot::recorder;

/// Time of the processor, which other programs do not change.
struct Clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<Clock>;
  static constexpr bool is_steady = true;
  static time_point now() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time_point(duration(time.tv_sec * 1'000'000'000 + time.tv_nsec));
  }
};

namespace {

constexpr std::uint32_t kDepth = 20;
constexpr std::uint64_t kBlockDistance = 128;  // bytes from one to the next

void fill(RegionMap map, std::uint64_t blocks, std::uint32_t tracebacks) {
  std::mt19937_64 random(1);
  ModuleRow& module = map.modules()[0];
  std::snprintf(module.path, sizeof module.path, "/usr/bin/program");
  module.end = 1 << 30;
  module.state = ModuleState::loaded;
  map.header().module_count = 1;
  std::uint32_t nodes = 1;
  std::vector<std::uint32_t> ends;
  for (std::uint32_t i = 0; i < tracebacks; ++i) {
    std::uint32_t parent = 0;
    for (std::uint32_t depth = 0; depth < kDepth; ++depth) {
      map.nodes()[nodes].frame = (random() % 65536 * 16) | std::uint64_t{1} << kModuleShift;
      map.nodes()[nodes].parent = parent;
      parent = nodes++;
    }
    ends.push_back(parent);
  }
  map.header().node_count = nodes;
  const std::uint64_t capacity = (blocks / kShards + 1) * 5 / 4;
  for (std::size_t shard = 0; shard < kShards; ++shard) map.shards()[shard].capacity = capacity;
  for (std::uint64_t i = 0; i < blocks; ++i) {
    Shard& shard = map.shards()[i * kBlockDistance / 128 % kShards];
    Slot& slot = map.slots(i % kShards)[shard.used++];
    slot.key = 0x10000000 + i * kBlockDistance;
    slot.value = random() % 256 | std::uint64_t{ends[random() % ends.size()]} << Block::kNodeShift;
  }
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

double milliseconds(Clock::duration time) { return std::chrono::duration<double, std::milli>(time).count(); }

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::uint64_t blocks = std::strtoull(argv[1], nullptr, 10);
  const std::string path = "/dev/shm/read_region." + std::to_string(::getpid());
  Settings settings{};
  settings.traceback_limit = 64;
  settings.max_slots = 2 * blocks;
  const RegionMap map = create_region(path.c_str(), settings);
  if (!map) return 2;
  fill(map, blocks, static_cast<std::uint32_t>(std::strtoul(argv[2], nullptr, 10)));
  const RegionFile region(path);
  ::unlink(path.c_str());
  std::vector<double> held, copied, made, saved;
  for (int i = 0; i < 7; ++i) {
    const auto begin = Clock::now();
    const RegionCopy copy = copy_region(region, true);
    const auto after_copy = Clock::now();
    const auto symbols = std::make_shared<snapshot::Symbols>();
    AddressResolver resolver(*symbols);
    const snapshot::Snapshot snapshot = recorded_snapshot(copy, {}, resolver, symbols);
    const auto after_made = Clock::now();
    save(snapshot, path + ".tms", {3});
    const auto after_saved = Clock::now();
    held.push_back(milliseconds(copy.held));
    copied.push_back(milliseconds(after_copy - begin));
    made.push_back(milliseconds(after_made - after_copy));
    saved.push_back(milliseconds(after_saved - after_made));
  }
  ::unlink((path + ".tms").c_str());
  std::printf("%zu blocks: held %.1f ms, copied in %.1f, snapshot in %.1f, saved in %.1f\n",
              static_cast<std::size_t>(blocks), median(held), median(copied), median(made), median(saved));
}

#include "recorder/new_region.h"

#include "recorder/block_table.h"
#include "recorder/call_nodes.h"
#include "recorder/system.h"

#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace snapshot::recorder {

void describe_process(Header& header) {
  header.pid.store(static_cast<std::uint32_t>(getpid()));
  header.start_time = realtime_now();
  const ssize_t length = readlink("/proc/self/exe", header.executable, sizeof header.executable - 1);
  header.executable[length > 0 ? length : 0] = '\0';
  header.command_size =
      static_cast<std::uint32_t>(read_file("/proc/self/cmdline", header.command, sizeof header.command));
}

namespace {

constexpr std::uint32_t kMostSequence = 100'000;

void copy_filters(const Header& from, Header& to) {
  const std::uint32_t count = from.filter_count.load();
  for (std::uint32_t i = 0; i < count && i < kMaxFilters; ++i) {
    copy_text(to.filters[i].pattern, from.filters[i].pattern);
    to.filters[i].inclusive = from.filters[i].inclusive;
    to.filters[i].lineno = from.filters[i].lineno;
    to.filters[i].all_frames = from.filters[i].all_frames;
    to.filters[i].used.store(from.filters[i].used.load());
  }
  to.filter_count.store(count);
}

/// Random bytes that each exec has anew (getauxval(3)).
std::uint64_t this_image() {
  std::uint64_t bytes = 0;
  if (const unsigned long random = getauxval(AT_RANDOM); random != 0) {
    memcpy(&bytes, reinterpret_cast<const void*>(random), sizeof bytes);
  }
  return bytes;
}

/// Whether the process, which came to a region that another one uses, has a region of its own.
bool wants_its_own(const Header& header) {
  if (header.image == this_image()) return false;  // another recorder in this program
  return header.pid.load() == static_cast<std::uint32_t>(getpid()) || header.settings.follow_fork != 0;
}

}  // namespace

bool set_up_region(RegionMap region) {
  Header& header = region.header();
  header.memory.fetch_add(Layout::kThreads + 8192, std::memory_order_relaxed);
  if (!populate(&header, Layout::kThreads) || !BlockTable(region).start() || !CallNodes(region).start()) {
    copy_text(header.refusal, "no memory for its region");
    header.state.store(State::refused);
    return false;
  }
  header.image = this_image();
  describe_process(header);
  header.state.store(header.settings.start_paused != 0 ? State::paused : State::recording);
  return true;
}

RegionMap create_nameless_region(const Settings& settings) {
  constexpr int kFirstDescriptor = 512;  // programs count on low numbers
  const int memory = memfd_create("snapshot", MFD_CLOEXEC);
  int kept = fcntl(memory, F_DUPFD_CLOEXEC, kFirstDescriptor);
  if (kept < 0) kept = fcntl(memory, F_DUPFD_CLOEXEC, 3);
  const RegionMap region = create_region_in(memory, settings);
  if (region) {
    region.header().descriptor = kept + 1;
  } else if (kept >= 0) {
    close(kept);
  }
  return region;
}

void close_nameless(RegionMap region) {
  if (region.header().descriptor != 0) close(region.header().descriptor - 1);
  unmap_region(region);
}

namespace {

/// For the child of a program that records itself.
RegionMap create_nameless_copy(const Header& before) {
  const RegionMap region = create_nameless_region(before.settings);
  if (!region) return {};
  copy_filters(before, region.header());
  region.header().claimed.store(1);
  return region;
}

}  // namespace

RegionMap create_next_region(const Header& before) {
  if (before.descriptor != 0) return create_nameless_copy(before);
  if (before.directory[0] == '\0' || before.session[0] == '\0') return {};
  const auto pid = static_cast<std::uint32_t>(getpid());
  Settings settings = before.settings;
  for (std::uint32_t sequence = 0; sequence < kMostSequence; ++sequence) {
    char path[sizeof before.directory + sizeof before.session + 32];
    if (!region_path(path, sizeof path, before.directory, before.session, pid, sequence)) return {};
    const RegionMap region = create_region(path, settings);
    if (!region && errno == EEXIST) continue;
    if (!region) return {};
    Header& header = region.header();
    copy_text(header.session, before.session);
    copy_text(header.directory, before.directory);
    copy_filters(before, header);
    header.sequence = sequence;
    header.reader.store(before.reader.load());
    header.claimed.store(1);
    return region;
  }
  return {};
}

RegionMap join_region(const char* path) {
  const KeepErrno keep;
  const int descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) return {};
  RegionMap region = map_region(descriptor, true);
  close(descriptor);
  if (!region) return {};
  std::uint32_t nobody = 0;
  if (!region.header().claimed.compare_exchange_strong(nobody, 1)) {
    const RegionMap first = region;
    region = wants_its_own(first.header()) ? create_next_region(first.header()) : RegionMap{};
    unmap_region(first);
  }
  if (region && !set_up_region(region)) {
    unmap_region(region);
    return {};
  }
  return region;
}

}  // namespace snapshot::recorder

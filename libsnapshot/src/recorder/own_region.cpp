#include "recorder/own_region.h"

#include "recorder/core.h"
#include "recorder/new_region.h"
#include "recorder/system.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace snapshot::recorder {
namespace {

constexpr std::uint64_t kUsualSlots = std::uint64_t{1} << 28;  // some 200 million blocks
constexpr std::uint64_t kFewSlots = std::uint64_t{1} << 22;    // where address space is limited
constexpr std::uint64_t kLongestWait = 60'000'000'000;         // ns, for tmrecord to write
constexpr std::uint32_t kWritten = 1;

/// One request at a time; tmrecord counts `requests_done` up after each.
bool ask_reader(Header& header, const char* path) {
  static std::atomic<std::uint32_t> asking{0};
  if (strlen(path) >= sizeof header.snapshot_path) return false;
  for (unsigned tries = 0; asking.exchange(1) != 0; ++tries) yield(tries);
  copy_text(header.snapshot_path, path);
  header.snapshot_status.store(0);
  const std::uint64_t until = monotonic_now() + kLongestWait;
  header.requests.fetch_or(kRequestSnapshot);
  futex_wake(header.requests);
  while (header.snapshot_status.load() == 0 && monotonic_now() < until && has_reader(header)) {
    const std::uint32_t done = header.requests_done.load();
    if (header.snapshot_status.load() == 0) futex_wait(header.requests_done, done, 100'000'000);
  }
  const bool written = header.snapshot_status.load() == kWritten;
  asking.store(0);
  return written;
}

}  // namespace

bool has_reader(const Header& header) {
  const std::uint32_t reader = header.reader.load();
  return reader != 0 && !(kill(static_cast<pid_t>(reader), 0) != 0 && errno == ESRCH);
}

RegionMap create_own_region(const Settings& settings) {
  const KeepErrno keep;
  for (const std::uint64_t slots : {kUsualSlots, kFewSlots}) {
    Settings own = settings;
    own.max_slots = slots;
    const RegionMap region = create_nameless_region(own);
    if (!region) continue;
    region.header().claimed.store(1);
    if (set_up_region(region)) return region;
    close_nameless(region);
  }
  return {};
}

bool take_snapshot_of(RegionMap region, const char* path, RegionWriter writer) {
  const KeepErrno keep;
  Header& header = region.header();
  if (has_reader(header)) return ask_reader(header, path);
  if (writer == nullptr) return false;
  begin_own_work();
  const bool written = writer(region.base(), path) == 0;
  end_own_work();
  return written;
}

}  // namespace snapshot::recorder

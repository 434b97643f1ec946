#include "commands.h"

#include "process_numbers.h"
#include "region_directory.h"
#include "snapshot_writer.h"

#include "common/output.h"
#include "common/size_text.h"
#include "common/text_table.h"
#include "common/tool.h"

#include <fmt/format.h>
#include <recorder/region_file.h>
#include <snapshot/error.h>
#include <snapshot/utf8.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <string>

namespace cli {
namespace {

using snapshot::recorder::RegionCopy;
using snapshot::recorder::RegionFile;
using snapshot::recorder::State;

/// The latest region of a process.
RegionName region_of(std::uint32_t pid) {
  std::vector<RegionName> regions = all_regions();
  std::erase_if(regions, [&](const RegionName& region) { return region.pid != pid; });
  if (regions.empty()) throw std::runtime_error(fmt::format("process {} is not recorded", pid));
  return regions.back();
}

void change_state(RegionFile& region, std::uint32_t pid, State from, State to) {
  State now = from;
  if (region.header().state.compare_exchange_strong(now, to) || now == to) return;
  throw std::runtime_error(fmt::format("process {}: {}", pid,
                                       now == State::full      ? "its recorder has no more memory"
                                       : now == State::created ? "has no recorder yet"
                                                               : "is not recorded any more"));
}

bool write_one(const RegionFile& region, bool alive, const std::string& event, const RecordOptions& options,
               SnapshotWriter& writer) {
  const std::uint32_t pid = region.layout().pid;
  const RegionCopy copy = copy_region(region, alive);
  const auto metrics = alive ? process_metrics(pid, options.metrics) : std::vector<snapshot::Metric>();
  if (!writer.write(copy, metrics, event)) return false;
  const auto& written = writer.written().back();
  if (!options.quiet) {
    say(fmt::format("{} ({}): {}: {} in {} blocks", program_name(copy.process), pid, written.path,
                    size_text(written.size), written.count));
  }
  return true;
}

/// Whether the process still runs the image that has this region.
bool is_current(const RegionName& name) {
  if (!is_alive(name.pid)) return false;
  const auto regions = all_regions();
  return std::ranges::none_of(regions, [&](const RegionName& other) {
    return other.pid == name.pid && other.session == name.session && other.sequence > name.sequence;
  });
}

const char* state_text(const RegionFile& region, bool alive) {
  if (region.header().claimed == 0) return "empty";
  if (!alive) return "ended";
  const std::uint32_t reader = region.header().reader;
  return reader != 0 && is_alive(reader) ? "recorded" : "orphan";
}

void list_regions() {
  Output output;
  for (const RegionName& name : all_regions()) {
    attempt([&] {
      const RegionFile region(name.path);
      const RegionCopy copy = copy_region(region, false);
      output.write(fmt::format("{}  {}  {}  {} blocks  {}\n", name.pid, state_text(region, is_current(name)),
                               size_text(std::max<std::int64_t>(0, copy.traced)), copy.blocks.size(),
                               snapshot::printable(program_name(copy.process))));
    });
  }
  output.finish();
}

/// The regions that are meant by a process or a file.
std::vector<RegionName> regions_meant(const std::string& what) {
  std::uint32_t pid = 0;
  const auto [end, error] = std::from_chars(what.data(), what.data() + what.size(), pid);
  if (error == std::errc{} && end == what.data() + what.size()) {
    std::vector<RegionName> regions = all_regions();
    std::erase_if(regions, [&](const RegionName& region) { return region.pid != pid; });
    if (regions.empty()) throw std::runtime_error(fmt::format("process {}: nothing is left of it to recover", pid));
    return regions;
  }
  const std::size_t slash = what.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : what.substr(0, slash);
  if (auto name = parse_region_name(directory, what.substr(slash + 1))) return {*name};
  return {{what, {}, 0, 0}};
}

void recover_one(const RegionName& name, const RecordOptions& options, SnapshotWriter& writer) {
  try {
    const RegionFile region(name.path);
    const bool alive = name.pid != 0 && is_current(name);
    const std::uint32_t reader = region.header().reader;
    if (reader != 0 && is_alive(reader) && reader != static_cast<std::uint32_t>(::getpid())) {
      throw std::runtime_error(fmt::format("tmrecord {} is still at it; --snapshot writes one now", reader));
    }
    if (region.header().claimed == 0) {
      if (!alive) ::unlink(name.path.c_str());
      throw std::runtime_error("nothing was recorded");
    }
    if (write_one(region, alive, "recovered", options, writer) && !alive) ::unlink(name.path.c_str());
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw std::runtime_error(name.path + ": " + error.what());
  }
}

/// Of what a process keeps of itself.
int write_of_file(const RecordOptions& options) {
  SnapshotWriter writer(options);
  std::optional<RegionFile> region;
  try {
    region.emplace(options.region_file, RegionFile::Links::followed);
  } catch (const snapshot::Error& error) {
    throw std::runtime_error(options.region_file + ": " + error.what());
  }
  return write_one(*region, is_alive(region->layout().pid), "request", options, writer) ? kDone : kFailure;
}

}  // namespace

int run_command(const RecordOptions& options) {
  if (!options.region_file.empty()) return write_of_file(options);
  const RegionName name = region_of(options.pid);
  if (!is_alive(options.pid)) {
    throw std::runtime_error(fmt::format("process {} has ended; --recover writes what it held", options.pid));
  }
  RegionFile region(name.path);
  SnapshotWriter writer(options);
  switch (options.command) {
    case Command::snapshot: return write_one(region, true, "request", options, writer) ? kDone : kFailure;
    case Command::start: change_state(region, options.pid, State::paused, State::recording); break;
    case Command::stop: change_state(region, options.pid, State::recording, State::paused); break;
    default: ++region.header().clear; break;
  }
  return kDone;
}

int recover(const RecordOptions& options) {
  if (options.program.empty()) {
    list_regions();
    return kDone;
  }
  SnapshotWriter writer(options);
  bool all = true;
  for (const std::string& what : options.program) {
    all = attempt([&] {
            for (const RegionName& name : regions_meant(what)) recover_one(name, options, writer);
          }) &&
          all;
  }
  return all && !writer.failed() ? kDone : kFailure;
}

}  // namespace cli

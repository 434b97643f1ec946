#include "file_info.h"

#include "load_file.h"

#include <formats/bytes/sources.h>
#include <formats/registry.h>
#include <formats/tms/reader.h>
#include <snapshot/error.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

namespace cli {
namespace {

using formats::ByteReader;
using formats::Detail;
using snapshot::Snapshot;

std::optional<std::uint64_t> file_length(const std::string& path) {
  struct stat status {};
  const int failed = path == "-" ? ::fstat(STDIN_FILENO, &status) : ::stat(path.c_str(), &status);
  if (failed != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return static_cast<std::uint64_t>(status.st_size);
}

TableCounts count_tables(const Snapshot& snapshot) {
  const snapshot::Symbols& symbols = snapshot.symbols();
  TableCounts tables;
  std::vector<bool> seen_tracebacks(symbols.traceback_count());
  std::vector<bool> seen_frames(symbols.frame_count());
  std::vector<bool> seen_strings(symbols.string_count());
  const auto see = [](std::vector<bool>& seen, std::size_t row, std::size_t& count) {
    const bool is_new = !seen[row];
    if (is_new) ++count;
    seen[row] = true;
    return is_new;
  };
  for (const snapshot::Total& total : snapshot.totals()) {
    if (total.count == 0) continue;
    ++tables.totals;
    if (!see(seen_tracebacks, row(total.traceback), tables.tracebacks)) continue;
    const auto traceback = symbols.traceback(total.traceback);
    tables.longest_traceback = std::max(tables.longest_traceback, traceback.size());
    for (const snapshot::FrameId id : traceback) {
      if (!see(seen_frames, row(id), tables.frames)) continue;
      const snapshot::Frame frame = symbols.frame(id);
      for (const snapshot::StringId text : {frame.filename, frame.function, frame.module}) {
        if (text != snapshot::kUnknownString) see(seen_strings, row(text), tables.strings);
      }
    }
  }
  return tables;
}

std::vector<DomainSum> sum_domains(const Snapshot& snapshot) {
  std::map<std::uint32_t, DomainSum> sums;
  for (const snapshot::Domain& domain : snapshot.info().domains) sums[domain.id].name = domain.name;
  for (const snapshot::Total& total : snapshot.totals()) {
    if (total.count == 0) continue;
    DomainSum& sum = sums[total.domain];
    sum.size = sum.size.value_or(0) + total.size;
    sum.count = sum.count.value_or(0) + total.count;
  }
  std::vector<DomainSum> domains;
  for (auto& [id, sum] : sums) {
    sum.id = id;
    sum.size = sum.size.value_or(0);
    sum.count = sum.count.value_or(0);
    domains.push_back(std::move(sum));
  }
  return domains;
}

void take(const Snapshot& snapshot, FileInfo& info) {
  info.size = snapshot.size();
  info.count = snapshot.count();
  info.tables = count_tables(snapshot);
  info.domains = sum_domains(snapshot);
  info.info = snapshot.info();
}

void take_traces(const Snapshot& snapshot, FileInfo& info) {
  const snapshot::TraceColumns& traces = snapshot.traces();
  info.has_sizes = snapshot.has_traces();
  info.columns = {!traces.address.empty(), !traces.thread.empty(), !traces.birth.empty(), !traces.weight.empty(),
                  !traces.type.empty()};
}

/// The bytes behind what was read may hold the compression's checksum.
void read_to_end(ByteReader& bytes) {
  while (bytes.ensure(1)) bytes.advance(bytes.window().size());
}

void read_tms(ByteReader& bytes, const formats::ReadOptions& options, FileInfo& info) {
  // All of a pipe is kept, packed as it is: its index of blocks is looked into.
  snapshot::SnapshotFile file = formats::tms::open(bytes, {Detail::traces, options.salvage});
  info.version = std::to_string(file.major_version()) + "." + std::to_string(file.minor_version());
  info.info = file.info();
  info.sections.assign(file.sections().begin(), file.sections().end());
  const auto symbols = std::make_shared<snapshot::Symbols>();
  try {
    const Snapshot snapshot = file.load(symbols, options.salvage ? Detail::traces : Detail::totals);
    take(snapshot, info);
    if (options.salvage) take_traces(snapshot, info);
  } catch (const snapshot::Error& error) {
    if (!options.salvage) throw;
    info.lost.emplace_back(error.what());
    for (const snapshot::Domain& domain : info.info.domains) info.domains.push_back({domain.id, domain.name});
    if (file.count() > 0) {  // else META is lost, too
      info.size = file.size();
      info.count = file.count();
    }
  }
  if (!options.salvage) {
    info.has_sizes = file.has("SIZE");
    info.columns = file.block_columns();
  }
  info.lost.insert(info.lost.begin(), file.lost().begin(), file.lost().end());
  if (!info.count && info.info == snapshot::SnapshotInfo{}) throw snapshot::Error(info.lost.front());
}

/// Lets `read` read the file, as the format that it is found to have.
template <typename Read>
void with_file(const std::string& path, formats::LoadOptions& options, Read read) {
  read_input(path, [&](ByteReader& bytes) {
    if (options.format == nullptr) options.format = &formats::recognise(bytes);
    read(bytes, options.format == formats::find_reader("tms"));
  });
}

}  // namespace

FileInfo read_file_info(const std::string& path, formats::LoadOptions options) {
  FileInfo info;
  info.path = path;
  info.bytes = file_length(path);
  with_file(path, options, [&](ByteReader& bytes, bool is_tms) {
    info.format = options.format->name;
    const bool is_whole = bytes.mapped().has_value();
    if (is_tms) {
      read_tms(bytes, options, info);
    } else {
      options.detail = Detail::traces;
      const Snapshot snapshot = options.format->read(bytes, std::make_shared<snapshot::Symbols>(), options, info.lost);
      take(snapshot, info);
      take_traces(snapshot, info);
    }
    if (is_whole) return;
    if (info.lost.empty()) read_to_end(bytes);  // else it may be what is damaged
    info.unpacked = bytes.offset();
  });
  return info;
}

void verify_file(const std::string& path, formats::LoadOptions options) {
  options.detail = Detail::traces;
  with_file(path, options, [&](ByteReader& bytes, bool is_tms) {
    formats::Lost lost;
    if (is_tms) {
      formats::tms::open(bytes, options).verify();
    } else {
      options.format->read(bytes, std::make_shared<snapshot::Symbols>(), options, lost);
    }
    read_to_end(bytes);
  });
}

}  // namespace cli

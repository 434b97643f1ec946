#include "snapshot_writer.h"

#include "eager_resolver.h"

#include "common/tool.h"
#include "version.h"

#include <recorder/recorded_snapshot.h>
#include <recorder/symbolize.h>
#include <snapshot/file.h>
#include <snapshot/save.h>
#include <snapshot/utf8.h>

#include <exception>
#include <stdexcept>
#include <utility>

namespace cli {
namespace {

/// A third of the time of the usual level, so that a program is not long without its recorder.
constexpr int kLevel = 3;

}  // namespace

std::string program_name(const snapshot::Process& process) {
  const std::string path = snapshot::bytes_from_text(process.command.empty() ? process.executable : process.command[0]);
  const std::string name = path.substr(path.rfind('/') + 1);
  return name.empty() ? "program" : name;
}

SnapshotWriter::SnapshotWriter(const RecordOptions& options)
    : naming_(options.output), when_(options.symbols), symbols_(std::make_shared<snapshot::Symbols>()) {
  if (when_ == SymbolsWhen::now) {
    resolver_ = std::make_unique<EagerResolver>(*symbols_);
  } else {
    resolver_ = std::make_unique<snapshot::recorder::AddressResolver>(*symbols_);
  }
}

bool SnapshotWriter::write(const snapshot::recorder::RegionCopy& copy, const std::vector<snapshot::Metric>& metrics,
                           const std::string& event, const std::string& path) {
  const NameParts parts{program_name(copy.process), static_cast<std::uint32_t>(copy.process.pid.value_or(0)), copy.time,
                        event};
  const std::string name = path.empty() ? naming_.next(parts) : path;
  const bool done = attempt([&] {
    try {
      const auto by = snapshot::recorder::recorded_by(std::string("tmrecord ") + kVersion, metrics);
      const snapshot::Snapshot made = recorded_snapshot(copy, by, *resolver_, symbols_);
      save(made, name, {kLevel});
      written_.push_back({name, made.size(), made.count()});
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception& error) {
      throw std::runtime_error(name + ": " + error.what());
    }
  });
  failed_ = failed_ || !done;
  return done;
}

void SnapshotWriter::finish_symbols() {
  if (when_ != SymbolsWhen::later) return;
  snapshot::recorder::Symbolizer symbolizer(*symbols_);
  for (const Written& file : written_) {
    const bool done = attempt([&] {
      const snapshot::Snapshot unfinished = snapshot::SnapshotFile::open(file.path).load(symbols_);
      save(symbolize(unfinished, symbols_, symbolizer).snapshot, file.path, {kLevel});
    });
    failed_ = failed_ || !done;
  }
}

}  // namespace cli

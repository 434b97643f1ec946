#include "trace_block.h"

#include "load_file.h"
#include "load_snapshots.h"
#include "tool.h"
#include "trace_select.h"

#include <fmt/format.h>
#include <formats/load.h>
#include <formats/tms/reader.h>
#include <snapshot/builder.h>
#include <snapshot/error.h>
#include <snapshot/file.h>

#include <algorithm>
#include <string>
#include <utility>

namespace cli {
namespace {

using formats::ByteReader;
using snapshot::Snapshot;
using snapshot::Symbols;
using snapshot::Total;

constexpr const char* kNoAddresses = "the addresses of blocks are not known";

TraceReport report_on(const snapshot::FoundBlock& found, std::shared_ptr<const Symbols> symbols, ReportSnapshot file,
                      const snapshot::SnapshotInfo& info, const TraceOptions& options) {
  TraceReport report;
  report.symbols = std::move(symbols);
  report.snapshot = std::move(file);
  report.selector = options.selector;
  report.total = {found.size, 1};
  report.rows.push_back({found.total.traceback, found.size, 1, {}, {}});
  Total alone = found.total;
  alone.size = found.size;
  alone.count = 1;
  add_total(report.rows.front(), alone, info.domains);

  report.block = BlockRow{*options.selector.address, found.address, found.size, {}, found.birth, found.weight};
  if (found.thread) report.block->thread = info.threads[*found.thread];
  report.block->type = found.type;
  return report;
}

/// A snapshot of the block alone.
Snapshot alone(const snapshot::FoundBlock& found, const std::shared_ptr<Symbols>& symbols,
               snapshot::SnapshotFile& file) {
  snapshot::SnapshotBuilder builder(symbols);
  builder.info() = file.info();
  const Total& total = found.total;
  builder.add_trace(builder.total(total.traceback, total.total_nframe, total.domain), found.size);
  snapshot::TraceColumns& columns = builder.columns();
  columns.address.push_back(found.address);
  if (file.block_columns().thread)
    columns.thread.push_back(found.thread.value_or(snapshot::TraceColumns::kUnknownThread));
  if (file.block_columns().type) columns.type.push_back(found.type);
  if (found.birth) columns.birth.push_back(*found.birth);
  if (found.weight) columns.weight.push_back(*found.weight);
  return std::move(builder).finish();
}

/// Renames the files of the block's traceback. False where the filters do not let it pass.
bool select(snapshot::FoundBlock& found, const TraceOptions& options, const std::shared_ptr<Symbols>& symbols,
            snapshot::SnapshotFile& file) {
  const Snapshot selected = options.filter.apply(options.paths.rename(alone(found, symbols, file), symbols).snapshot);
  if (selected.count() == 0) return false;
  found.total = selected.totals().front();
  return true;
}

/// What was found, and whether that is the answer: else all blocks are to be searched.
struct Answer {
  std::optional<TraceReport> report;
  bool final = true;
};

/// Looks into a file whose index leads to the block.
Answer find_by_index(ByteReader& bytes, const TraceOptions& options, Timing& timing) {
  snapshot::SnapshotFile file = formats::tms::open(bytes, options.input.load(formats::Detail::traces));
  timing.end(Step::open);
  if (file.count() != 0 && !file.block_columns().address) throw snapshot::Error(kNoAddresses);
  const auto symbols = std::make_shared<Symbols>();
  auto found = file.find_block(*options.selector.address, *symbols);
  timing.end(Step::decode);
  if (found && !select(*found, options, symbols, file)) return {{}, false};  // a block around it may
  for (const std::string& what : file.lost()) say(input_name(options.path) + ": lost: " + what);
  if (!found) return {};
  const snapshot::SnapshotInfo& info = file.info();
  ReportSnapshot about{"", options.path, "tms", info.time, info.traceback_limit, file.size(), file.count()};
  return {report_on(*found, symbols, std::move(about), info, options)};
}

/// The innermost block with the address: of those that have it the one that begins last, of these the smallest.
std::optional<snapshot::FoundBlock> search(const Snapshot& snapshot, std::uint64_t asked) {
  const snapshot::TraceColumns& traces = snapshot.traces();
  std::optional<std::size_t> best;
  for (std::size_t at = 0; at < traces.rows(); ++at) {
    const std::uint64_t address = traces.address[at];
    const auto length = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(traces.size[at]));
    if (asked < address || asked - address >= length) continue;
    const bool inner = !best || address > traces.address[*best] ||
                       (address == traces.address[*best] && traces.size[at] < traces.size[*best]);
    if (inner) best = at;
  }
  if (!best) return std::nullopt;
  snapshot::FoundBlock found{
      traces.address[*best], traces.size[*best], snapshot.totals()[traces.total[*best]], {}, {}, {}};
  if (!traces.thread.empty() && traces.thread[*best] != snapshot::TraceColumns::kUnknownThread) {
    found.thread = traces.thread[*best];
  }
  if (!traces.birth.empty()) found.birth = traces.birth[*best];
  if (!traces.weight.empty()) found.weight = traces.weight[*best];
  if (!traces.type.empty()) found.type = traces.type[*best];
  return found;
}

std::optional<TraceReport> find_by_search(ByteReader& bytes, const TraceOptions& options, Timing& timing) {
  const auto symbols = std::make_shared<Symbols>();
  formats::Loaded loaded = formats::load(std::move(bytes), symbols, options.input.load(formats::Detail::traces));
  timing.end(Step::decode);
  for (const std::string& what : loaded.lost) say(input_name(options.path) + ": lost: " + what);
  if (loaded.snapshot.count() != 0 && loaded.snapshot.traces().address.empty()) throw snapshot::Error(kNoAddresses);

  ReportSnapshot about = report_snapshot(options.path, loaded);
  const Snapshot snapshot = options.filter.apply(options.paths.rename(std::move(loaded.snapshot), symbols).snapshot);
  const auto found = search(snapshot, *options.selector.address);
  timing.end(Step::filter);
  if (!found) return std::nullopt;
  return report_on(*found, symbols, std::move(about), snapshot.info(), options);
}

}  // namespace

std::optional<TraceReport> find_block(const TraceOptions& options, Timing& timing) {
  Answer answer;
  read_input(options.path, [&](ByteReader& bytes) {
    const formats::Format* format = options.input.load(formats::Detail::traces).format;
    if (format == nullptr) format = &formats::recognise(bytes);
    const bool indexed = format->name == "tms" && bytes.mapped();
    if (indexed) answer = find_by_index(bytes, options, timing);
    if (!indexed || !answer.final) answer.report = find_by_search(bytes, options, timing);
  });
  return std::move(answer.report);
}

}  // namespace cli

#include "writer.h"

#include "../format_error.h"
#include "text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace formats::sites {
namespace {

struct Row {
  std::string_view filename;
  std::uint32_t lineno;
  std::string_view function;  // empty where it is not known
  std::uint32_t domain;
  std::int64_t size;
  std::int64_t count;

  auto site() const { return std::tie(filename, lineno, function, domain); }
};

/// A row for each site that holds a block, sorted.
std::vector<Row> rows_of(const snapshot::Snapshot& snapshot) {
  const snapshot::Symbols& symbols = snapshot.symbols();
  std::vector<Row> rows;
  for (const snapshot::Total& total : snapshot.totals()) {
    if (total.count == 0) continue;
    const snapshot::Frame frame = symbols.frame(symbols.most_recent(total.traceback));
    const bool named = frame.function != snapshot::kUnknownString;
    rows.push_back({symbols.text(frame.filename), frame.lineno, named ? symbols.text(frame.function) : "", total.domain,
                    total.size, total.count});
  }
  std::ranges::sort(rows, [](const Row& a, const Row& b) { return a.site() < b.site(); });
  std::size_t kept = 0;
  for (std::size_t at = 0; at < rows.size(); ++at) {
    if (kept > 0 && rows[kept - 1].site() == rows[at].site()) {
      rows[kept - 1].size += rows[at].size;
      rows[kept - 1].count += rows[at].count;
    } else {
      rows[kept++] = rows[at];
    }
  }
  rows.resize(kept);
  return rows;
}

void write_line(const std::string& line, snapshot::ByteSink& sink) {
  if (line.size() >= kLongestLine) throw FormatError("a name is too long for a line of 1 MiB");
  sink.write(line + "\n");
}

void write_info(const snapshot::SnapshotInfo& info, snapshot::ByteSink& sink) {
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) write_line(fmt::format("{}\t{}", name, escaped(value)), sink);
  };
  add("recorder", info.recorder);
  add("platform", info.process.platform);
  add("runtime", info.process.runtime);
  add("runtime-version", info.process.runtime_version);
  if (info.traceback_limit) add("traceback-limit", std::to_string(*info.traceback_limit));
  if (info.sampling_interval) add("sampling-interval", std::to_string(*info.sampling_interval));
  std::vector<snapshot::Domain> domains = info.domains;
  std::ranges::sort(domains, {}, &snapshot::Domain::id);
  for (const snapshot::Domain& domain : domains) {
    write_line(fmt::format("domain\t{}\t{}", domain.id, escaped(domain.name)), sink);
  }
}

}  // namespace

void write(const snapshot::Snapshot& snapshot, const WriteOptions& options, snapshot::ByteSink& sink) {
  if (snapshot.has_samples()) return write(snapshot.estimated(), options, sink);
  write_line(fmt::format("{}{}", kMagic, kVersion), sink);
  write_info(snapshot.info(), sink);
  write_line(std::string(kColumns), sink);
  const std::vector<Row> rows = rows_of(snapshot);
  for (const Row& row : rows) {
    write_line(
        fmt::format("{}\t{}\t{}\t{}\t{}:{}", row.size, row.count, row.domain == 0 ? "" : std::to_string(row.domain),
                    escaped(row.function), escaped(row.filename), row.lineno),
        sink);
  }
  write_line(fmt::format("end\t{}\t{}\t{}", rows.size(), snapshot.size(), snapshot.count()), sink);
}

}  // namespace formats::sites

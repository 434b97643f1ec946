#include "common/gate.h"
#include "common/load_snapshots.h"
#include "common/options.h"
#include "common/output.h"
#include "common/report.h"
#include "common/timing.h"
#include "common/tool.h"

#include <snapshot/compare.h>

#include <array>
#include <cstdio>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace {

using snapshot::StatisticDiff;
using snapshot::Status;

struct Options {
  std::vector<std::string> paths;
  std::optional<std::string> later;
  bool same = false;
  cli::GroupOptions group;
  cli::FilterOptions filter;
  cli::GateOptions gates;
  cli::OutputOptions output;
  cli::InputOptions input;

  bool parse(int argc, const char* const* argv) {
    cli::CommandLine command("tmdiff", "Say what grew between two memory snapshots, and where.");
    command.arguments("OLD NEW", paths, 2, 2, "Files to compare, recognised by content; - is standard input");
    command.option(
        "--retained-in", "LATER", [this](const std::string& path) { later = path; },
        "Only what is new in NEW and still alive in this snapshot");
    command.flag("--same", same, "Show the rows that did not change, too");
    gates.add_to(command);
    group.add_to(command);
    filter.add_to(command);
    output.add_to(command, true);
    input.add_to(command);
    return command.parse(argc, argv);
  }
};

/// The rows of the comparison, unranked.
std::vector<StatisticDiff> differences(const cli::LoadedSnapshots& loaded, const Options& options,
                                       snapshot::Charge charge) {
  const auto statistics_of = [&](std::size_t at) {
    return snapshot::statistics(std::span(loaded.snapshots).subspan(at, 1), options.group.group_by, charge);
  };
  if (!options.later) return snapshot::compare(statistics_of(0), statistics_of(1));
  auto rows = snapshot::compare(statistics_of(0), snapshot::retained(statistics_of(1), statistics_of(2)));
  std::erase_if(
      rows, [](const StatisticDiff& row) { return row.status() != Status::fresh && row.status() != Status::grown; });
  return rows;
}

/// The whole snapshots where all of them is compared; else what the groups add up to, which must not overlap for that.
cli::Amounts total_of(const cli::LoadedSnapshots& loaded, const Options& options,
                      const std::vector<StatisticDiff>& rows) {
  const snapshot::Snapshot& older = loaded.snapshots[0];
  const snapshot::Snapshot& newer = loaded.snapshots[1];
  if (!options.later) return {newer.size(), newer.count(), newer.size() - older.size(), newer.count() - older.count()};
  if (options.group.charge() == snapshot::Charge::most_recent) return cli::sum_of(rows);
  return cli::sum_of(differences(loaded, options, snapshot::Charge::most_recent));
}

int run(int argc, const char* const* argv) {
  Options options;
  if (!options.parse(argc, argv)) return cli::kDone;
  const snapshot::Charge charge = options.group.charge();

  cli::Timing timing;
  if (options.later) options.paths.push_back(*options.later);
  cli::LoadedSnapshots loaded =
      cli::load_snapshots(options.paths, options.input, options.filter, options.group, timing);
  std::vector<StatisticDiff> rows = differences(loaded, options, charge);

  cli::Report report;
  report.tool = "tmdiff";
  report.compares = true;
  report.group_by = options.group.group_by;
  report.cumulative = charge != snapshot::Charge::most_recent;
  report.recursion = charge == snapshot::Charge::every_frame;
  report.total = total_of(loaded, options, rows);
  // tracemalloc's own lines are those of compare_to, which leaves nothing out.
  if (!options.same && options.output.format() != cli::OutputFormat::tracemalloc) {
    report.unchanged = cli::take_unchanged(rows, report.cumulative);
  }
  const snapshot::KeyOrder order(*loaded.symbols, options.group.group_by, options.output.frame_order());
  std::vector<std::string> failures;
  if (options.gates.any()) {
    cli::Report all = report;
    fill_rows(all, *loaded.symbols, rank(rows, order, {}));
    failures = exceeded(options.gates, all);
  }
  const auto ranked = rank(std::move(rows), order, options.output.rank());
  timing.end(cli::Step::group);

  report.snapshots = std::move(loaded.files);
  for (std::size_t at = 0; at < report.snapshots.size(); ++at) {
    report.snapshots[at].role = std::array{"old", "new", "later"}[at];
  }
  fill_rows(report, *loaded.symbols, ranked);
  cli::Output output;
  print(options.output.format(), report, options.output.print(), output);
  output.finish();
  timing.end(cli::Step::print);
  if (options.output.timing) timing.report("tmdiff");
  for (const std::string& line : failures) std::fprintf(stderr, "tmdiff: %s\n", line.c_str());
  return failures.empty() ? cli::kDone : cli::kNo;
}

}  // namespace

int main(int argc, char** argv) {
  return cli::run_tool("tmdiff", [&] { return run(argc, argv); });
}

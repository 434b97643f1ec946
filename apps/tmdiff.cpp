#include "common/gate.h"
#include "common/groups.h"
#include "common/load_snapshots.h"
#include "common/options.h"
#include "common/output.h"
#include "common/report.h"
#include "common/timing.h"
#include "common/tool.h"

#include <snapshot/compare.h>

#include <array>
#include <cstdio>
#include <functional>
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
  cli::PathOptions path_options;
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
    path_options.add_to(command);
    output.add_to(command, true);
    input.add_to(command);
    return command.parse(argc, argv);
  }
};

using Statistics = std::vector<snapshot::Statistic>;

/// The rows of the comparison, unranked, by what `statistics_of` says of OLD, NEW and LATER.
std::vector<StatisticDiff> differences(const std::function<Statistics(std::size_t)>& statistics_of, bool with_later) {
  if (!with_later) return snapshot::compare(statistics_of(0), statistics_of(1));
  auto rows = snapshot::compare(statistics_of(0), snapshot::retained(statistics_of(1), statistics_of(2)));
  std::erase_if(
      rows, [](const StatisticDiff& row) { return row.status() != Status::fresh && row.status() != Status::grown; });
  return rows;
}

cli::Amounts difference(const cli::Amounts& older, const cli::Amounts& newer) {
  return {newer.size, newer.count, newer.size - older.size, newer.count - older.count};
}

/// What the snapshots hold, compared: whole where all of them is, else what the groups add up to, which must not
/// overlap for that. And what of it lies outside the project.
void add_up(const cli::LoadedSnapshots& loaded, const Options& options,
            const std::function<std::vector<StatisticDiff>()>& disjoint_rows, cli::Report& report) {
  const std::vector<cli::Amounts>& outside = loaded.outside;
  const auto all_of = [&](std::size_t at) {
    return cli::Amounts{loaded.snapshots[at].size() + outside[at].size,
                        loaded.snapshots[at].count() + outside[at].count};
  };
  report.total = options.later ? cli::sum_of(disjoint_rows()) : difference(all_of(0), all_of(1));
  if (options.path_options.mine() && !options.later) report.outside = {0, difference(outside[0], outside[1])};
}

int run(int argc, const char* const* argv) {
  Options options;
  if (!options.parse(argc, argv)) return cli::kDone;

  cli::Timing timing;
  if (options.later) options.paths.push_back(*options.later);
  cli::LoadedSnapshots loaded = cli::load_snapshots(
      options.paths, {options.input, options.filter, options.path_options}, options.group.detail(), timing);
  const cli::Groups groups(loaded, options.group, options.path_options);
  const auto snapshot_at = [&](std::size_t at) { return std::span(loaded.snapshots).subspan(at, 1); };
  const auto rows_of = [&](const auto& statistics) { return differences(statistics, options.later.has_value()); };
  std::vector<StatisticDiff> rows = rows_of([&](std::size_t at) { return groups.statistics(snapshot_at(at)); });
  const std::vector<StatisticDiff> pairs = rows_of([&](std::size_t at) { return groups.pairs(snapshot_at(at)); });

  cli::Report report;
  report.tool = "tmdiff";
  report.compares = true;
  groups.describe(report);
  const auto disjoint_rows = [&] { return rows_of([&](std::size_t at) { return groups.disjoint(snapshot_at(at)); }); };
  add_up(loaded, options, disjoint_rows, report);
  // tracemalloc's lines are those of compare_to, which leaves nothing out.
  report.hides_unchanged = !options.same && options.output.format() != cli::OutputFormat::tracemalloc;
  if (report.hides_unchanged) report.unchanged = cli::take_unchanged(rows, report.cumulative);
  std::vector<std::string> failures;
  if (options.gates.any()) {
    cli::Report all = report;
    groups.rank_into<StatisticDiff>(all, rows, pairs, {}, options.output.frame_order());
    failures = exceeded(options.gates, all);
  }
  groups.rank_into<StatisticDiff>(report, std::move(rows), pairs, options.output.rank(), options.output.frame_order());
  timing.end(cli::Step::group);

  report.snapshots = std::move(loaded.files);
  for (std::size_t at = 0; at < report.snapshots.size(); ++at) {
    report.snapshots[at].role = std::array{"old", "new", "later"}[at];
  }
  cli::Output output(options.output.paging());
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

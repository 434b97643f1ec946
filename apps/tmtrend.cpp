#include "common/groups.h"
#include "common/load_file.h"
#include "common/load_snapshots.h"
#include "common/options.h"
#include "common/output.h"
#include "common/timing.h"
#include "common/tool.h"
#include "trend/gate.h"
#include "trend/inputs.h"
#include "trend/options.h"
#include "trend/print.h"
#include "trend/series.h"
#include "trend/trends.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

struct Options {
  cli::TrendOptions trend;
  cli::GroupOptions group;
  cli::FilterOptions filter;
  cli::PathOptions paths;
  cli::InputOptions input;

  bool parse(int argc, const char* const* argv) {
    cli::CommandLine command("tmtrend",
                             "Say what keeps growing in a series of memory snapshots, how fast, and how sure.");
    trend.add_to(command);
    group.add_to(command, 1);
    filter.add_to(command);
    paths.add_to(command);
    input.add_to(command);
    return command.parse(argc, argv);
  }
};

/// Reads one file after the other, of which the sums stay.
cli::Series read_series(const std::vector<std::string>& inputs, const Options& options, cli::TrendReport& report,
                        cli::Timing& timing) {
  cli::Series series(options.group.specs()[0].by, options.trend.quantity);
  for (const std::string& path : inputs) {
    cli::LoadedSnapshots loaded{std::make_shared<snapshot::Symbols>(), {}, {}, {}};
    load_snapshot(path, {options.input, options.filter, options.paths}, options.group.detail(), loaded, timing);
    series.add(cli::Groups(loaded, options.group, options.paths), loaded);
    report.snapshots.push_back(std::move(loaded.files.front()));
    if (report.snapshots.back().count == 0) {
      const std::string what = cli::input_name(path) + ": holds no blocks";
      if (!options.trend.fail_on.empty()) throw std::runtime_error(what);
      cli::say(what);
    }
    timing.end(cli::Step::group);
  }
  const std::vector<std::size_t> order = cli::series_order(report.snapshots);
  series.reorder(order);
  std::vector<cli::ReportSnapshot> ordered;
  for (const std::size_t at : order) ordered.push_back(std::move(report.snapshots[at]));
  report.snapshots = std::move(ordered);
  return series;
}

int run(int argc, const char* const* argv) {
  Options options;
  if (!options.parse(argc, argv)) return cli::kDone;
  const std::vector<std::string> inputs = cli::series_inputs(options.trend);

  cli::Timing timing;
  cli::TrendReport report;
  report.group_by = options.group.names();
  report.by = options.group.specs()[0].by;
  report.quantity = options.trend.quantity;
  report.cumulative = options.group.charge() != snapshot::Charge::most_recent;
  report.recursion = options.group.charge() == snapshot::Charge::every_frame;
  report.limit_size = options.trend.limit_size;
  report.limit_text = options.trend.limit_text;
  const cli::Series series = read_series(inputs, options, report, timing);
  if (!options.trend.fail_on.empty() && series.site_count() == 0) {
    throw std::runtime_error("--fail-on: no block passes the filters");
  }
  const cli::Trends trends(series, report.snapshots, options.trend.rules);
  const cli::TrendRank rank = options.trend.rank();
  const std::vector<std::size_t> order = trends.ranked(rank.sort, rank.reverse);
  trends.fill(report, order, rank.limit, options.paths.mine());
  const std::vector<std::string> failures = cli::refused(options.trend, trends, report, order);
  timing.end(cli::Step::group);

  cli::Output output(options.trend.paging());
  print_trends(options.trend.format(), report, options.trend.style(), output);
  output.finish();
  timing.end(cli::Step::print);
  if (options.trend.timing) timing.report("tmtrend");
  for (const std::string& line : failures) cli::say(line);
  if (!failures.empty()) return cli::kNo;
  const std::string undecided = cli::undecided(report);
  if (undecided.empty()) return cli::kDone;
  cli::say(undecided);
  return options.trend.fail_on.empty() ? cli::kDone : cli::kFailure;
}

}  // namespace

int main(int argc, char** argv) {
  return cli::run_tool("tmtrend", [&] { return run(argc, argv); });
}

#include "common/groups.h"
#include "common/load_snapshots.h"
#include "common/options.h"
#include "common/output.h"
#include "common/report.h"
#include "common/timing.h"
#include "common/tool.h"

namespace {

/// What the snapshots hold together, and what of it lies outside the project.
void add_up(const cli::LoadedSnapshots& loaded, bool mine, cli::Report& report) {
  for (std::size_t at = 0; at < loaded.snapshots.size(); ++at) {
    report.total.size += loaded.snapshots[at].size();
    report.total.count += loaded.snapshots[at].count();
    if (mine) add_outside(report, loaded.outside[at]);
  }
}

int run(int argc, const char* const* argv) {
  cli::CommandLine command(
      "tmtop", "Rank what a memory snapshot holds, by where it was allocated. Several snapshots are added up.");
  std::vector<std::string> paths;
  cli::GroupOptions group;
  cli::FilterOptions filter;
  cli::PathOptions path_options;
  cli::InputOptions input;
  cli::OutputOptions output_options;
  command.arguments("SNAPSHOT...", paths, 1, 0, "Files to read, recognised by content; - is standard input");
  group.add_to(command);
  filter.add_to(command);
  path_options.add_to(command);
  output_options.add_to(command, false);
  input.add_to(command);
  if (!command.parse(argc, argv)) return cli::kDone;

  cli::Timing timing;
  cli::LoadedSnapshots loaded = cli::load_snapshots(paths, {input, filter, path_options}, group.detail(), timing);
  const cli::Groups groups(loaded, group, path_options);
  cli::Report report;
  report.tool = "tmtop";
  groups.describe(report);
  add_up(loaded, path_options.mine(), report);
  const auto pairs = groups.pairs(loaded.snapshots);
  groups.rank_into<snapshot::Statistic>(report, groups.statistics(loaded.snapshots), pairs, output_options.rank(),
                                        output_options.frame_order());
  report.snapshots = std::move(loaded.files);
  timing.end(cli::Step::group);

  cli::Output output(output_options.paging());
  print(output_options.format(), report, output_options.print(), output);
  output.finish();
  timing.end(cli::Step::print);
  if (output_options.timing) timing.report("tmtop");
  return cli::kDone;
}

}  // namespace

int main(int argc, char** argv) {
  return cli::run_tool("tmtop", [&] { return run(argc, argv); });
}

#include "common/load_snapshots.h"
#include "common/options.h"
#include "common/output.h"
#include "common/report.h"
#include "common/timing.h"
#include "common/tool.h"

namespace {

cli::Amounts total_of(const std::vector<snapshot::Snapshot>& snapshots) {
  cli::Amounts total;
  for (const snapshot::Snapshot& snapshot : snapshots) {
    total.size += snapshot.size();
    total.count += snapshot.count();
  }
  return total;
}

int run(int argc, const char* const* argv) {
  cli::CommandLine command(
      "tmtop", "Rank what a memory snapshot holds, by where it was allocated. Several snapshots are added up.");
  std::vector<std::string> paths;
  cli::GroupOptions group;
  cli::FilterOptions filter;
  cli::InputOptions input;
  cli::OutputOptions output_options;
  command.arguments("SNAPSHOT...", paths, 1, 0, "Files to read, recognised by content; - is standard input");
  group.add_to(command);
  filter.add_to(command);
  output_options.add_to(command, false);
  input.add_to(command);
  if (!command.parse(argc, argv)) return cli::kDone;
  const snapshot::Charge charge = group.charge();

  cli::Timing timing;
  cli::LoadedSnapshots loaded = cli::load_snapshots(paths, input, filter, group, timing);
  auto statistics = snapshot::statistics(loaded.snapshots, group.group_by, charge);
  const snapshot::KeyOrder order(*loaded.symbols, group.group_by, output_options.frame_order());
  const auto ranked = rank(std::move(statistics), order, output_options.rank());
  timing.end(cli::Step::group);

  cli::Report report;
  report.tool = "tmtop";
  report.group_by = group.group_by;
  report.cumulative = charge != snapshot::Charge::most_recent;
  report.recursion = charge == snapshot::Charge::every_frame;
  report.snapshots = std::move(loaded.files);
  report.total = total_of(loaded.snapshots);
  fill_rows(report, *loaded.symbols, ranked);
  cli::Output output;
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

#include "common/grep_options.h"
#include "common/groups.h"
#include "common/keep_groups.h"
#include "common/load_file.h"
#include "common/load_snapshots.h"
#include "common/output.h"
#include "common/output_format.h"
#include "common/tool.h"

#include <snapshot/utf8.h>

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace {

using cli::GrepAnswer;

/// A line for a file: its name where the answers are of several, and how many blocks were found.
std::string answer_line(const cli::GrepOptions& options, const std::string& path, std::int64_t count) {
  const std::string name = snapshot::printable(snapshot::text_from_bytes(cli::input_name(path)));
  const GrepAnswer answer = options.answer();
  if (answer == GrepAnswer::count) {
    return (options.paths.size() > 1 ? name + ":" : "") + std::to_string(count) + "\n";
  }
  if (answer == GrepAnswer::with && count > 0) return name + "\n";
  return answer == GrepAnswer::without && count == 0 ? name + "\n" : "";
}

/// Puts the groups of each snapshot into the report, one snapshot after the other.
void add_groups(const cli::LoadedSnapshots& loaded, const cli::GrepOptions& options, cli::Report& report) {
  const cli::Groups groups(loaded, options.group, options.path_options);
  groups.describe(report);
  for (std::size_t at = 0; at < loaded.snapshots.size(); ++at) {
    const std::span one(&loaded.snapshots[at], 1);
    const auto pairs = groups.pairs(one);
    cli::Report of_one;
    groups.describe(of_one);
    auto rows = groups.statistics(one);
    // Blocks that are charged to a group of so many are in smaller ones as well.
    std::erase_if(rows, [&](const snapshot::Statistic& row) { return row.count < options.min_count; });
    groups.rank_into<snapshot::Statistic>(of_one, std::move(rows), pairs, options.output.rank(),
                                          options.output.frame_order());
    for (cli::ReportRow& row : of_one.rows) {
      if (options.paths.size() > 1) row.snapshot = loaded.files[at].path;
      report.rows.push_back(std::move(row));
    }
    report.others.groups += of_one.others.groups;
    report.others.amounts.size += of_one.others.amounts.size;
    report.others.amounts.count += of_one.others.amounts.count;
    report.total.size += loaded.snapshots[at].size();
    report.total.count += loaded.snapshots[at].count();
    if (options.path_options.mine()) add_outside(report, loaded.outside[at]);
  }
}

void write_snapshot(const snapshot::Snapshot& snapshot, const cli::GrepOptions& options) {
  const cli::Destination out = options.destination();
  const formats::Format& format = output_format(options.out_format(), out);
  out.write([&](snapshot::ByteSink& sink) { format.write(snapshot, {}, sink); });
  tell_left_out(snapshot, format, out);
}

/// Before anything is read.
void check_destination(const cli::GrepOptions& options) {
  if (options.answer() != GrepAnswer::snapshot) return;
  const cli::Destination out = options.destination();
  if (output_format(options.out_format(), out).binary) out.refuse_terminal();
  out.refuse_input(options.paths[0]);
}

int run(int argc, const char* const* argv) {
  cli::GrepOptions options;
  if (!options.parse(argc, argv)) return cli::kDone;
  check_destination(options);
  const GrepAnswer answer = options.answer();
  const bool keeps_all = answer == GrepAnswer::groups || answer == GrepAnswer::snapshot;
  cli::Timing timing;
  cli::Output output(options.output.paging());
  cli::LoadedSnapshots loaded{std::make_shared<snapshot::Symbols>(), {}, {}, {}};
  bool failed = false;
  bool found = false;
  for (const std::string& path : options.paths) {
    const bool read = cli::attempt([&] {
      const cli::Selection selection{options.input, options.filter, options.path_options,
                                     answer == GrepAnswer::snapshot};
      load_snapshot(path, selection, options.detail(), loaded, timing);
      snapshot::Snapshot& snapshot = loaded.snapshots.back();
      if (options.min_count > 0) {
        snapshot = keep_groups(snapshot, options.group, options.path_options, options.min_count);
      }
      found |= snapshot.count() > 0;
      output.write(answer_line(options, path, snapshot.count()));
    });
    failed |= !read;
    if (found && answer == GrepAnswer::nothing) {  // as grep, whatever comes
      if (options.output.timing) timing.report("tmgrep");
      return cli::kDone;
    }
    if (!keeps_all) loaded = {std::make_shared<snapshot::Symbols>(), {}, {}, {}};
  }
  if (answer == GrepAnswer::snapshot && !failed) {
    write_snapshot(loaded.snapshots[0], options);
    if (const std::int64_t left_out = loaded.outside[0].count; left_out > 0)
      cli::say(std::to_string(left_out) + " blocks without a frame of the project are left out");
  }
  if (answer == GrepAnswer::groups && !loaded.snapshots.empty()) {
    cli::Report report;
    report.tool = "tmgrep";
    add_groups(loaded, options, report);
    report.snapshots = std::move(loaded.files);
    timing.end(cli::Step::group);
    if (found || options.output.format() == cli::OutputFormat::json) {
      print(options.output.format(), report, options.output.print(), output);
    }
  }
  output.finish();
  timing.end(cli::Step::print);
  if (options.output.timing) timing.report("tmgrep");
  if (failed) return cli::kFailure;
  return found ? cli::kDone : cli::kNo;
}

}  // namespace

int main(int argc, char** argv) {
  return cli::run_tool("tmgrep", [&] { return run(argc, argv); });
}

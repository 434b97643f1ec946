#include "check/baseline.h"
#include "check/check_options.h"
#include "check/compatible.h"
#include "check/evaluate.h"

#include "common/groups.h"
#include "common/load_file.h"
#include "common/load_snapshots.h"
#include "common/timing.h"
#include "common/tool.h"
#include "version.h"

#include <fmt/format.h>

#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using cli::LoadedSnapshots;

LoadedSnapshots load(const std::vector<std::string>& paths, const cli::CheckOptions& options, cli::Timing& timing) {
  const cli::Selection selection{options.input, options.filter, options.path_options};
  // Whole tracebacks, of which reports show the largest and suppressions look at every frame.
  const formats::Detail detail = std::max(options.group.detail(), formats::Detail::totals);
  LoadedSnapshots loaded = load_snapshots(paths, selection, detail, timing);
  for (std::size_t at = 0; at < paths.size(); ++at) {
    const std::string name = cli::input_name(paths[at]);
    if (loaded.files[at].count == 0) throw std::runtime_error(name + ": holds no blocks");
    if (loaded.snapshots[at].count() == 0) throw std::runtime_error(name + ": no block passes the filters");
  }
  return loaded;
}

/// Writes a baseline of the heads.
void write(const cli::BaselineTarget& target, const cli::CheckOptions& options, cli::Timing& timing) {
  check_target(target, options.heads);
  const LoadedSnapshots loaded = load(options.heads, options, timing);
  write_baseline(target, loaded.snapshots, loaded.symbols);
  timing.end(cli::Step::write);
}

bool is_missing(const std::string& path) {
  std::error_code error;
  return path != "-" && std::filesystem::symlink_status(path, error).type() == std::filesystem::file_type::not_found;
}

/// What differs between the baselines and the heads, for the report. Throws where numbers cannot be compared.
std::vector<std::string> compare_worlds(const LoadedSnapshots& loaded, const cli::CheckOptions& options) {
  const snapshot::GroupBy by = options.group.specs()[0].by;
  const cli::Needs needs{by == snapshot::GroupBy::traceback ||
                             options.group.charge() != snapshot::Charge::most_recent || options.path_options.mine() ||
                             options.filter.detail() == formats::Detail::totals,
                         by == snapshot::GroupBy::function, by == snapshot::GroupBy::module};
  std::vector<std::string> warnings;
  for (std::size_t base = 0; base < options.baselines.size(); ++base) {
    const std::size_t head = options.baselines.size();
    auto found =
        mismatches({loaded.snapshots[base], loaded.files[base]}, {loaded.snapshots[head], loaded.files[head]}, needs);
    if (!found.faults.empty() && !options.ignore_mismatch) {
      throw std::runtime_error(found.faults[0] + ": cannot be compared (see --ignore-mismatch)");
    }
    warnings.insert(warnings.end(), found.faults.begin(), found.faults.end());
    warnings.insert(warnings.end(), found.warnings.begin(), found.warnings.end());
  }
  return warnings;
}

int check(cli::CheckOptions& options, cli::Timing& timing) {
  const cli::CheckSettings settings = options.settings();
  std::vector<std::string> paths = options.baselines;
  paths.insert(paths.end(), options.heads.begin(), options.heads.end());
  for (const std::string& path : paths) options.reports.refuse_input(path);
  LoadedSnapshots loaded = load(paths, options, timing);
  const std::vector<std::string> differences = compare_worlds(loaded, options);
  const cli::Groups groups(loaded, options.group, options.path_options);
  const std::span<const snapshot::Snapshot> all = loaded.snapshots;
  const std::size_t bases = options.baselines.size();
  cli::CheckReport report = evaluate({all.first(bases), all.subspan(bases), groups, options.sources()}, settings);
  report.tool_version = cli::kVersion;
  report.group_by = options.group.names();
  report.warnings.insert(report.warnings.begin(), differences.begin(), differences.end());
  // A series is compared with its own beginning.
  const std::size_t before = options.is_series() ? 1 : bases;
  for (std::size_t at = 0; at < paths.size(); ++at) {
    loaded.files[at].role = at < before ? "baseline" : "head";
    (at < before ? report.baseline : report.heads).push_back(loaded.files[at]);
  }
  timing.end(cli::Step::group);
  options.reports.write_all(report);
  timing.end(cli::Step::print);
  if (report.verdict == cli::Verdict::inconclusive) cli::say("inconclusive: the runs differ by more than the excess");
  return report.status;
}

int run(int argc, const char* const* argv) {
  cli::CheckOptions options;
  if (!options.parse(argc, argv)) return cli::kDone;
  cli::Timing timing;
  int status = cli::kDone;
  if (options.update) {
    write(*options.update, options, timing);
  } else if (options.create && is_missing(options.create->path)) {
    write(*options.create, options, timing);
    cli::say(options.create->path + ": there was no baseline: written, nothing was checked");
  } else {
    status = check(options, timing);
  }
  if (options.timing) timing.report("tmcheck");
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  return cli::run_tool("tmcheck", [&] { return run(argc, argv); });
}

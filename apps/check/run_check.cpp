#include "run_check.h"

#include "compatible.h"
#include "version.h"

#include "common/groups.h"
#include "common/load_file.h"
#include "common/load_snapshots.h"

#include <algorithm>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace cli {
namespace {

LoadedSnapshots load(const std::vector<std::string>& paths, const CheckOptions& options, Timing& timing) {
  const Selection selection{options.input, options.filter, options.path_options};
  // Whole tracebacks, of which reports show the largest and suppressions look at every frame.
  const formats::Detail detail = std::max(options.group.detail(), formats::Detail::totals);
  LoadedSnapshots loaded = load_snapshots(paths, selection, detail, timing);
  for (std::size_t at = 0; at < paths.size(); ++at) {
    const std::string name = input_name(paths[at]);
    if (loaded.files[at].count == 0) throw std::runtime_error(name + ": holds no blocks");
    const bool is_head = at + options.heads.size() >= paths.size();
    if (is_head && loaded.snapshots[at].count() == 0) throw std::runtime_error(name + ": no block passes the filters");
  }
  return loaded;
}

/// What differs between the first snapshot, a baseline where there is one, and the others, for the report. Throws where
/// numbers cannot be compared.
std::vector<std::string> compare_worlds(const LoadedSnapshots& loaded, const CheckOptions& options) {
  const snapshot::GroupBy by = options.group.specs()[0].by;
  const Needs needs{by == snapshot::GroupBy::traceback || options.group.charge() != snapshot::Charge::most_recent ||
                        options.filter.detail() == formats::Detail::totals,
                    options.path_options.mine(), by == snapshot::GroupBy::function, by == snapshot::GroupBy::module};
  const auto side = [&](std::size_t at) {
    return Side{loaded.snapshots[at], loaded.files[at], loaded.outside[at].count};
  };
  std::vector<std::string> warnings;
  for (std::size_t at = 1; at < loaded.snapshots.size(); ++at) {
    auto found = mismatches(side(0), side(at), needs);
    if (!found.faults.empty() && !options.ignore_mismatch) {
      throw std::runtime_error(found.faults[0] + ": cannot be compared (see --ignore-mismatch)");
    }
    warnings.insert(warnings.end(), found.faults.begin(), found.faults.end());
    warnings.insert(warnings.end(), found.warnings.begin(), found.warnings.end());
  }
  return warnings;
}

/// Of a series each snapshot must be later than the one before: in another order the weakest cycle shows no growth.
void check_order(const LoadedSnapshots& loaded) {
  for (std::size_t at = 1; at < loaded.files.size(); ++at) {
    const ReportSnapshot& before = loaded.files[at - 1];
    const ReportSnapshot& after = loaded.files[at];
    if (before.time && after.time && *after.time <= *before.time) {
      throw std::runtime_error(input_name(after.path) + ": was not taken after " + input_name(before.path) +
                               ", and a --series is in the order of time");
    }
    std::error_code unknown;
    if (std::filesystem::equivalent(after.path, before.path, unknown)) {
      throw std::runtime_error(input_name(after.path) + ": stands twice in the --series");
    }
  }
}

}  // namespace

void write_baseline(const BaselineTarget& target, const CheckOptions& options, Timing& timing) {
  std::vector<std::string> inputs = options.heads;
  const std::vector<std::string> rule_files = options.rule_files();
  inputs.insert(inputs.end(), rule_files.begin(), rule_files.end());
  check_target(target, inputs);
  const LoadedSnapshots loaded = load(options.heads, options, timing);
  write_baseline(target, loaded.snapshots, loaded.symbols);
  timing.end(Step::write);
}

bool is_missing(const std::string& path) {
  std::error_code error;
  return path != "-" && std::filesystem::symlink_status(path, error).type() == std::filesystem::file_type::not_found;
}

CheckReport run_check(CheckOptions& options, Timing& timing) {
  const CheckSettings settings = options.settings();
  std::vector<std::string> paths = options.baselines;
  paths.insert(paths.end(), options.heads.begin(), options.heads.end());
  for (const std::string& path : paths) options.reports.refuse_input(path);
  for (const std::string& path : options.rule_files()) options.reports.refuse_input(path);
  LoadedSnapshots loaded = load(paths, options, timing);
  if (options.is_series()) check_order(loaded);
  const std::vector<std::string> differences = compare_worlds(loaded, options);
  const Groups groups(loaded, options.group, options.path_options);
  const std::span<const snapshot::Snapshot> all = loaded.snapshots;
  const std::size_t bases = options.baselines.size();
  CheckReport report = evaluate({all.first(bases), all.subspan(bases), groups, options.sources()}, settings);
  report.tool_version = kVersion;
  report.group_by = options.group.names();
  report.warnings.insert(report.warnings.begin(), differences.begin(), differences.end());
  // A series is compared with its own beginning.
  const std::size_t before = options.is_series() ? 1 : bases;
  for (std::size_t at = 0; at < paths.size(); ++at) {
    loaded.files[at].role = at < before ? "baseline" : "head";
    (at < before ? report.baseline : report.heads).push_back(loaded.files[at]);
  }
  timing.end(Step::group);
  return report;
}

}  // namespace cli

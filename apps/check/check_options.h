#pragma once

#include "baseline.h"
#include "evaluate.h"
#include "report_options.h"

#include "common/options.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace cli {

/// The command line of tmcheck.
struct CheckOptions {
  std::vector<std::string> heads;  ///< without those that warm up
  std::vector<std::string> baselines;
  std::optional<BaselineTarget> update;  ///< only write a baseline
  std::optional<BaselineTarget> create;  ///< write the baseline if it is missing
  bool ignore_mismatch = false;
  bool timing = false;
  GroupOptions group;
  FilterOptions filter;
  PathOptions path_options;
  InputOptions input;
  ReportOptions reports;

  bool parse(int argc, const char* const* argv);

  bool is_series() const { return series_; }

  /// The budget and the suppressions.
  std::vector<std::string> rule_files() const;

  /// Reads the budget and the suppressions. Throws what they throw, and UsageError for a rule that there is nothing to
  /// compare for.
  CheckSettings settings() const;

  /// Valid as long as this is.
  Sources sources();

 private:
  void add_baselines(CommandLine& command);
  void add_rules(CommandLine& command);
  void add_runs(CommandLine& command);
  void add_sites(CommandLine& command);
  void check();
  void check_update() const;
  bool has_rules() const { return !rules_.empty() || budget_; }

  std::optional<std::string> budget_;
  std::vector<std::string> suppressions_;
  UnusedSuppressions unused_ = UnusedSuppressions::warn;
  std::vector<Rule> rules_;
  RuleDefaults defaults_;
  MatchHow match_ = MatchHow::automatic;
  std::optional<RunMode> mode_;
  std::size_t warmup_ = 0;
  bool series_ = false;
  bool strict_ = false;
  std::optional<Date> today_;
  bool creates_ = false;
  const formats::Format* baseline_format_ = nullptr;
  std::optional<SourceLines> source_;
  std::optional<SourceLines> baseline_source_;
};

}  // namespace cli

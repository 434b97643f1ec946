#include "check_options.h"

#include "budget.h"

#include "common/load_file.h"
#include "common/parse_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace cli {

void CheckOptions::add_baselines(CommandLine& command) {
  command.option(
      "--baseline", "BASE", [this](const std::string& path) { baselines.push_back(path); },
      "Compare with this snapshot; several are runs of the same", true);
  command.option(
      "--update-baseline", "FILE", [this](const std::string& path) { update = BaselineTarget{path}; },
      "Write the sums of SNAPSHOT as a baseline, and check nothing; of several that of median size");
  command.flag("--create-baseline", creates_, "Write the --baseline if there is no such file, and check nothing then");
  command.option(
      "--baseline-format", "FMT",
      [this](const std::string& name) {
        baseline_format_ =
            formats::find_writer(parse_choice<std::string_view>(name, {{"tms", "tms"}, {"sites", "sites"}}));
      },
      "Write the baseline as tms or as sites, a text for version control (default: by its extension; tms)");
  command.flag("--ignore-mismatch", ignore_mismatch, "Compare what was recorded in ways that cannot be compared");
}

void CheckOptions::add_rules(CommandLine& command) {
  const auto add = [&](const char* name, Severity severity, const char* help) {
    command.option(
        name, "RULE", [this, severity](const std::string& text) { rules_.push_back(parse_rule(text, severity)); }, help,
        true);
  };
  command.option(
      "--budget", "FILE", [this](const std::string& path) { budget_ = path; }, "Take the rules of this file, in JSON");
  add("--fail", Severity::fail,
      "Status 1 if QUANTITY>LIMIT[@SCOPE], as size>512MiB, count>+100@glob:*/json/* or size>+10%@site (default)");
  add("--warn", Severity::warn, "The same without the status");
  command.option(
      "--min-growth", "SIZE", [this](const std::string& text) { defaults_.min_growth = parse_size(text); },
      "Growth by a percentage counts above this alone (default 64KiB)");
  command.option(
      "--require", "WHAT",
      [this](const std::string& text) {
        defaults_.require_count = parse_choice<bool>(text, {{"count", true}});
      },
      "Growth counts only with more blocks: count");
  command.flag("--strict", strict_, "Status 1 for what is inconclusive, and for a rule about nothing");
  command.option(
      "--suppressions", "FILE", [this](const std::string& path) { suppressions_.push_back(path); },
      "Silence what these patterns match (leak:PATTERN)", true);
  command.option(
      "--unused-suppressions", "HOW",
      [this](const std::string& text) {
        unused_ = parse_choice<UnusedSuppressions>(text, {{"warn", UnusedSuppressions::warn},
                                                          {"error", UnusedSuppressions::error},
                                                          {"ignore", UnusedSuppressions::ignore}});
      },
      "What silences nothing, or is expired: warn (default), error (status 1) or ignore");
  command.option(
      "--today", "DATE", [this](const std::string& text) { today_ = parse_date(text); },
      "The date by which suppressions expire (default: today, UTC)");
}

void CheckOptions::add_runs(CommandLine& command) {
  command.option(
      "--runs", "HOW",
      [this](const std::string& text) {
        mode_ = parse_choice<RunMode>(text, {{"median", RunMode::median}, {"least", RunMode::least}});
      },
      "What several runs make: their median (default), or the least growth between any two");
  command.flag("--series", series_, "Take the snapshots for one process in time: growth is that of the weakest cycle");
  command.option(
      "--warmup", "N",
      [this](const std::string& text) { warmup_ = parse_number(text, std::numeric_limits<std::uint32_t>::max()); },
      "Leave out the first N snapshots");
}

void CheckOptions::add_sites(CommandLine& command) {
  command.option(
      "--match", "HOW",
      [this](const std::string& text) {
        match_ = parse_choice<MatchHow>(text, {{"auto", MatchHow::automatic}, {"lineno", MatchHow::key}});
      },
      "How sites are found again: auto (default: also where lines have moved) or lineno");
  command.option(
      "--source-root", "DIR", [this](const std::string& text) { source_.emplace(text); },
      "Look for source files under this directory");
  command.option(
      "--baseline-source-root", "DIR", [this](const std::string& text) { baseline_source_.emplace(text); },
      "Look for those of the baseline under this one, and match sites by their source lines");
}

bool CheckOptions::parse(int argc, const char* const* argv) {
  CommandLine command("tmcheck", "Fail when memory snapshots exceed a budget, or grow over a baseline.");
  command.arguments("SNAPSHOT...", heads, 1, 0, "Files to check, recognised by content; - is standard input");
  add_baselines(command);
  add_rules(command);
  add_runs(command);
  add_sites(command);
  reports.add_to(command);
  group.add_to(command, 1);
  filter.add_to(command);
  path_options.add_to(command);
  input.add_to(command);
  add_timing(command, timing);
  command.after_parse([this] { check(); });
  return command.parse(argc, argv);
}

void CheckOptions::check() {
  if (warmup_ >= heads.size()) {
    throw UsageError(fmt::format("--warmup: leaves out all {} snapshots", heads.size()));
  }
  heads.erase(heads.begin(), heads.begin() + static_cast<std::ptrdiff_t>(warmup_));
  if (series_ && !baselines.empty())
    throw UsageError("--series: compares snapshots with each other, not with a --baseline");
  if (series_ && heads.size() < 2) throw UsageError("--series: needs at least 2 snapshots besides those of --warmup");
  if (series_ && mode_) throw UsageError("--series: goes without --runs");
  if (baseline_format_ != nullptr && !update && !creates_) {
    throw UsageError("--baseline-format: goes with --update-baseline or --create-baseline");
  }
  if (creates_ && baselines.size() != 1) throw UsageError("--create-baseline: needs one --baseline");
  if (creates_) create = BaselineTarget{baselines[0], baseline_format_};
  std::vector<std::string> inputs = baselines;
  inputs.insert(inputs.end(), heads.begin(), heads.end());
  refuse_twice(inputs);
  if (!update) return;
  update->format = baseline_format_;
  check_update();
}

/// What says how to judge has no effect on a baseline: a script may have the same options for both.
void CheckOptions::check_update() const {
  if (!baselines.empty()) throw UsageError("--update-baseline: compares nothing, and takes no --baseline");
  if (series_) throw UsageError("--update-baseline: writes one snapshot, and takes no --series");
}

std::vector<std::string> CheckOptions::rule_files() const {
  std::vector<std::string> files = suppressions_;
  if (budget_) files.push_back(*budget_);
  return files;
}

CheckSettings CheckOptions::settings() const {
  CheckSettings settings;
  settings.mode = series_ ? RunMode::series : mode_.value_or(RunMode::median);
  settings.match = match_;
  settings.strict = strict_;
  settings.unused = unused_;
  settings.today = today_.value_or(today());
  settings.rules = rules_;
  if (budget_) {
    Budget budget = read_budget(*budget_);
    complete(budget.rules, {defaults_.min_growth ? defaults_.min_growth : budget.defaults.min_growth,
                            defaults_.require_count || budget.defaults.require_count});
    settings.rules.insert(settings.rules.end(), budget.rules.begin(), budget.rules.end());
  }
  const bool compares = series_ || !baselines.empty();
  if (settings.rules.empty()) {
    if (!compares) throw UsageError("nothing to check by: no --baseline, --budget or --fail");
    settings.rules.push_back(default_rule());
  }
  complete(settings.rules, defaults_);
  for (const Rule& rule : settings.rules) {
    if (compares || (!rule.is_relative() && rule.scope != Scope::new_site)) continue;
    throw UsageError("the rule " + rule.name + " needs a --baseline");
  }
  for (const std::string& path : suppressions_) {
    std::vector<Suppression> more = read_suppressions(path);
    settings.suppressions.insert(settings.suppressions.end(), more.begin(), more.end());
  }
  return settings;
}

Sources CheckOptions::sources() {
  if (!source_) source_.emplace("");  // where their names say
  return {baseline_source_ ? &*baseline_source_ : nullptr, &*source_};
}

}  // namespace cli

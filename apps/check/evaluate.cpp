#include "evaluate.h"

#include "findings.h"
#include "scopes.h"
#include "silence.h"
#include "site_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace cli {
namespace {

using snapshot::Snapshot;

std::string date_text(const std::optional<Date>& date) {
  if (!date) return "";
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date->year()), static_cast<unsigned>(date->month()),
                     static_cast<unsigned>(date->day()));
}

/// A report in the making.
class Evaluation {
 public:
  Evaluation(const CheckInput& input, const CheckSettings& settings)
      : input_(input),
        settings_(settings),
        sites_(match_sites(input.groups, input.base, input.head, settings.match, settings.mode, input.sources)),
        names_(input.groups, input.base, input.head, input.sources),
        suppressor_(settings.suppressions, settings.today) {
    for (std::size_t at = 0; at < settings.suppressions.size(); ++at) {
      const Suppression& each = settings.suppressions[at];
      report_.suppressions.push_back(
          {each.pattern, each.reason, date_text(each.expires), each.origin, 0, 0, suppressor_.is_expired(at)});
    }
    if (!settings.suppressions.empty()) silence_.emplace(suppressor_, input.groups, input.base, input.head);
  }

  CheckReport report() && {
    RuleName whole;
    whole.scope = Scope::total;
    const Compared total = combine(runs_of(whole), settings_.mode);
    report_.base_total = total.base;
    report_.head_total = total.head;
    add_sites();
    for (const Rule& rule : settings_.rules) {
      report_.rules.push_back(rule);
      if (is_of_sites(rule.scope)) {
        judge_sites(rule);
      } else {
        judge_sum(rule);
      }
    }
    finish_findings();
    check_suppressions();
    conclude();
    return std::move(report_);
  }

 private:
  /// Whether nothing of it was there before.
  bool is_new(const SiteRuns& site) const {
    if (settings_.mode == RunMode::series) return site.runs.head.front().count == 0;
    return !site.base_key && combine(site.runs, settings_.mode).base.count == 0;
  }

  void add_sites() {
    for (const SiteRuns& each : sites_) {
      const Compared compared = combine(each.runs, settings_.mode);
      const Holding& base = compared.base;
      const Holding& head = compared.head;
      if (each.matched > MatchedBy::key) report_.moved.push_back(names_.site_of(each, compared));
      if (input_.base.empty() && settings_.mode != RunMode::series) continue;  // nothing to have grown from
      if (base == head) {
        ++report_.unchanged;
        continue;
      }
      const bool grew = head.size != base.size ? head.size > base.size : head.count > base.count;
      (grew ? report_.grown : report_.shrunk).push_back(names_.site_of(each, compared));
    }
    const auto order = [](int sign) {
      return [=](const Site& a, const Site& b) {
        if (a.size_diff() != b.size_diff()) return sign * a.size_diff() > sign * b.size_diff();
        if (a.count_diff() != b.count_diff()) return sign * a.count_diff() > sign * b.count_diff();
        return std::tie(a.filename, a.lineno, a.key) < std::tie(b.filename, b.lineno, b.key);
      };
    };
    report_.matched_weakly = report_.moved.size();
    std::ranges::sort(report_.moved, [](const Site& a, const Site& b) {
      return std::tie(a.filename, a.lineno, a.key) < std::tie(b.filename, b.lineno, b.key);
    });
    std::ranges::sort(report_.grown, order(1));
    std::ranges::sort(report_.shrunk, order(-1));
  }

  void judge_sites(const Rule& rule) {
    for (const SiteRuns& site : sites_) {
      if (rule.scope == Scope::new_site && !is_new(site)) continue;
      const auto judgement = judge(rule, site.runs, settings_.mode);
      if (!judgement) {
        add_absent(rule, site);
        continue;
      }
      Finding finding = finding_of(rule, *judgement);
      finding.site = names_.site_of(site, judgement->compared);
      names_.add_details(*finding.site, site);
      const std::optional<Runs> rest = silence_ ? silence_->rest_of(site) : std::nullopt;
      add(std::move(finding), rule, rest, [&] { return silence_->suppressions_of(site); });
    }
  }

  /// What was over an absolute limit before, and is not now.
  void add_absent(const Rule& rule, const SiteRuns& site) {
    if (rule.is_relative() || rule.scope != Scope::site || input_.base.empty()) return;
    const auto before = judge(rule, {{}, site.runs.base}, settings_.mode);
    if (!before) return;
    Finding finding = finding_of(rule, *before);
    finding.site = names_.site_of(site, combine(site.runs, settings_.mode));
    finding.base = finding.site->base;
    finding.head = finding.site->head;
    report_.absent.push_back(std::move(finding));
  }

  void judge_sum(const Rule& rule) {
    bool matches = false;
    const Runs runs = runs_of(rule, &matches);
    if (!matches) unmatched_rules_.push_back(fmt::format("the rule {} matches nothing", rule.name));
    const auto judgement = judge(rule, runs, settings_.mode);
    if (!judgement) return;
    const std::optional<Runs> rest = silence_ ? silence_->rest_of(rule, runs) : std::nullopt;
    add(finding_of(rule, *judgement), rule, rest, [&] { return silence_->suppressions_of(rule); });
  }

  /// What a rule that adds up is about.
  Runs runs_of(const RuleName& rule, bool* matches = nullptr) const {
    Runs runs;
    for (const auto& [side, into] : {std::pair(input_.base, &runs.base), std::pair(input_.head, &runs.head)}) {
      for (const Snapshot& snapshot : side) {
        const std::vector<bool> rows = totals_in(rule, snapshot);
        if (matches != nullptr) *matches |= std::ranges::find(rows, true) != rows.end();
        into->push_back(holding_of(snapshot, rows));
      }
    }
    return runs;
  }

  /// `suppressions_of` gives the suppressions that left the rest, of which the largest counts the finding as its own.
  template <typename Find>
  void add(Finding finding, const Rule& rule, const std::optional<Runs>& rest, Find suppressions_of) {
    finding.message = message_of(finding, settings_.mode);
    const SilencedSizes silenced = rest ? suppressions_of() : SilencedSizes{};
    for (const auto& [suppression, size] : silenced) report_.suppressions[suppression].used = true;
    if (!rest || judge(rule, *rest, settings_.mode)) {
      report_.findings.push_back(std::move(finding));
      return;
    }
    const auto largest = std::ranges::max_element(silenced, {}, &SilencedSizes::value_type::second);
    SuppressionUse& use = report_.suppressions[largest->first];
    finding.suppressed_by = use.pattern;
    finding.suppression_reason = use.reason;
    ++use.findings;
    const std::int64_t growth = finding.head.size - finding.base.size;
    if (__builtin_add_overflow(use.size, growth, &use.size)) use.size = std::numeric_limits<std::int64_t>::max();
    report_.suppressed.push_back(std::move(finding));
  }

  void finish_findings() {
    std::vector<Finding*> all;
    for (auto* findings : {&report_.findings, &report_.suppressed, &report_.absent}) {
      std::ranges::stable_sort(*findings, is_worse);
      for (Finding& finding : *findings) all.push_back(&finding);
    }
    for (Finding& finding : report_.absent) finding.message = message_of(finding, settings_.mode);
    set_fingerprints(std::move(all));
  }

  void check_suppressions() {
    const auto idle = [](const SuppressionUse& use) { return use.findings == 0 && !use.used; };
    if (settings_.unused == UnusedSuppressions::ignore) {
      std::erase_if(report_.suppressions, idle);
    } else if (settings_.unused == UnusedSuppressions::error) {
      fails_otherwise_ |= std::ranges::any_of(report_.suppressions, idle);
    }
  }

  void conclude() {
    for (const std::string& what : unmatched_rules_) report_.warnings.push_back(what);
    fails_otherwise_ |= settings_.strict && !unmatched_rules_.empty();
    bool fails = fails_otherwise_;
    bool unsure = false;
    for (const Finding& finding : report_.findings) {
      if (finding.rule.severity == Severity::fail) (finding.inconclusive ? unsure : fails) = true;
    }
    if (unsure)
      report_.warnings.emplace_back("the runs differ by more than a limit is exceeded by: more runs may tell");
    report_.verdict = fails ? Verdict::fail : unsure ? Verdict::inconclusive : Verdict::pass;
    report_.status = fails || (unsure && settings_.strict) ? 1 : 0;
  }

  const CheckInput& input_;
  const CheckSettings& settings_;
  std::vector<SiteRuns> sites_;
  SiteNames names_;
  Suppressor suppressor_;
  std::optional<Silence> silence_;
  std::vector<std::string> unmatched_rules_;
  bool fails_otherwise_ = false;
  CheckReport report_;
};

}  // namespace

CheckReport evaluate(const CheckInput& input, const CheckSettings& settings) {
  return Evaluation(input, settings).report();
}

}  // namespace cli

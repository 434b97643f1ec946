#include "check/report_words.h"

#include "common/size_text.h"
#include "common/text_table.h"
#include "common/trace_text.h"

#include <snapshot/utf8.h>

#include <fmt/format.h>

#include <algorithm>

namespace cli {
namespace {

bool is_surrogate(char32_t code_point) { return code_point >= 0xD800 && code_point <= 0xDFFF; }

/// "\xff" for the byte that the surrogate stands for (PEP 383), else "\ud800".
std::string surrogate_text(char32_t code_point) {
  const bool byte = code_point >= 0xDC80 && code_point <= 0xDCFF;
  return byte ? fmt::format("\\x{:02x}", static_cast<unsigned>(code_point) - 0xDC00U)
              : fmt::format("\\u{:04x}", static_cast<unsigned>(code_point));
}

/// A limit in its unit.
std::string limit_text(const RuleName& rule) {
  if (rule.measure == Measure::percent) return fmt::format("{} %", rule.limit);
  if (rule.quantity == Quantity::count) return fmt::format("{} block{}", rule.limit, rule.limit == 1 ? "" : "s");
  return size_text_of(rule.limit);
}

std::string scope_text(const RuleName& rule) {
  switch (rule.scope) {
    case Scope::total: return "total";
    case Scope::site: return "each site";
    case Scope::new_site: return "each new site";
    case Scope::glob: return "sites in " + visible(rule.subject);
    case Scope::directory: return "directory " + visible(rule.subject);
    case Scope::domain: return "domain " + visible(rule.subject);
  }
  return "";
}

std::string number_of(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

std::string well_formed(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const char32_t code_point = snapshot::decode_utf8(text, at);
    result += is_surrogate(code_point) ? surrogate_text(code_point) : std::string(text.substr(start, at - start));
  }
  return result;
}

std::string visible(std::string_view text) { return snapshot::printable(well_formed(text)); }

std::string last_part(const std::string& text, std::size_t most) {
  const std::string_view last = last_columns(text, most);
  return last.size() == text.size() ? text : "..." + std::string(last);
}

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return "pass";
    case Verdict::inconclusive: return "inconclusive";
    case Verdict::fail: return "fail";
  }
  return "";
}

std::string_view severity_name(Severity severity) { return severity == Severity::fail ? "fail" : "warn"; }

std::string_view scope_name(Scope scope) {
  switch (scope) {
    case Scope::total: return "total";
    case Scope::site: return "site";
    case Scope::new_site: return "new-site";
    case Scope::glob: return "glob";
    case Scope::directory: return "directory";
    case Scope::domain: return "domain";
  }
  return "";
}

std::string_view quantity_name(Quantity quantity) {
  switch (quantity) {
    case Quantity::size: return "size";
    case Quantity::count: return "count";
    case Quantity::average: return "average";
  }
  return "";
}

std::string_view measure_name(Measure measure) {
  switch (measure) {
    case Measure::absolute: return "absolute";
    case Measure::growth: return "growth";
    case Measure::percent: return "percent";
  }
  return "";
}

std::string_view match_name(MatchedBy matched) {
  switch (matched) {
    case MatchedBy::nothing: return "nothing";
    case MatchedBy::key: return "key";
    case MatchedBy::function: return "function";
    case MatchedBy::source_text: return "source-text";
    case MatchedBy::nearest: return "nearest";
  }
  return "";
}

std::string site_name(const Site& site) {
  if (!site.key.empty()) return visible(site.key);
  return site.lineno == 0 ? visible(site.filename) : fmt::format("{}:{}", visible(site.filename), site.lineno);
}

std::string rule_text(const RuleName& rule) {
  const std::string_view verb = rule.measure == Measure::absolute ? "is at most" : "grows by at most";
  return fmt::format("{}: {} {} {}", scope_text(rule), quantity_name(rule.quantity), verb, limit_text(rule));
}

Weight weight_of(const Finding& finding) {
  if (finding.inconclusive) return Weight::inconclusive;
  return finding.rule.severity == Severity::fail ? Weight::fail : Weight::warn;
}

std::string_view weight_name(Weight weight) {
  switch (weight) {
    case Weight::fail: return "fail";
    case Weight::warn: return "warn";
    case Weight::inconclusive: return "inconclusive";
  }
  return "";
}

std::size_t count_of(const CheckReport& report, Weight weight) {
  return static_cast<std::size_t>(
      std::ranges::count_if(report.findings, [=](const Finding& finding) { return weight_of(finding) == weight; }));
}

bool fails_otherwise(const CheckReport& report) {
  return (report.status != 0 || report.verdict == Verdict::fail) && count_of(report, Weight::fail) == 0;
}

std::string verdict_text(const CheckReport& report) {
  const std::size_t failing = count_of(report, Weight::fail);
  const std::size_t warning = count_of(report, Weight::warn);
  const std::size_t unsure = count_of(report, Weight::inconclusive);
  std::string text;
  const auto add = [&](const std::string& what) { text += (text.empty() ? "" : ", ") + what; };
  if (failing > 0) add(number_of(failing, "limit") + " exceeded");
  if (warning > 0) add(number_of(warning, "limit") + " exceeded that only " + (warning == 1 ? "warns" : "warn"));
  if (unsure > 0) add(fmt::format("{} inconclusive", unsure));
  if (text.empty()) add("no limit exceeded");
  if (!report.suppressed.empty()) add(fmt::format("{} suppressed", report.suppressed.size()));
  if (fails_otherwise(report)) add(fmt::format("status {} for the warnings", report.status));
  return fmt::format("{}: {}", verdict_name(report.verdict), text);
}

std::string holding_text(const Holding& base, const Holding& head, bool compared) {
  if (!compared) return fmt::format("{} in {}", size_text(head.size), blocks_text(head.count));
  return fmt::format("{} ({}) in {} ({:+})", size_text(head.size), size_text(head.size - base.size, true),
                     blocks_text(head.count), head.count - base.count);
}

std::vector<std::string> traceback_lines(const Site& site) {
  constexpr std::size_t kMost = 10;
  std::vector<std::string> lines;
  const std::size_t count = site.traceback.size();
  const std::size_t left_out = count > kMost ? count - kMost : 0;
  if (left_out > 0) lines.push_back(fmt::format("... {} before", number_of(left_out, "frame")));
  for (std::size_t at = left_out; at < count; ++at) lines.push_back("at " + visible(site.traceback[at]));
  return lines;
}

std::vector<std::string> idle_suppressions(const CheckReport& report) {
  std::vector<std::string> lines;
  for (const SuppressionUse& use : report.suppressions) {
    const std::string where = use.origin.empty() ? "" : visible(use.origin) + ": ";
    if (use.expired) {
      lines.push_back(fmt::format("{}suppression {} expired on {}", where, visible(use.pattern), visible(use.expires)));
    } else if (use.findings == 0 && !use.used) {
      lines.push_back(fmt::format("{}suppression {} silences nothing", where, visible(use.pattern)));
    }
  }
  return lines;
}

RuleList::RuleList(const CheckReport& report) {
  for (const RuleName& rule : report.rules) add(rule);
  for (const std::vector<Finding>* findings : {&report.findings, &report.suppressed, &report.absent}) {
    for (const Finding& finding : *findings) {
      if (find(finding.rule) == rules_.size()) add(finding.rule);
    }
  }
}

void RuleList::add(const RuleName& rule) {
  const std::string name = rule.name.empty() ? "rule" : visible(rule.name);
  std::string id = name;
  for (int number = 2; std::ranges::find(ids_, id) != ids_.end(); ++number) id = fmt::format("{} #{}", name, number);
  rules_.push_back(rule);
  ids_.push_back(id);
}

std::size_t RuleList::find(const RuleName& rule) const {
  return static_cast<std::size_t>(std::ranges::find(rules_, rule) - rules_.begin());
}

}  // namespace cli

#include "rules.h"

#include "report_words.h"

#include "common/command_line.h"
#include "common/parse_value.h"

#include <fmt/format.h>
#include <snapshot/utf8.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace cli {
namespace {

Quantity parse_quantity(std::string_view text) {
  return parse_choice<Quantity>(text,
                                {{"size", Quantity::size}, {"count", Quantity::count}, {"average", Quantity::average}});
}

/// A percentage without its sign: "10", "2.5".
double parse_percent(std::string_view text) {
  double percent = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), percent, std::chars_format::general);
  if (error != std::errc{} || end != text.data() + text.size() || !(percent >= 0) || !std::isfinite(percent)) {
    throw UsageError("'" + std::string(text) + "' is not a percentage such as 10 or 2.5");
  }
  return percent;
}

void parse_limit(std::string_view text, Rule& rule) {
  const bool grows = text.starts_with('+');
  if (grows) text.remove_prefix(1);
  if (text.ends_with('%')) {
    if (!grows) throw UsageError("'" + std::string(text) + "': a percentage is of growth: +" + std::string(text));
    text.remove_suffix(1);
    rule.measure = Measure::percent;
    rule.limit = parse_percent(text);
    return;
  }
  rule.measure = grows ? Measure::growth : Measure::absolute;
  rule.limit = rule.quantity == Quantity::count
                   ? static_cast<double>(parse_number(text, std::numeric_limits<std::int64_t>::max()))
                   : static_cast<double>(parse_size(text));
}

void parse_scope(std::string_view text, Rule& rule) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    rule.scope = parse_choice<Scope>(text, {{"total", Scope::total},
                                            {"site", Scope::site},
                                            {"new-site", Scope::new_site},
                                            {"glob:PATTERN", Scope::glob},
                                            {"dir:DIR", Scope::directory},
                                            {"domain:DOMAIN", Scope::domain}});
  } else {
    rule.scope = parse_choice<Scope>(text.substr(0, colon),
                                     {{"glob", Scope::glob}, {"dir", Scope::directory}, {"domain", Scope::domain}});
    rule.subject = snapshot::text_from_bytes(text.substr(colon + 1));
  }
  const bool has_subject = rule.scope == Scope::glob || rule.scope == Scope::directory || rule.scope == Scope::domain;
  if (has_subject && rule.subject.empty()) throw UsageError("'" + std::string(text) + "' does not say which");
}

std::string_view scope_syntax(Scope scope) {
  switch (scope) {
    case Scope::total: return "total";
    case Scope::site: return "site";
    case Scope::new_site: return "new-site";
    case Scope::glob: return "glob";
    case Scope::directory: return "dir";
    case Scope::domain: return "domain";
  }
  return "";
}

/// Bytes as parse_size() reads them, without rounding.
std::string exact_size(double limit) {
  constexpr std::array kUnits{"", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  for (; unit + 1 < kUnits.size() && limit >= 1024 && std::fmod(limit, 1024) == 0; ++unit) limit /= 1024;
  return fmt::format("{:.0f}{}", limit, kUnits[unit]);
}

}  // namespace

Rule parse_rule(std::string_view text, Severity severity) {
  const std::size_t more = text.find('>');
  if (more == std::string_view::npos) {
    throw UsageError("'" + std::string(text) + "' is not QUANTITY>LIMIT[@SCOPE], such as size>+10%@site");
  }
  const std::size_t at = text.find('@', more);
  Rule rule;
  rule.name = snapshot::text_from_bytes(text);
  rule.scope = Scope::total;
  rule.severity = severity;
  rule.quantity = parse_quantity(text.substr(0, more));
  parse_limit(text.substr(more + 1, at == std::string_view::npos ? at : at - more - 1), rule);
  if (at != std::string_view::npos) parse_scope(text.substr(at + 1), rule);
  if (rule.scope == Scope::new_site && rule.is_relative()) {
    throw UsageError("'" + std::string(text) + "': what is new has nothing to grow from: leave out the +");
  }
  return rule;
}

Rule default_rule() { return parse_rule("size>+10%@site", Severity::fail); }

void complete(std::vector<Rule>& rules, const RuleDefaults& defaults) {
  for (Rule& rule : rules) {
    if (!rule.is_relative()) continue;
    rule.require_count |= defaults.require_count;
    if (!rule.min_growth && rule.measure == Measure::percent) {
      rule.min_growth = defaults.min_growth.value_or(kLeastGrowth);
    }
  }
}

std::string rule_syntax(const RuleName& rule) {
  std::string limit;
  switch (rule.measure) {
    case Measure::percent: limit = fmt::format("+{}%", rule.limit); break;
    case Measure::growth: limit = "+"; [[fallthrough]];
    case Measure::absolute:
      limit += rule.quantity == Quantity::count ? fmt::format("{:.0f}", rule.limit) : exact_size(rule.limit);
  }
  std::string text = fmt::format("{}>{}", quantity_name(rule.quantity), limit);
  if (rule.scope == Scope::total) return text;
  text += fmt::format("@{}", scope_syntax(rule.scope));
  return rule.subject.empty() ? text : text + ":" + rule.subject;
}

}  // namespace cli

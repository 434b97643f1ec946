#include "findings.h"

#include "report_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace cli {
namespace {

std::string blocks(std::int64_t count, bool sign) {
  const bool one = count == 1 || count == -1;
  return sign ? fmt::format("{:+} block{}", count, one ? "" : "s") : fmt::format("{} block{}", count, one ? "" : "s");
}

/// In the unit of the rule's limit: "14248 B", "150 blocks", "309 %".
std::string amount_text(const RuleName& rule, double amount, bool sign) {
  const std::string_view plus = sign && amount >= 0 ? "+" : "";
  if (rule.measure == Measure::percent) {
    return amount >= 100 ? fmt::format("{}{:.0f} %", plus, amount) : fmt::format("{}{:.4g} %", plus, amount);
  }
  if (rule.quantity == Quantity::count)
    return plus.empty() ? blocks(std::llround(amount), false) : blocks(std::llround(amount), true);
  return fmt::format("{}{:.0f} B{}", plus, amount, rule.quantity == Quantity::average ? " a block" : "");
}

std::string subject_of(const Finding& finding) {
  const RuleName& rule = finding.rule;
  if (finding.site) return finding.site->key;
  switch (rule.scope) {
    case Scope::glob: return "files that match " + rule.subject;
    case Scope::directory: return "files below " + rule.subject;
    case Scope::domain: return "domain " + rule.subject;
    default: return "the total";
  }
}

/// "grew by 14248 B (+309 %, limit +10 %), +150 blocks"
std::string growth_text(const Finding& finding, RunMode mode) {
  const RuleName& rule = finding.rule;
  const Holding growth{finding.head.size - finding.base.size, finding.head.count - finding.base.count};
  std::string text = mode == RunMode::series ? "grew in every cycle by at least " : "grew by ";
  const bool percent = rule.measure == Measure::percent;
  switch (rule.quantity) {
    case Quantity::size: text += fmt::format("{} B", growth.size); break;
    case Quantity::count: text += blocks(growth.count, false); break;
    case Quantity::average:
      text += fmt::format("{:.0f} B a block", finding.head.amount(rule.quantity) - finding.base.amount(rule.quantity));
      break;
  }
  if (percent && std::isfinite(finding.actual)) {
    text +=
        fmt::format(" ({}, limit {})", amount_text(rule, finding.actual, true), amount_text(rule, rule.limit, true));
  } else {
    text += fmt::format(" (limit {})", amount_text(rule, rule.limit, true));
  }
  if (rule.quantity != Quantity::count) text += ", " + blocks(growth.count, true);
  if (rule.quantity == Quantity::count) text += fmt::format(", {:+} B", growth.size);
  return text;
}

std::string holding_sentence(const Finding& finding) {
  const bool is_new =
      finding.rule.scope == Scope::new_site || (finding.rule.measure != Measure::absolute && finding.base == Holding{});
  const RuleName& rule = finding.rule;
  const bool is_plural = rule.scope == Scope::glob || rule.scope == Scope::directory;
  const char* const verb = is_plural ? "hold" : "holds";
  const std::string limit = amount_text(rule, rule.limit, rule.measure != Measure::absolute);
  if (rule.quantity == Quantity::average) {
    return fmt::format("{} {:.0f} B a block (limit {}), {}", is_new ? "is new:" : verb,
                       finding.head.amount(rule.quantity), limit, blocks(finding.head.count, false));
  }
  return fmt::format("{} {} B in {} (limit {})", is_new ? "is new:" : verb, finding.head.size,
                     blocks(finding.head.count, false), limit);
}

/// FNV-1a, 64 bits: no more is asked of it than to tell findings apart, and to be the same tomorrow.
std::uint64_t hash(const std::string& text) {
  std::uint64_t value = 0xcbf29ce484222325U;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return value;
}

std::string identity_of(const Finding& finding) {
  std::string text = finding.rule.name + '\0';
  if (!finding.site) return text;
  const Site& site = *finding.site;
  if (site.lineno == 0) return text + site.key;
  text += site.filename + '\0';
  return text + (site.function ? "function " + *site.function : "source " + site.source);
}

}  // namespace

Finding finding_of(const Rule& rule, const Judgement& judgement) {
  Finding finding;
  finding.rule = rule;
  finding.base = judgement.compared.base;
  finding.head = judgement.compared.head;
  finding.actual = judgement.actual;
  finding.inconclusive = judgement.inconclusive;
  finding.spread = judgement.spread;
  return finding;
}

std::string message_of(const Finding& finding, RunMode mode) {
  const bool grew = finding.rule.measure != Measure::absolute && finding.rule.scope != Scope::new_site &&
                    (finding.base.size != 0 || finding.base.count != 0 || mode == RunMode::series);
  std::string text = subject_of(finding) + " " + (grew ? growth_text(finding, mode) : holding_sentence(finding));
  if (finding.inconclusive && finding.spread) {
    text += fmt::format(", but the runs differ by {}", amount_text(finding.rule, *finding.spread, false));
  }
  return text;
}

void set_fingerprints(std::vector<Finding*> findings) {
  const auto place = [](const Finding* finding) { return finding->site ? finding->site->lineno : 0; };
  std::ranges::stable_sort(findings, {}, place);
  std::map<std::string, int> seen;
  for (Finding* finding : findings) {
    std::string identity = identity_of(*finding);
    const int number = ++seen[identity];
    if (number > 1) identity += fmt::format("#{}", number);
    finding->fingerprint = fmt::format("{:016x}", hash(identity));
  }
}

bool is_worse(const Finding& a, const Finding& b) {
  const auto rank = [](const Finding& finding) {
    const bool fails = finding.rule.severity == Severity::fail;
    const std::int64_t growth = finding.head.size - finding.base.size;
    return std::tuple(!fails, finding.inconclusive, -growth, finding.head.count == 0 ? 0 : -finding.head.count);
  };
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  const auto name = [](const Finding& finding) {
    return finding.site ? std::tuple(finding.site->filename, finding.site->lineno, finding.site->key)
                        : std::tuple(std::string(), std::uint32_t{0}, finding.rule.subject);
  };
  return name(a) < name(b);
}

}  // namespace cli

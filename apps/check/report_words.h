#pragma once

#include "check/check_report.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

// The words that reports share.

/// One line of UTF-8 for people: control characters, those that turn the direction of text and line ends as "\x0a" or
/// "\u202e", a byte that was not UTF-8 as "\xff", another lone surrogate as "\ud800".
std::string visible(std::string_view text);

/// UTF-8: all that the text holds, but lone surrogates as visible() has them.
std::string well_formed(std::string_view text);

/// The text, or its last `most` code points with "..." in front.
std::string last_part(const std::string& text, std::size_t most);

std::string_view verdict_name(Verdict verdict);
std::string_view severity_name(Severity severity);
std::string_view scope_name(Scope scope);
std::string_view quantity_name(Quantity quantity);
std::string_view measure_name(Measure measure);
std::string_view match_name(MatchedBy matched);

/// "app.py:12", or what else the site is a group of.
std::string site_name(const Site& site);

/// What a rule asks for, as a sentence without an end: "each site: size grows by no more than 10 %".
std::string rule_text(const RuleName& rule);

/// How bad a finding is, once it is known whether it is certain.
enum class Weight { fail, warn, inconclusive };
Weight weight_of(const Finding& finding);
std::string_view weight_name(Weight weight);

/// How many findings of a report have that weight.
std::size_t count_of(const CheckReport& report, Weight weight);

/// Whether the check did not pass though no limit was certainly exceeded: then the warnings say why.
bool fails_otherwise(const CheckReport& report);

/// "fail: 2 limits exceeded, 1 warning, 1 suppressed".
std::string verdict_text(const CheckReport& report);

/// "1.2 MiB (+14.2 KiB) in 120 blocks (+3)"; without differences where nothing is `compared`.
std::string holding_text(const Holding& base, const Holding& head, bool compared);

/// The traceback of a site for people, oldest first, a frame on a line: "at app.py:12". Of a long one the most recent
/// frames, below a line that counts the others.
std::vector<std::string> traceback_lines(const Site& site);

/// One line for each suppression that is not used or expired.
std::vector<std::string> idle_suppressions(const CheckReport& report);

/// The rules of a report and, at the end, those of its findings that are not among them. Their names are made unique
/// for formats in which they must be.
class RuleList {
 public:
  explicit RuleList(const CheckReport& report);

  const std::vector<RuleName>& rules() const { return rules_; }
  const std::string& id(std::size_t at) const { return ids_[at]; }  ///< visible
  std::size_t find(const RuleName& rule) const;                     ///< of a finding of the report

 private:
  void add(const RuleName& rule);

  std::vector<RuleName> rules_;
  std::vector<std::string> ids_;
};

}  // namespace cli

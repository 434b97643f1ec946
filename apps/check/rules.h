#pragma once

#include "check_report.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// A limit, and when it is one.
struct Rule : RuleName {
  std::optional<std::int64_t> min_growth;  ///< bytes; growth up to this is none, whatever the limit says
  bool require_count = false;              ///< growth without more blocks is none

  bool is_relative() const { return measure != Measure::absolute; }
};

/// What rules have in common, where they say nothing else.
struct RuleDefaults {
  std::optional<std::int64_t> min_growth;  ///< of percentages: without, kLeastGrowth
  bool require_count = false;              ///< of relative rules
};

/// Below so many bytes a percentage says nothing: near nothing, everything is +7267 %.
inline constexpr std::int64_t kLeastGrowth = 64 * 1024;

/// "QUANTITY>LIMIT[@SCOPE]": "size>512MiB", "count>+100@glob:*/json/*", "size>+10%@site". A limit without a sign is
/// absolute. Throws UsageError.
Rule parse_rule(std::string_view text, Severity severity);

/// The rule where there is none: a site that grew by more than a tenth, or that is new.
Rule default_rule();

/// Puts in what the rules themselves do not say.
void complete(std::vector<Rule>& rules, const RuleDefaults& defaults);

/// A rule in the words of parse_rule().
std::string rule_syntax(const RuleName& rule);

}  // namespace cli

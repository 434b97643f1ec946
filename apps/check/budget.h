#pragma once

#include "rules.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// The rules of a file, budget.schema.json, and what they have in common.
struct Budget {
  std::vector<Rule> rules;
  RuleDefaults defaults;
};

/// Throws std::runtime_error, which says what is wrong and where: "rules[3].limit: expected ...", or the line and the
/// column of what is no JSON. Nothing is passed over: neither keys that are not known nor any that stand twice.
Budget parse_budget(std::string_view json);

/// The same of a file, whose name is put before it.
Budget read_budget(const std::string& path);

}  // namespace cli

#pragma once

#include "rules.h"

#include <snapshot/snapshot.h>

#include <vector>

namespace cli {

/// Whether a rule is about single sites, and not about a sum.
constexpr bool is_of_sites(Scope scope) { return scope == Scope::site || scope == Scope::new_site; }

/// By row of the totals, whether they are what a rule is about that adds up: by the file of the most recent frame, as
/// filters are, or by the domain. O(names + totals).
std::vector<bool> totals_in(const RuleName& rule, const snapshot::Snapshot& snapshot);

/// What the marked totals hold.
Holding holding_of(const snapshot::Snapshot& snapshot, const std::vector<bool>& marked);

}  // namespace cli

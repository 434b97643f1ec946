#include "scopes.h"

#include <snapshot/filter.h>
#include <snapshot/library_paths.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace cli {
namespace {

std::vector<bool> below_directory(const std::string& directory, const snapshot::Snapshot& snapshot) {
  const snapshot::Symbols& symbols = snapshot.symbols();
  std::vector<std::optional<bool>> known(symbols.string_count());
  std::vector<bool> marked;
  for (const snapshot::Total& total : snapshot.totals()) {
    const snapshot::StringId filename = symbols.frame(symbols.most_recent(total.traceback)).filename;
    std::optional<bool>& is_below = known[row(filename)];
    if (!is_below) is_below = snapshot::below(directory, symbols.text(filename)).data() != nullptr;
    marked.push_back(*is_below);
  }
  return marked;
}

bool is_domain(const std::string& subject, std::uint32_t domain, const snapshot::SnapshotInfo& info) {
  return subject == std::to_string(domain) || std::ranges::any_of(info.domains, [&](const snapshot::Domain& each) {
           return each.id == domain && each.name == subject;
         });
}

}  // namespace

std::vector<bool> totals_in(const RuleName& rule, const snapshot::Snapshot& snapshot) {
  switch (rule.scope) {
    case Scope::glob: {
      snapshot::Filter filter;
      filter.pattern = rule.subject;
      const std::array<snapshot::TraceFilter, 1> filters{filter};
      return snapshot::passing(snapshot, filters);
    }
    case Scope::directory: return below_directory(rule.subject, snapshot);
    case Scope::domain: {
      std::vector<bool> marked;
      for (const snapshot::Total& total : snapshot.totals()) {
        marked.push_back(is_domain(rule.subject, total.domain, snapshot.info()));
      }
      return marked;
    }
    default: return std::vector<bool>(snapshot.totals().size(), true);
  }
}

Holding holding_of(const snapshot::Snapshot& snapshot, const std::vector<bool>& marked) {
  Holding sum;
  for (std::size_t at = 0; at < marked.size(); ++at) {
    if (!marked[at]) continue;
    sum.size += snapshot.totals()[at].size;
    sum.count += snapshot.totals()[at].count;
  }
  return sum;
}

}  // namespace cli

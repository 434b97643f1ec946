#pragma once

#include <snapshot/snapshot.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

namespace snapshot {

/// tracemalloc.Filter. A file name matches when the shell pattern does (fnmatch, with "*" crossing "/"), where a
/// trailing ".pyc" of either counts as ".py".
struct Filter {
  bool inclusive = true;
  std::string filename_pattern;         ///< generalised UTF-8, as Symbols
  std::optional<std::uint32_t> lineno;  ///< any line when absent
  bool all_frames = false;              ///< any frame of the traceback may match, not just the most recent
  std::optional<std::uint32_t> domain;  ///< applies to that address space alone
};

/// tracemalloc.DomainFilter.
struct DomainFilter {
  bool inclusive = true;
  std::uint32_t domain = 0;
};

using TraceFilter = std::variant<Filter, DomainFilter>;

/// tracemalloc's Snapshot.filter_traces: a trace stays when at least one of the inclusive filters matches (or there are
/// none) and no exclusive filter excludes it. An inclusive Filter with a domain matches in that domain alone; an
/// exclusive one excludes in that domain alone. Patterns are matched once per file name: O(names * patterns + frames +
/// totals + traces).
Snapshot filter_traces(const Snapshot& snapshot, std::span<const TraceFilter> filters);

}  // namespace snapshot

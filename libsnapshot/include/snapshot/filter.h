#pragma once

#include <snapshot/snapshot.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace snapshot {

/// The text of a frame that a filter looks at.
enum class FilterField { filename, function };

/// tracemalloc.Filter, which looks at file names. A name matches when the shell pattern does (fnmatch, with "*"
/// crossing "/"); a trailing ".pyc" of a file name or of its pattern counts as ".py". A function that the recorder did
/// not know matches no pattern.
struct Filter {
  bool inclusive = true;
  std::string pattern = {};                            ///< generalised UTF-8, as Symbols
  std::optional<std::uint32_t> lineno = std::nullopt;  ///< any line when absent
  bool all_frames = false;  ///< any frame of the traceback may match, not just the most recent
  std::optional<std::uint32_t> domain = std::nullopt;  ///< applies to that address space alone
  FilterField field = FilterField::filename;
  std::function<bool(std::string_view)> accepts =
      nullptr;  ///< in place of the pattern, where set: of the text as it is
};

/// tracemalloc.DomainFilter.
struct DomainFilter {
  bool inclusive = true;
  std::uint32_t domain = 0;
};

using TraceFilter = std::variant<Filter, DomainFilter>;

/// By row of the totals, whether tracemalloc's Snapshot.filter_traces keeps their traces: when at least one of the
/// inclusive filters matches (or there are none) and no exclusive filter excludes them. An inclusive Filter with a
/// domain matches in that domain alone; an exclusive one excludes in that domain alone. Patterns are matched once per
/// file name: O(names * patterns + frames + totals).
std::vector<bool> passing(const Snapshot& snapshot, std::span<const TraceFilter> filters);

/// The traces that pass. O(traces) more.
Snapshot filter_traces(const Snapshot& snapshot, std::span<const TraceFilter> filters);

}  // namespace snapshot

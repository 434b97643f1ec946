#pragma once

#include "check_report.h"

#include <snapshot/ids.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace cli {

/// A line of one file where blocks were allocated, as far as that tells it from others.
struct CodePlace {
  std::uint32_t lineno = 0;
  snapshot::StringId function = snapshot::kUnknownString;
  std::string_view source = {};  ///< the line itself; empty where it is not at hand
  Holding holding;
};

/// Rows of the two lists that are the same place.
struct PlacePair {
  std::size_t base;
  std::size_t head;
  MatchedBy by;
};

/// Which places of a file are the same in two versions of it, where lines were inserted and removed in between.
///
/// Both lists have ascending linenos, each once. Of all ways to pair places without crossing, the one with the most
/// evidence is taken: the same function, the same source text, the same size and count or similar ones, and the same
/// shift as the pair before it; a change of shift, which is an edit, speaks against. So a line that moved is not taken
/// for new because another stands where it was, nor a new one for the one that it pushed down. What is left over may
/// still cross, where its function or its text is the same: code that was moved.
///
/// O(base * head); beyond kMostPairs pairs of places with the same lineno are all that is found.
std::vector<PlacePair> match_places(std::span<const CodePlace> base, std::span<const CodePlace> head);

inline constexpr std::size_t kMostPairs = std::size_t{1} << 18U;

}  // namespace cli

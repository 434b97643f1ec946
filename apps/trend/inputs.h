#pragma once

#include "trend/options.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// Below, equal to or above 0 as `a` comes before, is, or comes after `b`: as people order names, so that z-2 is before
/// z-10. Names that differ in leading zeros alone are ordered by those.
int compare_natural(std::string_view a, std::string_view b);

/// The files of a series, in natural order of their names, but for what is no directory: that stays where it is. Of a
/// directory those that are no directories and whose names match the pattern; without one, those that do not begin with
/// a dot. Without paths, of the directory that the pattern begins with. Throws std::runtime_error when a directory
/// cannot be read or has no such file.
std::vector<std::string> find_inputs(const std::vector<std::string>& paths, const std::optional<std::string>& pattern);

/// The files that the options name. Throws UsageError where they are too few for a series, or for --fail-on; says so
/// where they are too few for a verdict.
std::vector<std::string> series_inputs(const TrendOptions& options);

}  // namespace cli

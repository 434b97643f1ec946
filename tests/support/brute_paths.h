#pragma once

#include "brute_force.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What paths mean, by the words of <snapshot/library_paths.h> and of the options that name directories, a second time:
/// over lists of parts, where the library looks at text.
namespace brute_force {

enum class Owner { project, site_packages, standard_library, generated };

Owner owner_of(const std::string& filename);
Owner owner_of(const Frame& frame);
bool is_mine(const Frame& frame, const std::vector<std::string>& projects);
std::string package_of(const std::string& filename, const std::vector<std::string>& projects);

/// The first `depth` parts, or all, of the directory of a file.
std::string directory_of(const std::string& filename, std::uint32_t depth);

/// What follows the directory in a path; nothing when the path is not below it.
std::optional<std::string> rest_below(const std::string& directory, const std::string& path);

/// What the path is called by --map-path and --strip-prefix.
std::string renamed(const std::string& path, const std::vector<std::pair<std::string, std::string>>& mappings,
                    const std::vector<std::string>& prefixes);

}  // namespace brute_force

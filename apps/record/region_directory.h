#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cli {

/// A region's file, by its name SESSION.PID.SEQUENCE.region.
struct RegionName {
  std::string path;
  std::string session;
  std::uint32_t pid;
  std::uint32_t sequence;
};

std::optional<RegionName> parse_region_name(const std::string& directory, const std::string& name);

/// The directory for regions, made if need be: in memory where there is room for them, else on disk. Throws
/// std::runtime_error when it is not the user's alone.
std::string region_directory();

/// All regions in the directories that region_directory() may give, by process and sequence.
std::vector<RegionName> all_regions();

/// The same of one directory and session.
std::vector<RegionName> regions_of(const std::string& directory, const std::string& session);

/// Bytes that the table of a program may take, where the user did not say.
std::uint64_t usual_max_memory(const std::string& directory);

}  // namespace cli

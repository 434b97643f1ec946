#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace formats_test {

/// The files of a folder, not of those in it, in the order of their names.
inline std::vector<std::filesystem::path> files_of(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

inline std::vector<std::filesystem::path> samples() { return files_of(TMTOOLS_SAMPLES); }

inline bool is_tms(const std::filesystem::path& file) { return file.extension() == ".tms"; }
inline bool is_sites(const std::filesystem::path& file) { return file.extension() == ".sites"; }
inline bool is_compressed(const std::filesystem::path& file) {
  return file.extension() != ".pickle" && !is_tms(file) && !is_sites(file);
}

/// Without the toolkit's own, of which a pipe tells other faults than a file: tms_damage_test.cpp.
inline std::vector<std::filesystem::path> foreign_samples() {
  std::vector<std::filesystem::path> files = samples();
  std::erase_if(files, is_tms);
  return files;
}

}  // namespace formats_test

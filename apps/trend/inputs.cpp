#include "inputs.h"

#include "common/load_file.h"
#include "common/tool.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLeastSnapshots = 3;

bool is_digit(char character) { return character >= '0' && character <= '9'; }

/// Takes the number at the front, without its leading zeros.
std::string_view take_number(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  std::string_view number = text.substr(0, end);
  text.remove_prefix(end);
  number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
  return number;
}

int compare_numbers(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

std::vector<std::string> files_in(const std::string& directory, const std::optional<std::string>& pattern) {
  std::error_code error;
  std::vector<std::string> files;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename();
    const bool wanted = ::fnmatch(pattern ? pattern->c_str() : "*", name.c_str(), FNM_PERIOD) == 0;
    std::error_code unknown;  // a link to nowhere: reading it will say so
    const bool is_file = entry->is_regular_file(unknown) || !entry->exists(unknown);
    if (wanted && is_file) files.push_back(entry->path());
  }
  if (error) throw std::runtime_error(directory + ": " + error.message());
  if (files.empty()) {
    throw std::runtime_error(directory + ": no file" + (pattern ? " matches '" + *pattern + "'" : " in it"));
  }
  std::ranges::sort(files, [](const std::string& a, const std::string& b) { return compare_natural(a, b) < 0; });
  return files;
}

}  // namespace

int compare_natural(std::string_view a, std::string_view b) {
  std::string_view left = a;
  std::string_view right = b;
  while (!left.empty() && !right.empty()) {
    if (is_digit(left[0]) && is_digit(right[0])) {
      if (const int answer = compare_numbers(take_number(left), take_number(right)); answer != 0) return answer;
      continue;
    }
    if (left[0] != right[0]) {
      return static_cast<unsigned char>(left[0]) < static_cast<unsigned char>(right[0]) ? -1 : 1;
    }
    left.remove_prefix(1);
    right.remove_prefix(1);
  }
  if (left.empty() != right.empty()) return left.empty() ? -1 : 1;
  return a.compare(b);
}

std::vector<std::string> find_inputs(const std::vector<std::string>& paths, const std::optional<std::string>& pattern) {
  if (paths.empty() && pattern) {
    const std::size_t slash = pattern->rfind('/');
    if (slash == std::string::npos) {
      std::vector<std::string> files = files_in(".", pattern);
      for (std::string& file : files) file.erase(0, 2);
      return files;
    }
    return files_in(pattern->substr(0, std::max<std::size_t>(slash, 1)), pattern->substr(slash + 1));
  }
  std::vector<std::string> inputs;
  for (const std::string& path : paths) {
    std::error_code unknown;
    if (path == "-" || !fs::is_directory(path, unknown)) {
      inputs.push_back(path);
      continue;
    }
    const std::vector<std::string> files = files_in(path, pattern);
    inputs.insert(inputs.end(), files.begin(), files.end());
  }
  return inputs;
}

std::vector<std::string> series_inputs(const TrendOptions& options) {
  std::vector<std::string> inputs = find_inputs(options.paths, options.pattern);
  refuse_twice(inputs);
  if (inputs.size() < kLeastSnapshots) {
    std::error_code unknown;
    for (const std::string& path : inputs) {  // what is missing is said first
      const bool is_missing = path != "-" && fs::symlink_status(path, unknown).type() == fs::file_type::not_found;
      if (is_missing) throw std::runtime_error(path + ": No such file or directory");
    }
    throw UsageError(fmt::format("a series takes at least {} snapshots, not {}", kLeastSnapshots, inputs.size()));
  }
  if (inputs.size() >= snapshot::kLeastPoints) return inputs;
  const std::string what =
      fmt::format("a verdict takes at least {} snapshots, not {}", snapshot::kLeastPoints, inputs.size());
  if (!options.fail_on.empty()) throw UsageError("--fail-on: " + what);
  say(what);
  return inputs;
}

}  // namespace cli

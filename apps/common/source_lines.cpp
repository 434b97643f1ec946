#include "source_lines.h"

#include <snapshot/utf8.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace cli {
namespace {

// No source file is larger, and a name may be that of any file.
constexpr std::uintmax_t kLargest = std::uintmax_t{64} << 20U;

std::string_view strip(std::string_view line) {
  constexpr std::string_view kSpace = " \t\r\f\v";
  const std::size_t first = line.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(kSpace) - first + 1);
}

bool is_source(const std::filesystem::path& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error) && std::filesystem::file_size(path, error) <= kLargest;
}

/// Where the file is, or an empty path.
std::filesystem::path locate(const std::string& root, std::string filename) {
  if (root.empty()) return is_source(filename) ? filename : "";
  for (const auto& part : std::filesystem::path(filename)) {
    if (part == "..") return {};  // a name from a dump leads to no file outside the root
  }
  for (;;) {
    filename.erase(0, filename.find_first_not_of('/'));
    if (filename.empty()) return {};
    std::filesystem::path candidate = std::filesystem::path(root) / filename;
    if (is_source(candidate)) return candidate;
    const std::size_t slash = filename.find('/');
    if (slash == std::string::npos) return {};
    filename.erase(0, slash);
  }
}

}  // namespace

std::string_view SourceLines::line(std::string_view filename, std::uint32_t lineno) {
  auto found = files_.find(filename);
  if (found == files_.end()) found = files_.emplace(std::string(filename), read(filename)).first;
  if (lineno == 0 || lineno > found->second.size()) return {};
  return found->second[lineno - 1];
}

std::vector<std::string> SourceLines::read(std::string_view filename) const {
  std::vector<std::string> lines;
  const std::filesystem::path path = locate(root_, snapshot::bytes_from_text(filename));
  if (path.empty()) return lines;
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  std::string_view rest = bytes;
  if (rest.starts_with("\xef\xbb\xbf")) rest.remove_prefix(3);  // a byte order mark
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of("\r\n"), rest.size());
    lines.push_back(snapshot::text_from_bytes(strip(rest.substr(0, end))));
    rest.remove_prefix(std::min(end + (rest.substr(end).starts_with("\r\n") ? 2 : 1), rest.size()));
  }
  return lines;
}

}  // namespace cli

#include <snapshot/library_paths.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace snapshot {
namespace {

constexpr std::string_view kSlashes = "/\\";

bool is_slash(char character) { return character == '/' || character == '\\'; }
bool is_digit(char character) { return character >= '0' && character <= '9'; }

/// Takes the first part of a path off it.
std::string_view take_part(std::string_view& path) {
  const std::size_t end = std::min(path.find_first_of(kSlashes), path.size());
  const std::string_view part = path.substr(0, end);
  path.remove_prefix(std::min(end + 1, path.size()));
  return part;
}

std::string_view without_dots(std::string_view path) {
  while (path.size() >= 2 && path[0] == '.' && is_slash(path[1])) path.remove_prefix(2);
  return path;
}

bool is_absolute(std::string_view path) {
  return (!path.empty() && is_slash(path.front())) ||
         (path.size() > 2 && path[1] == ':' && path.find_first_of(kSlashes) != std::string_view::npos);
}

/// "python3.11", "python3.13t", "pypy3.9": the directory of a standard library, below one called lib.
bool is_python_version(std::string_view part) {
  for (const std::string_view name : {"python", "pypy"}) {
    if (part.starts_with(name) && part.size() > name.size() && is_digit(part[name.size()])) return true;
  }
  return false;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& character : result) {
    if (character >= 'A' && character <= 'Z') character = static_cast<char>(character - 'A' + 'a');
  }
  return result;
}

/// "Python311", "anaconda3", "PythonSoftwareFoundation.Python.3.11_3.11.2544.0_x64__qbz5n2kfra8p0": what Windows calls
/// the directory above Lib, in whatever case.
bool is_windows_version(std::string_view part) {
  const std::string name = lower(part);
  for (const std::string_view begin :
       {"python", "anaconda", "miniconda", "miniforge", "pythonsoftwarefoundation.python."}) {
    if (name.starts_with(begin) && name.size() > begin.size() && is_digit(name[begin.size()])) return true;
  }
  return false;
}

struct Found {
  Origin origin;
  std::string_view rest;  ///< below the directory that tells
};

/// Looks for the directory that makes a file one of a Python library; the last of several counts.
Found find_library(std::string_view path) {
  Found found{Origin::project, path};
  std::string_view above;
  for (std::string_view rest = path; !rest.empty();) {
    const std::string_view part = take_part(rest);
    if (rest.empty()) break;  // the file itself
    const bool version = is_python_version(part);
    if (part == "site-packages" || part == "dist-packages") {
      found = {Origin::site_packages, rest};
    } else if ((version && (above.starts_with("lib") || part.ends_with(".zip"))) ||
               (above == "lib-python" && is_digit(part.front())) || part == "lib_pypy") {
      found = {Origin::standard_library, rest};
    } else if (lower(part) == "lib" && is_windows_version(above) &&
               (part == "Lib" || path.find('\\') != std::string_view::npos)) {
      found = {Origin::standard_library, rest};
    } else if (part == "lib-dynload" && found.origin == Origin::standard_library) {
      found.rest = rest;
    }
    above = part;
  }
  return found;
}

constexpr std::array<std::string_view, 6> kSystemDirectories{"/lib",     "/lib32",       "/lib64",
                                                             "/usr/lib", "/usr/include", "/usr/lib64"};

bool is_of_system(std::string_view path) {
  return std::ranges::any_of(kSystemDirectories,
                             [&](std::string_view directory) { return below(directory, path).data() != nullptr; });
}

constexpr std::string_view kFrozen = "<frozen ";

std::string_view frozen_module(std::string_view filename) {
  filename.remove_prefix(kFrozen.size());
  return filename.substr(0, filename.find_first_of(".>"));
}

/// A part of a path as a package's name: a file's without what follows the first dot.
std::string_view package_name(std::string_view path) {
  const bool is_file = path.find_first_of(kSlashes) == std::string_view::npos;
  const std::string_view part = take_part(path);
  if (is_file) return part.substr(0, part.find('.', 1));
  return part.ends_with(".egg") ? package_name(path) : part;
}

}  // namespace

std::string_view below(std::string_view directory, std::string_view path) {
  if (directory.empty()) return path;
  directory = without_dots(directory);
  path = without_dots(path);
  if (directory == "." || directory.empty()) return is_absolute(path) ? std::string_view() : path;
  while (directory.size() > 1 && is_slash(directory.back())) directory.remove_suffix(1);
  if (!path.starts_with(directory)) return {};
  path.remove_prefix(directory.size());
  if (is_slash(directory.back())) return path;
  if (path.empty() || !is_slash(path.front())) return {};
  return path.substr(1);
}

Origin origin_of(std::string_view filename) {
  if (filename.starts_with(kFrozen)) return Origin::standard_library;
  if (filename.starts_with('<') && filename.ends_with('>')) return Origin::generated;
  const Origin origin = find_library(filename).origin;
  return origin == Origin::project && is_of_system(filename) ? Origin::standard_library : origin;
}

Origin origin_of(const Symbols& symbols, const Frame& frame) {
  if (frame.module != kUnknownString && is_of_system(symbols.text(frame.module))) {
    // Python's packages are there, too, on Debian.
    const Origin origin = find_library(symbols.text(frame.module)).origin;
    return origin == Origin::project ? Origin::standard_library : origin;
  }
  return origin_of(symbols.text(frame.filename));
}

bool is_of_project(const Symbols& symbols, const Frame& frame, std::span<const std::string> projects) {
  if (projects.empty()) return origin_of(symbols, frame) == Origin::project;
  const std::string_view filename = symbols.text(frame.filename);
  if (filename.starts_with('<') && filename.ends_with('>')) return false;
  return std::ranges::any_of(projects, [&](const std::string& project) {
    const std::string_view rest = below(project, filename);
    return rest.data() != nullptr && find_library(rest).origin == Origin::project;
  });
}

std::string_view package_of(std::string_view filename, std::span<const std::string> projects) {
  if (filename.starts_with(kFrozen)) return frozen_module(filename);
  if (filename.starts_with('<') && filename.ends_with('>')) return filename;
  for (const std::string& project : projects) {
    const std::string_view rest = below(project, filename);
    if (rest.data() != nullptr && find_library(rest).origin == Origin::project) return package_name(rest);
  }
  const auto [origin, rest] = find_library(filename);
  if (origin != Origin::project) return package_name(rest);
  filename = without_dots(filename);
  if (filename.empty()) return filename;
  const std::size_t slash = filename.find_last_of(kSlashes);
  if (!is_absolute(filename) || slash == std::string_view::npos) return package_name(filename);
  const std::string_view directory = filename.substr(0, slash);
  const std::size_t parent = directory.find_last_of(kSlashes);
  const std::string_view name = directory.substr(parent == std::string_view::npos ? 0 : parent + 1);
  return name.empty() ? package_name(filename.substr(slash + 1)) : name;
}

}  // namespace snapshot

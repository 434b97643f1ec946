#include "brute_paths.h"

#include <algorithm>
#include <cctype>
#include <regex>
#include <utility>

namespace brute_force {
namespace {

using Parts = std::vector<std::string>;

bool is_slash(char character) { return character == '/' || character == '\\'; }

/// What stands between the slashes; an absolute name has an empty first part.
Parts parts_of(const std::string& path) {
  Parts parts(1);
  for (const char character : path) {
    if (is_slash(character)) {
      parts.emplace_back();
    } else {
      parts.back() += character;
    }
  }
  return parts;
}

std::string without_leading_dots(std::string path) {
  while (path.size() > 1 && path[0] == '.' && is_slash(path[1])) path.erase(0, 2);
  return path;
}

bool is_absolute(const std::string& name) {
  if (!name.empty() && is_slash(name[0])) return true;
  return name.size() > 2 && name[1] == ':' && parts_of(name).size() > 1;
}

bool is_bracketed(const std::string& name) { return name.size() > 1 && name.front() == '<' && name.back() == '>'; }

const std::string kFrozen = "<frozen ";

struct Library {
  Owner owner = Owner::project;
  Parts rest;  ///< below the directory that tells
};

/// Made once: to make one takes longer than all else that is done to a path.
const std::regex kInterpreter("(python|pypy)[0-9].*");
const std::regex kZipped("(python|pypy)[0-9].*\\.zip");
const std::regex kLib("lib.*");
const std::regex kNumbered("[0-9].*");
const std::regex kWindowsHome("(python|anaconda|miniconda|miniforge|pythonsoftwarefoundation\\.python\\.)[0-9].*",
                              std::regex::icase);
const std::regex kWindowsLib("lib", std::regex::icase);

bool matches(const std::string& part, const std::regex& pattern) { return std::regex_match(part, pattern); }

/// The Python library that a file is of: what the last directory says that says anything.
Library library_of(const std::string& path) {
  const Parts parts = parts_of(path);
  Library library{Owner::project, parts};
  for (std::size_t at = 0; at + 1 < parts.size(); ++at) {
    const std::string above = at == 0 ? "" : parts[at - 1];
    const Parts rest(parts.begin() + static_cast<std::ptrdiff_t>(at) + 1, parts.end());
    if (rest == Parts{""}) break;  // a name that ends in a slash
    const bool in_lib = matches(parts[at], kInterpreter) && matches(above, kLib);
    const bool zipped = matches(parts[at], kZipped);
    const bool windows =
        matches(above, kWindowsHome) &&
        (parts[at] == "Lib" || (matches(parts[at], kWindowsLib) && path.find('\\') != std::string::npos));
    const bool pypy = parts[at] == "lib_pypy" || (above == "lib-python" && matches(parts[at], kNumbered));
    if (parts[at] == "site-packages" || parts[at] == "dist-packages") library = {Owner::site_packages, rest};
    if (in_lib || zipped || windows || pypy) library = {Owner::standard_library, rest};
    if (parts[at] == "lib-dynload" && library.owner == Owner::standard_library) library.rest = rest;
  }
  return library;
}

bool is_of_system(const std::string& path) {
  for (const char* directory : {"/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib64", "/usr/include"}) {
    if (rest_below(directory, path)) return true;
  }
  return false;
}

/// The first of the parts; a file has no ending there, and an egg is not a package but holds some.
std::string first_package(Parts parts) {
  while (parts.size() > 1 && parts.front().ends_with(".egg")) parts.erase(parts.begin());
  if (parts.size() > 1) return parts.front();
  const std::string& file = parts.front();
  std::string name;
  for (const char character : file) {
    if (character == '.' && !name.empty()) break;
    name += character;
  }
  return name;
}

}  // namespace

std::optional<std::string> rest_below(const std::string& given_directory, const std::string& given_path) {
  std::string directory = without_leading_dots(given_directory);
  const std::string path = without_leading_dots(given_path);
  if (given_directory.empty()) return given_path;
  if (directory.empty() || directory == ".") return is_absolute(path) ? std::nullopt : std::optional(path);
  while (directory.size() > 1 && is_slash(directory.back())) directory.pop_back();
  if (is_slash(directory.back())) {
    return path.substr(0, 1) == directory ? std::optional(path.substr(1)) : std::nullopt;
  }
  for (const char slash : {'/', '\\'}) {
    if (path.find(directory + slash) == 0) return path.substr(directory.size() + 1);
  }
  return std::nullopt;
}

Owner owner_of(const std::string& filename) {
  if (filename.find(kFrozen) == 0) return Owner::standard_library;
  if (is_bracketed(filename)) return Owner::generated;
  const Owner owner = library_of(filename).owner;
  return owner == Owner::project && is_of_system(filename) ? Owner::standard_library : owner;
}

Owner owner_of(const Frame& frame) {
  return frame.module && is_of_system(*frame.module) ? owner_of(*frame.module) : owner_of(frame.filename);
}

bool is_mine(const Frame& frame, const std::vector<std::string>& projects) {
  if (projects.empty()) return owner_of(frame) == Owner::project;
  for (const std::string& project : projects) {
    const auto rest = rest_below(project, frame.filename);
    if (rest && !is_bracketed(frame.filename) && library_of(*rest).owner == Owner::project) return true;
  }
  return false;
}

std::string package_of(const std::string& filename, const std::vector<std::string>& projects) {
  if (filename.find(kFrozen) == 0) {
    const std::string module = filename.substr(kFrozen.size());
    return module.substr(0, std::min(module.find('.'), module.find('>')));
  }
  if (is_bracketed(filename)) return filename;
  for (const std::string& project : projects) {
    const auto rest = rest_below(project, filename);
    if (rest && library_of(*rest).owner == Owner::project) return first_package(parts_of(*rest));
  }
  const Library library = library_of(filename);
  if (library.owner != Owner::project) return first_package(library.rest);
  const std::string name = without_leading_dots(filename);
  Parts parts = parts_of(name);
  if (!is_absolute(name)) return first_package(parts);
  const std::string holder = parts[parts.size() - 2];
  return holder.empty() ? first_package({parts.back()}) : holder;
}

std::string directory_of(const std::string& filename, std::uint32_t depth) {
  std::size_t length = filename.size();
  while (length > 0 && !is_slash(filename[length - 1])) --length;
  if (length == 0) return ".";
  const std::string directory = length == 1 ? filename.substr(0, 1) : filename.substr(0, length - 1);
  if (depth == 0) return directory;
  std::string leading;
  std::uint32_t parts = 0;
  for (std::size_t at = 0; at < directory.size(); ++at) {
    const bool ends = is_slash(directory[at]) && at > 0 && !is_slash(directory[at - 1]);
    if (ends && ++parts == depth) break;
    leading += directory[at];
  }
  return leading;
}

std::string renamed(const std::string& path, const std::vector<std::pair<std::string, std::string>>& mappings,
                    const std::vector<std::string>& prefixes) {
  std::string name = path;
  for (const auto& [from, to] : mappings) {
    const auto rest = path == from ? std::optional<std::string>("") : rest_below(from, path);
    if (!rest) continue;
    const bool joined = to.empty() || to.back() == '/' || path == from;
    name = to + (joined ? "" : "/") + *rest;
    break;
  }
  for (const std::string& prefix : prefixes) {
    const auto rest = rest_below(prefix, name);
    if (rest && !rest->empty()) return *rest;
  }
  return name;
}

}  // namespace brute_force

#pragma once

#include <snapshot/symbols.h>

#include <span>
#include <string>
#include <string_view>

namespace snapshot {

/// Whose code a file holds, as far as its name tells.
enum class Origin {
  project,           ///< somebody's own: none of the below
  site_packages,     ///< installed for Python: below site-packages or dist-packages
  standard_library,  ///< Python's (lib/python3.11), the compiler's or the system's (/usr/include, /usr/lib)
  generated,         ///< no file: "<string>", "<frozen os>" of a module that is not known...
};

/// Both kinds of slash separate parts. "<frozen importlib._bootstrap>" is of the standard library. O(length).
Origin origin_of(std::string_view filename);

/// The same of a frame, whose binary says more than the file name where it is known: a library of the system's is no
/// project whatever its sources are called.
Origin origin_of(const Symbols& symbols, const Frame& frame);

/// Whether the frame belongs to the project: to one of the directories, but not to packages installed below it; without
/// directories, to no library. O(length * projects).
bool is_of_project(const Symbols& symbols, const Frame& frame, std::span<const std::string> projects);

/// The top package that a Python file belongs to: "json" of lib/python3.11/json/decoder.py, "numpy" of
/// site-packages/numpy/core/numeric.py, "importlib" of "<frozen importlib._bootstrap>", and of a project's file the
/// first part below one of the directories `projects`, else the first part of a relative name, else the directory that
/// holds the file. A file that is itself that part counts without its ".py". O(length * projects).
std::string_view package_of(std::string_view filename, std::span<const std::string> projects);

/// What follows the directory in the path, without a slash; all of an empty directory; nothing (a null view) when the
/// path is not below it. "." parts in front are ignored.
std::string_view below(std::string_view directory, std::string_view path);

}  // namespace snapshot

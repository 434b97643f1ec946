#pragma once

#include "check/check_report.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace cli {

// Where a finding is, as the servers that show it name files: from the project's directory.

/// The path from `root`, where it is below it, else the path itself; without "." and "a/..". By the names alone: the
/// file may be on another machine.
std::string path_below(std::string_view root, std::string_view path);

/// A path as a URI (RFC 3986, RFC 8089): "src/a%20b.py", "file:///usr/lib/a.py". Bytes that are not UTF-8 are those of
/// the file's name.
std::string uri_of(std::string_view path);

struct Place {
  std::string path;          ///< generalised UTF-8, never empty
  std::uint32_t lineno = 0;  ///< 0 where it is no line
};

/// The line of the finding's site; else the directory that the rule is about, or the snapshot that was checked: servers
/// want each finding in some file.
Place place_of(const Finding& finding, const CheckReport& report, std::string_view root);

/// A frame as CheckReport has it, "app.py:12".
Place place_of_frame(std::string_view frame, std::string_view root);

}  // namespace cli

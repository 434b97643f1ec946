#pragma once

#include "command_line.h"
#include "report.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cli {

/// The limits of a comparison that a script fails on.
struct GateOptions {
  std::optional<std::int64_t> size;       ///< net growth, in bytes
  std::optional<std::int64_t> site_size;  ///< growth of any one row, in bytes
  std::optional<std::int64_t> count;      ///< net growth, in blocks

  void add_to(CommandLine& command);
  bool any() const { return size || site_size || count; }
};

/// What exceeds a limit, one line each; empty when nothing does. `rows` are all rows, in rank order: those that grew
/// are named, the ten first of them where the net growth is what was limited.
std::vector<std::string> exceeded(const GateOptions& gates, const Report& rows);

}  // namespace cli

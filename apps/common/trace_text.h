#pragma once

#include "report.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cli {

// Pieces of text that the printers of tracebacks and of trees share.

/// "12.5 KiB", or "12800 B" where they are to be `exact`.
std::string bytes_text(std::int64_t size, bool exact);

/// "1 block", "2 blocks".
std::string blocks_text(std::int64_t count);

/// "40.6%" in the place of "{}" of `frame`; empty where the total is 0.
std::string share_text(std::int64_t size, std::int64_t total, std::string_view frame = "{}");

/// A line on the blocks of which no frame is the project's; empty where all frames are looked at.
std::string outside_text(const std::optional<Amounts>& outside, bool exact);

}  // namespace cli

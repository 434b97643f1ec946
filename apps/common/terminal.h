#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace cli {

/// Whether standard output is a terminal.
bool is_terminal();

/// Columns that a line may take: COLUMNS, else what the terminal says; nothing for a pipe or a file.
std::optional<std::size_t> line_width();

enum class ColorWhen { automatic, always, never };

/// Whether to colour, by https://no-color.org and https://bixense.com/clicolors: NO_COLOR, CLICOLOR_FORCE and TERM=dumb
/// are honoured, and an explicit choice is above them all.
bool use_color(ColorWhen when);

}  // namespace cli

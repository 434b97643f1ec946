#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace cli {

/// Whether standard output is a terminal.
bool is_terminal();

/// Columns that a line may take: COLUMNS, else what the terminal says; nothing for a pipe or a file.
std::optional<std::size_t> line_width();

/// What a terminal shows at once.
struct Screen {
  std::size_t columns = 0;
  std::size_t rows = 0;
};

/// The screen that standard output, or standard error, is: as the terminal says, else LINES and COLUMNS. Nothing where
/// it is no terminal, is one that cannot move its cursor (TERM=dumb, or no TERM), or where nobody knows the size.
std::optional<Screen> output_screen();
std::optional<Screen> error_screen();

enum class ColorWhen { automatic, always, never };

/// Whether to colour, by https://no-color.org and https://bixense.com/clicolors: NO_COLOR, CLICOLOR_FORCE and TERM=dumb
/// are honoured, and an explicit choice is above them all.
bool use_color(ColorWhen when);

/// Whether the environment's locale writes UTF-8.
bool writes_utf8();

}  // namespace cli

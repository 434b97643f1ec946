#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace transcript {

/// How a file tells what was typed and what came back.
enum class Flavour {
  transcript,  ///< "$ " command, "| " stdout, "! " stderr, "? " status; all other lines are prose
  markdown,    ///< in blocks fenced as "```console": "$ " command, and below it what a terminal shows
  mdoc,        ///< the same in literal displays: ".Bd -literal" to ".Ed"
};

struct Outcome {
  std::string out;  ///< raw bytes; where a terminal's view is told, of stdout and stderr together
  std::string err;
  int status = 0;
};

struct Exchange {
  std::size_t lineno = 0;
  std::string command;
  Outcome outcome;
};

/// Lines that are kept as they are, or an exchange.
struct Piece {
  std::string prose;
  std::optional<Exchange> exchange;
};

/// By the end of the file's name: .md, .1 to .9, else transcript.
Flavour flavour_of(std::string_view path);

/// Whether stdout and stderr are told as one, and the status not at all.
constexpr bool is_terminal_view(Flavour flavour) { return flavour != Flavour::transcript; }

std::vector<Piece> parse(std::string_view text, Flavour flavour);
std::string render(const std::vector<Piece>& pieces, Flavour flavour);

/// The lines of `text`, without their ends. Only "\n" ends a line: file names hold all the other ends.
std::vector<std::string_view> split_lines(std::string_view text);

}  // namespace transcript

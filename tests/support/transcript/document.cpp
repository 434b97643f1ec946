#include "document.h"

#include <array>
#include <charconv>
#include <utility>

namespace transcript {
namespace {

constexpr std::string_view kCommand = "$ ";

/// What follows a line's mark: "| text", or "|" alone for an empty line, or "|\" for an end that has no line end.
struct Marked {
  char mark;
  std::string_view text;
  bool cuts_line_end;
};

std::optional<Marked> marked(std::string_view line) {
  if (line.empty() || std::string_view("|!?").find(line[0]) == std::string_view::npos) return std::nullopt;
  if (line.size() == 1) return Marked{line[0], "", false};
  if (line == "|\\" || line == "!\\") return Marked{line[0], "", true};
  if (line[1] != ' ') return std::nullopt;
  return Marked{line[0], line.substr(2), false};
}

void add_marked(Outcome& outcome, const Marked& line) {
  if (line.mark == '?') {
    std::from_chars(line.text.data(), line.text.data() + line.text.size(), outcome.status);
    return;
  }
  std::string& text = line.mark == '|' ? outcome.out : outcome.err;
  if (line.cuts_line_end) {
    if (!text.empty()) text.pop_back();
  } else {
    text += std::string(line.text) + "\n";
  }
}

std::string render_marked(std::string_view text, char mark) {
  std::string result;
  for (const std::string_view line : split_lines(text)) {
    result += mark;
    if (!line.empty()) result += ' ';
    result += std::string(line) + "\n";
  }
  if (!text.empty() && text.back() != '\n') result += std::string(1, mark) + "\\\n";
  return result;
}

/// The characters that mean something to roff, and those that it would print as typographic ones.
constexpr std::array<std::pair<char, std::string_view>, 6> kRoff{
    {{'\\', "\\e"}, {'-', "\\-"}, {'\'', "\\(aq"}, {'`', "\\(ga"}, {'^', "\\(ha"}, {'~', "\\(ti"}}};

std::string encode(std::string_view line, Flavour flavour) {
  if (flavour != Flavour::mdoc) return std::string(line);
  std::string result = line.starts_with('.') ? "\\&" : "";
  for (const char character : line) {
    std::string_view name(&character, 1);
    for (const auto& [plain, escape] : kRoff) {
      if (plain == character) name = escape;
    }
    result += name;
  }
  return result;
}

std::string decode(std::string_view line, Flavour flavour) {
  if (flavour != Flavour::mdoc) return std::string(line);
  if (line.starts_with("\\&")) line.remove_prefix(2);
  std::string result;
  while (!line.empty()) {
    char character = line[0];
    std::size_t length = 1;
    for (const auto& [plain, escape] : kRoff) {
      if (!line.starts_with(escape)) continue;
      character = plain;
      length = escape.size();
    }
    result += character;
    line.remove_prefix(length);
  }
  return result;
}

bool opens(std::string_view line, Flavour flavour) {
  return flavour == Flavour::markdown ? line == "```console" : line.starts_with(".Bd -literal");
}

bool closes(std::string_view line, Flavour flavour) {
  return flavour == Flavour::markdown ? line == "```" : line == ".Ed";
}

/// Collects pieces; neighbouring lines of prose become one.
class Collector {
 public:
  void prose(std::string_view line) {
    if (pieces_.empty() || pieces_.back().exchange) pieces_.emplace_back();
    pieces_.back().prose += std::string(line) + "\n";
  }
  void command(std::size_t lineno, std::string command) {
    pieces_.push_back({"", Exchange{lineno, std::move(command), {}}});
  }
  /// The exchange that output would belong to, if prose did not end it.
  Exchange* open() { return pieces_.empty() || !pieces_.back().exchange ? nullptr : &*pieces_.back().exchange; }
  std::vector<Piece> take() && { return std::move(pieces_); }

 private:
  std::vector<Piece> pieces_;
};

std::vector<Piece> parse_marked(std::string_view text) {
  Collector pieces;
  std::size_t lineno = 0;
  for (const std::string_view line : split_lines(text)) {
    ++lineno;
    if (line.starts_with(kCommand)) {
      pieces.command(lineno, std::string(line.substr(kCommand.size())));
    } else if (const auto output = marked(line); output && pieces.open() != nullptr) {
      add_marked(pieces.open()->outcome, *output);
    } else {
      pieces.prose(line);
    }
  }
  return std::move(pieces).take();
}

std::vector<Piece> parse_blocks(std::string_view text, Flavour flavour) {
  Collector pieces;
  std::size_t lineno = 0;
  bool inside = false;
  for (const std::string_view line : split_lines(text)) {
    ++lineno;
    const bool edge = inside ? closes(line, flavour) : opens(line, flavour);
    if (edge) inside = !inside;
    const std::string plain = inside && !edge ? decode(line, flavour) : "";
    if (plain.starts_with(kCommand)) {
      pieces.command(lineno, plain.substr(kCommand.size()));
    } else if (inside && !edge && pieces.open() != nullptr) {
      pieces.open()->outcome.out += plain + "\n";
    } else {
      pieces.prose(line);
    }
  }
  return std::move(pieces).take();
}

std::string render_exchange(const Exchange& exchange, Flavour flavour) {
  std::string result = encode(std::string(kCommand) + exchange.command, flavour) + "\n";
  const Outcome& outcome = exchange.outcome;
  if (is_terminal_view(flavour)) {
    for (const std::string_view line : split_lines(outcome.out)) result += encode(line, flavour) + "\n";
    return result;
  }
  result += render_marked(outcome.out, '|') + render_marked(outcome.err, '!');
  return outcome.status == 0 ? result : result + "? " + std::to_string(outcome.status) + "\n";
}

}  // namespace

Flavour flavour_of(std::string_view path) {
  if (path.ends_with(".md")) return Flavour::markdown;
  const bool is_page = path.size() > 2 && path[path.size() - 2] == '.' && path.back() >= '1' && path.back() <= '9';
  return is_page ? Flavour::mdoc : Flavour::transcript;
}

std::vector<Piece> parse(std::string_view text, Flavour flavour) {
  return flavour == Flavour::transcript ? parse_marked(text) : parse_blocks(text, flavour);
}

std::string render(const std::vector<Piece>& pieces, Flavour flavour) {
  std::string text;
  for (const Piece& piece : pieces) text += piece.exchange ? render_exchange(*piece.exchange, flavour) : piece.prose;
  return text;
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

}  // namespace transcript

// transcript --root DIR [--path DIR]... FILE...
//
// Replays what transcripts, README and man pages say that a user types, and compares what comes back, whole. Files are
// named as seen from the root. With UPDATE=1 in the environment, rewrites them with what came back. CONTRIBUTING.md
// tells the format.

#include "document.h"
#include "shell.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace transcript {
namespace {

struct Options {
  std::string root = ".";
  std::vector<std::string> tool_folders;
  std::vector<std::string> files;
  bool update = false;
};

Options parse_options(int argc, char** argv) {
  Options options;
  for (int at = 1; at < argc; ++at) {
    const std::string argument = argv[at];
    if (argument != "--root" && argument != "--path") {
      options.files.push_back(argument);
      continue;
    }
    if (++at == argc) throw std::runtime_error(argument + " needs a folder");
    if (argument == "--root") options.root = argv[at];
    if (argument == "--path") options.tool_folders.emplace_back(argv[at]);
  }
  if (options.files.empty()) throw std::runtime_error("usage: transcript --root DIR [--path DIR]... FILE...");
  const char* const update = std::getenv("UPDATE");
  options.update = update != nullptr && std::string_view(update) == "1";
  return options;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  if (!file.write(text.data(), static_cast<std::streamsize>(text.size())).flush()) {
    throw std::runtime_error("cannot write " + path);
  }
}

/// Where two texts first differ; empty when they do not.
std::string difference(std::string_view name, std::string_view wanted, std::string_view got) {
  if (wanted == got) return "";
  const std::vector<std::string_view> left = split_lines(wanted);
  const std::vector<std::string_view> right = split_lines(got);
  std::size_t at = 0;
  while (at < left.size() && at < right.size() && left[at] == right[at]) ++at;
  const auto line = [at](const std::vector<std::string_view>& lines) {
    return at < lines.size() ? std::string(lines[at]) : "(nothing more)";
  };
  std::string text = "  " + std::string(name) + ", line " + std::to_string(at + 1) + "\n";
  text += "  - " + line(left) + "\n  + " + line(right) + "\n";
  return at == left.size() && at == right.size() ? text + "  (one of them has no line end)\n" : text;
}

std::string differences(const Outcome& wanted, const Outcome& got, bool terminal_view) {
  if (terminal_view) return difference("output", wanted.out, got.out);
  std::string text = difference("stdout", wanted.out, got.out) + difference("stderr", wanted.err, got.err);
  if (wanted.status != got.status) {
    text += "  status\n  - " + std::to_string(wanted.status) + "\n  + " + std::to_string(got.status) + "\n";
  }
  return text;
}

Outcome run_exchange(const Exchange& exchange, bool terminal_view) {
  Outcome got = run(exchange.command, terminal_view);
  const bool cut = !got.out.empty() && got.out.back() != '\n';
  if (terminal_view && cut) got.out += '\n';  // these files cannot tell
  return got;
}

/// Replays a file, and returns the number of its mismatches. An update has none: it takes what comes out as right.
std::size_t replay(const std::string& path, bool update) {
  const Flavour flavour = flavour_of(path);
  const std::string text = read_file(path);
  std::vector<Piece> pieces = parse(text, flavour);
  std::size_t replayed = 0;
  std::size_t mismatches = 0;
  for (Piece& piece : pieces) {
    if (!piece.exchange) continue;
    ++replayed;
    Outcome got = run_exchange(*piece.exchange, is_terminal_view(flavour));
    const std::string differing = differences(piece.exchange->outcome, got, is_terminal_view(flavour));
    if (!update && !differing.empty()) {
      ++mismatches;
      std::printf("%s:%zu: $ %s\n%s", path.c_str(), piece.exchange->lineno, piece.exchange->command.c_str(),
                  differing.c_str());
    }
    piece.exchange->outcome = std::move(got);
  }
  if (replayed == 0) throw std::runtime_error(path + ": holds no command");
  const std::string updated = update ? render(pieces, flavour) : text;
  if (updated != text) write_file(path, updated);
  return mismatches;
}

int run_main(int argc, char** argv) {
  const Options options = parse_options(argc, argv);
  fix_environment(options.root, options.tool_folders);
  std::size_t mismatches = 0;
  for (const std::string& file : options.files) mismatches += replay(file, options.update);
  if (mismatches > 0) std::printf("mismatches: %zu; UPDATE=1 takes what came out as right\n", mismatches);
  return mismatches == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace transcript

int main(int argc, char** argv) {
  try {
    return transcript::run_main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "transcript: %s\n", error.what());
    return 2;
  }
}

#include "trace_options.h"

#include "pager.h"
#include "parse_value.h"

#include <fmt/format.h>
#include <snapshot/utf8.h>

#include <charconv>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

namespace cli {
namespace {

constexpr std::uint64_t kMax32 = std::numeric_limits<std::uint32_t>::max();

bool only_of(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

std::uint64_t address_of(const std::string& text) {
  std::uint64_t address = 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), address, 16);
  if (error != std::errc{}) throw UsageError("'" + text + "' is not an address: it has more than 64 bits");
  return address;
}

std::int64_t parse_frames(const std::string& text) {
  constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
  std::int64_t frames = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), frames);
  if (error != std::errc{} || end != text.data() + text.size() || frames < -kMost || frames > kMost) {
    throw UsageError(fmt::format("'{}' is not a whole number from {} to {}", text, -kMost, kMost));
  }
  return frames;
}

double parse_percent(std::string_view text) {
  double percent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), percent, std::chars_format::fixed);
  if (error != std::errc{} || end != text.data() + text.size() || !(percent >= 0 && percent <= 100)) {
    throw UsageError("'" + std::string(text) + "' is not a number from 0 to 100");
  }
  return percent;
}

}  // namespace

Selector Selector::parse(const std::string& text) {
  Selector selector{text, std::nullopt, std::nullopt};
  if ((text.starts_with("0x") || text.starts_with("0X")) &&
      only_of(std::string_view(text).substr(2), "0123456789abcdefABCDEF")) {
    selector.address = address_of(text);
    return selector;
  }
  snapshot::Place place;
  const std::size_t colon = text.rfind(':');
  const bool has_lineno = colon != std::string::npos && only_of(std::string_view(text).substr(colon + 1), "0123456789");
  if (has_lineno) {
    place.lineno = static_cast<std::uint32_t>(parse_number(std::string_view(text).substr(colon + 1), kMax32));
  }
  place.filename = snapshot::text_from_bytes(has_lineno ? text.substr(0, colon) : text);
  if (place.filename.empty()) throw UsageError("'" + text + "' names no file");
  selector.place = std::move(place);
  return selector;
}

void TraceOptions::add_traceback_options(CommandLine& command) {
  add_limit(command, limit_, "Tracebacks to show: 10 at a terminal or in a table by default; 0 is all");
  command.option(
      "--frames", "N", [this](const std::string& text) { traceback_.frames = parse_frames(text); },
      "Show the N most recent frames; -N leaves out the N most recent");
  command.flag("--most-recent-first", traceback_.most_recent_first, "Show the most recent frame first");
  command.option(
      "--source-root", "DIR", [this](const std::string& text) { source_root_ = text; },
      "Show source lines of files under this directory, not of where they say they are");
  command.flag("--source", with_source_, "Show source lines in JSON, too");
  command.flag("--no-source", no_source_, "Show no source lines");
  command.option(
      "-f,--format", "FMT",
      [this](const std::string& text) {
        format_ = parse_choice<OutputFormat>(
            text,
            {{"table", OutputFormat::table}, {"tracemalloc", OutputFormat::tracemalloc}, {"json", OutputFormat::json}});
      },
      "Print as table (default), tracemalloc or json");
  command.flag("--json", json_, "Short for --format json");
}

void TraceOptions::add_tree_options(CommandLine& command) {
  command.flag("--tree", tree, "Draw the tree of calls, from the oldest frames down");
  command.flag("--callers", tree_.callers, "Draw it from the most recent frames up: who calls");
  command.option(
      "--threshold", "PERCENT", [this](const std::string& text) { tree_.threshold = parse_percent(text); },
      "Leave out of the tree what holds less of the total (default 1; JSON: 0)");
  command.option(
      "--depth", "N", [this](const std::string& text) { tree_.depth = parse_number(text, kMax32, 1); },
      "Draw so many frames of each traceback");
  command.flag("--no-fold", no_fold_, "Draw each frame on a line of its own");
  command.flag("--ascii", tree_.ascii, "Draw without box characters, as where the locale is not UTF-8");
  add_filename_parts(command, tree_.filename_parts, "Keep the last N parts of a path in the tree");
}

void TraceOptions::add_to(CommandLine& command) {
  command.flag("--any-frame", any_frame, "Select tracebacks that pass through the place anywhere");
  filter.add_to(command);
  paths.add_to(command);
  add_traceback_options(command);
  add_tree_options(command);
  command.flag("--bytes", bytes_, "Exact bytes, not KiB");
  add_color(command, color_);
  add_pager(command, no_pager);
  add_timing(command, timing);
  input.add_to(command);
}

bool TraceOptions::parse(int argc, const char* const* argv) {
  CommandLine command("tmtrace", "Show the tracebacks that led to blocks: of a place, of an address, or the largest.");
  std::vector<std::string> arguments;
  command.arguments("SNAPSHOT [PLACE]", arguments, 1, 0,
                    "File to read, - is standard input; and FILE:LINENO, FILE or 0xADDRESS");
  add_to(command);
  if (!command.parse(argc, argv)) return false;
  if (arguments.size() > 2)
    throw UsageError(fmt::format("takes a snapshot and a place, not {} arguments", arguments.size()));
  path = arguments[0];
  if (arguments.size() == 2) selector = Selector::parse(arguments[1]);
  check();
  return true;
}

void TraceOptions::check() const {
  using Uses = std::vector<std::pair<bool, const char*>>;
  const Uses of_tree{{tree_.callers, "--callers"},
                     {tree_.threshold.has_value(), "--threshold"},
                     {tree_.depth.has_value(), "--depth"},
                     {no_fold_, "--no-fold"},
                     {tree_.ascii, "--ascii"},
                     {tree_.filename_parts.has_value(), "--filename-parts"}};
  const Uses of_list{{limit_.has_value(), "--limit"},
                     {traceback_.frames.has_value(), "--frames"},
                     {traceback_.most_recent_first, "--most-recent-first"},
                     {!source_root_.empty(), "--source-root"},
                     {with_source_, "--source"},
                     {no_source_, "--no-source"},
                     {format() == OutputFormat::tracemalloc, "--format tracemalloc"}};
  for (const auto& [used, name] : tree ? of_list : of_tree) {
    if (used) throw UsageError(std::string(name) + (tree ? ": not with --tree" : ": only with --tree"));
  }
  const Uses of_many{{tree, "--tree"}, {any_frame, "--any-frame"}, {limit_.has_value(), "--limit"}};
  for (const auto& [used, name] : of_many) {
    if (used && selector.address) throw UsageError(std::string(name) + ": an address has one traceback");
  }
  if (paths.mine() && selector.address)
    throw UsageError("--mine and --project: not with an address, which shows all frames");
  if (any_frame && !selector.place) throw UsageError("--any-frame: needs a place, FILE:LINENO or FILE");
  if (no_source_ && with_source_) throw UsageError("--no-source: not with --source");
  if (no_source_ && !source_root_.empty()) throw UsageError("--no-source: not with --source-root");
  if (traceback_.most_recent_first && format() == OutputFormat::json) {
    throw UsageError("--most-recent-first: JSON has the oldest frame first");
  }
}

std::optional<std::size_t> TraceOptions::limit() const {
  return shown_rows(limit_, format() == OutputFormat::table || (format() != OutputFormat::json && is_terminal()));
}

TracebackStyle TraceOptions::traceback_style() {
  TracebackStyle style = traceback_;
  style.bytes = bytes_;
  style.color = use_color(color_);
  // JSON is for programs, which know where sources are if they want them.
  const bool by_default = !no_source_ && format() != OutputFormat::json;
  if (by_default || with_source_ || !source_root_.empty()) style.source = &source_.emplace(source_root_);
  return style;
}

TreeStyle TraceOptions::tree_style() const {
  TreeStyle style = tree_;
  style.fold = !no_fold_;
  style.ascii |= !writes_utf8();
  style.bytes = bytes_;
  style.color = use_color(color_);
  return style;
}

}  // namespace cli

#include "options.h"
#include "parse_value.h"
#include "terminal.h"

namespace cli {

using snapshot::SortBy;

namespace {

constexpr std::uint64_t kMax32 = std::numeric_limits<std::uint32_t>::max();

}  // namespace

void add_color(CommandLine& command, ColorWhen& color) {
  command.option(
      "--color", "WHEN",
      [&color](const std::string& text) {
        color = parse_choice<ColorWhen>(
            text, {{"auto", ColorWhen::automatic}, {"always", ColorWhen::always}, {"never", ColorWhen::never}});
      },
      "Colour tables: auto (default), always or never");
}

void add_timing(CommandLine& command, bool& timing) {
  command.flag("--timing", timing, "Say on stderr what each step took in time and memory");
}

void add_limit(CommandLine& command, std::optional<std::size_t>& limit, const char* help) {
  command.option(
      "-n,--limit", "N", [&limit](const std::string& text) { limit = parse_number(text, kMax32); }, help);
}

std::optional<std::size_t> shown_rows(std::optional<std::size_t> asked, bool for_people) {
  constexpr std::size_t kDefault = 10;
  if (asked) return *asked == 0 ? std::nullopt : asked;
  return for_people ? std::optional(kDefault) : std::nullopt;
}

void add_filename_parts(CommandLine& command, std::optional<std::size_t>& parts, const char* help) {
  command.option(
      "-P,--filename-parts", "N", [&parts](const std::string& text) { parts = parse_number(text, kMax32, 1); }, help);
}

void OutputOptions::add_to(CommandLine& command, bool compares) {
  add_limit(command, limit_, "Rows to show: 10 at a terminal or in a table by default; 0 is all");
  command.option(
      "--sort", "KEY",
      [=, this](const std::string& text) {
        sort_ = compares ? parse_choice<SortBy>(text, {{"size", SortBy::size},
                                                       {"count", SortBy::count},
                                                       {"average", SortBy::average},
                                                       {"name", SortBy::name},
                                                       {"size-diff", SortBy::size_diff},
                                                       {"count-diff", SortBy::count_diff}})
                         : parse_choice<SortBy>(text, {{"size", SortBy::size},
                                                       {"count", SortBy::count},
                                                       {"average", SortBy::average},
                                                       {"name", SortBy::name}});
      },
      compares ? "Sort by size, count, average, name, size-diff (default) or count-diff"
               : "Sort by size (default), count, average or name");
  command.flag("-r,--reverse", reverse_, "Reverse the order");
  command.option(
      "-f,--format", "FMT",
      [this](const std::string& text) {
        format_ = parse_choice<OutputFormat>(text, {{"table", OutputFormat::table},
                                                    {"tracemalloc", OutputFormat::tracemalloc},
                                                    {"json", OutputFormat::json},
                                                    {"csv", OutputFormat::csv},
                                                    {"markdown", OutputFormat::markdown}});
      },
      "Print as table (default), tracemalloc, json, csv or markdown");
  command.flag("--json", json_, "Short for --format json");
  add_filename_parts(command, filename_parts_, "Keep the last N parts of a path in tables (default: what fits)");
  command.flag("--source", show_source_, "Show the source line under each row, where the file is at hand");
  command.option(
      "--source-root", "DIR", [this](const std::string& text) { source_root_ = text; },
      "Show source lines, of files under this directory");
  command.flag("--bytes", bytes_, "Exact bytes in tables, not KiB");
  add_color(command, color_);
  add_pager(command, no_pager_);
  command.flag("--most-recent-first", most_recent_first_,
               "Order and name tracebacks by their most recent frame, as CPython 3.6");
  add_timing(command, timing);
}

snapshot::RankOptions OutputOptions::rank() const {
  const bool for_people = format() == OutputFormat::table || format() == OutputFormat::markdown ||
                          (format() == OutputFormat::tracemalloc && is_terminal());
  return {sort_, reverse_, shown_rows(limit_, for_people)};
}

snapshot::FrameOrder OutputOptions::frame_order() const {
  return most_recent_first_ ? snapshot::FrameOrder::most_recent_first : snapshot::FrameOrder::oldest_first;
}

PrintOptions OutputOptions::print() {
  PrintOptions options;
  options.bytes = bytes_;
  options.color = use_color(color_);
  options.filename_parts = filename_parts_;
  options.width = line_width();
  options.most_recent_first = most_recent_first_;
  if (show_source_ || !source_root_.empty()) options.source = &source_.emplace(source_root_);
  return options;
}

}  // namespace cli

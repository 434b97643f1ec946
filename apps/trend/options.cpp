#include "options.h"

#include "common/parse_value.h"

#include <algorithm>
#include <limits>
#include <string_view>

namespace cli {
namespace {

using snapshot::TrendClass;

// Bytes. tracemalloc itself keeps a few for each snapshot that it takes.
constexpr std::int64_t kLeastLeak = 4096;

TrendClass parse_class(std::string_view name) {
  return parse_choice<TrendClass>(name, {{"leak", TrendClass::leak},
                                         {"growing", TrendClass::growing},
                                         {"saturating", TrendClass::saturating},
                                         {"step", TrendClass::step},
                                         {"oscillating", TrendClass::oscillating},
                                         {"shrinking", TrendClass::shrinking},
                                         {"flat", TrendClass::flat}});
}

}  // namespace

void TrendOptions::add_rules(CommandLine& command) {
  command.option(
      "--quantity", "NAME",
      [this](const std::string& text) {
        quantity = parse_choice<TrendQuantity>(text, {{"size", TrendQuantity::size}, {"count", TrendQuantity::count}});
      },
      "Look at the size (default) or the count of blocks");
  command.option(
      "--warmup", "N",
      [this](const std::string& text) { rules.warmup = parse_number(text, std::numeric_limits<std::uint32_t>::max()); },
      "Leave the first N snapshots out of the verdicts, as long as 4 remain: 1 by default");
  command.option(
      "--limit-size", "SIZE",
      [this](const std::string& text) {
        limit_size = parse_size(text);
        limit_text = text;
      },
      "Say when what grows will reach this size");
  command.option(
      "--fail-on", "CLASS[,CLASS]",
      [this](const std::string& text) {
        for (std::size_t begin = 0; begin <= text.size();) {
          const std::size_t end = std::min(text.find(',', begin), text.size());
          fail_on.push_back(parse_class(std::string_view(text).substr(begin, end - begin)));
          begin = end + 1;
        }
      },
      "Status 1 if any row is a leak, growing, saturating, step, oscillating, shrinking or flat; any of several", true);
  command.option(
      "--min-growth", "SIZE", [this](const std::string& text) { min_growth_ = parse_size(text); },
      "Call nothing a leak, and fail on no growth, that is less than this in all: 4K by default; "
      "with --quantity count a number of blocks, 0 by default");
  command.after_parse([this] {
    if (limit_size && quantity == TrendQuantity::count) throw UsageError("--limit-size: not with --quantity count");
    if (json_ && csv_) throw UsageError("--csv: not with --json");
    const std::int64_t by_default = quantity == TrendQuantity::size ? kLeastLeak : 0;
    rules.min_growth = static_cast<double>(min_growth_.value_or(by_default));
  });
}

void TrendOptions::add_output(CommandLine& command) {
  add_limit(command, limit_, "Rows to show: 10 in a table by default; 0 is all");
  command.option(
      "--sort", "KEY",
      [this](const std::string& text) {
        sort_ = parse_choice<TrendSort>(text, {{"class", TrendSort::standard},
                                               {"growth", TrendSort::growth},
                                               {"last", TrendSort::last},
                                               {"name", TrendSort::name}});
      },
      "Sort by class (default: leaks, then what grows, then the rest, each by growth), growth, last amount or name");
  command.flag("-r,--reverse", reverse_, "Reverse the order");
  command.option(
      "-f,--format", "FMT",
      [this](const std::string& text) {
        format_ = parse_choice<OutputFormat>(text, {{"table", OutputFormat::table},
                                                    {"json", OutputFormat::json},
                                                    {"csv", OutputFormat::csv},
                                                    {"markdown", OutputFormat::markdown}});
      },
      "Print as table (default), json, csv or markdown");
  command.flag("--json", json_, "Short for --format json");
  command.flag("--csv", csv_, "Short for --format csv");
  add_filename_parts(command, filename_parts_, "Keep the last N parts of a path in tables (default: what fits)");
  command.flag("--ascii", ascii_, "Draw without block characters, as where the locale is not UTF-8");
  command.flag("--bytes", bytes_, "Exact bytes in tables, not KiB");
  add_color(command, color_);
  add_pager(command, no_pager_);
  add_timing(command, timing);
}

void TrendOptions::add_to(CommandLine& command) {
  command.arguments("SNAPSHOT...", paths, 0, 0,
                    "Files to read, recognised by content, or directories of them; - is standard input");
  command.option(
      "--pattern", "GLOB", [this](const std::string& text) { pattern = text; },
      "Of directories, read the files with such names; without an argument, of the one that GLOB begins with");
  add_rules(command);
  add_output(command);
  command.after_parse([this] {
    if (paths.empty() && !pattern) throw UsageError("takes snapshots, a directory of them, or --pattern");
  });
}

TrendRank TrendOptions::rank() const {
  const bool for_people = format() == OutputFormat::table || format() == OutputFormat::markdown;
  return {sort_, reverse_, shown_rows(limit_, for_people)};
}

TrendStyle TrendOptions::style() const {
  TrendStyle style;
  style.print.bytes = bytes_;
  style.print.color = use_color(color_);
  style.print.filename_parts = filename_parts_;
  style.print.width = line_width();
  style.ascii = ascii_ || !writes_utf8();
  return style;
}

}  // namespace cli

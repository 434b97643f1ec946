#include "options.h"
#include "parse_value.h"

#include <snapshot/utf8.h>

#include <algorithm>

namespace cli {
namespace {

constexpr std::uint64_t kMax32 = std::numeric_limits<std::uint32_t>::max();

/// Where ":LINENO" begins in GLOB:LINENO; npos without one.
std::size_t find_lineno(const std::string& argument) {
  const std::size_t colon = argument.rfind(':');
  if (colon == std::string::npos || colon + 1 == argument.size()) return std::string::npos;
  const bool digits = std::all_of(argument.begin() + static_cast<std::ptrdiff_t>(colon) + 1, argument.end(),
                                  [](char character) { return character >= '0' && character <= '9'; });
  return digits ? colon : std::string::npos;
}

}  // namespace

void FilterOptions::add_glob(const std::string& argument, bool inclusive, bool all_frames) {
  snapshot::Filter filter{inclusive, "", std::nullopt, all_frames, std::nullopt};
  const std::size_t colon = find_lineno(argument);
  if (colon != std::string::npos) {
    filter.lineno = static_cast<std::uint32_t>(parse_number(std::string_view(argument).substr(colon + 1), kMax32));
  }
  filter.filename_pattern = snapshot::text_from_bytes(argument.substr(0, colon));
  by_name_.emplace_back(filter);
  by_any_frame_ |= all_frames;
}

void FilterOptions::add_to(CommandLine& command) {
  const auto add_globs = [&](const char* names, bool inclusive, bool all_frames, const char* help) {
    command.option(
        names, "GLOB[:LINENO]", [=, this](const std::string& text) { add_glob(text, inclusive, all_frames); }, help,
        true);
  };
  add_globs("-i,--include", true, false, "Keep blocks whose most recent frame matches; any of several");
  add_globs("-x,--exclude", false, false, "Drop blocks whose most recent frame matches");
  add_globs("-I,--include-any", true, true, "Keep blocks with a matching frame anywhere in the traceback");
  add_globs("-X,--exclude-any", false, true, "Drop blocks with a matching frame anywhere in the traceback");

  const auto add_domains = [&](const char* names, bool inclusive, const char* help) {
    command.option(
        names, "N",
        [=, this](const std::string& text) {
          by_domain_.emplace_back(
              snapshot::DomainFilter{inclusive, static_cast<std::uint32_t>(parse_number(text, kMax32))});
        },
        help, true);
  };
  add_domains("--domain", true, "Keep blocks of this domain; any of several");
  add_domains("--exclude-domain", false, "Drop blocks of this domain");

  command.option(
      "--min-size", "SIZE", [this](const std::string& text) { least_ = parse_size(text); },
      "Keep blocks of at least this size (512, 4K, 1.5MiB)");
  command.option(
      "--max-size", "SIZE", [this](const std::string& text) { most_ = parse_size(text); },
      "Keep blocks of at most this size");
}

snapshot::Snapshot FilterOptions::apply(snapshot::Snapshot snapshot) const {
  // One after the other joins them by "and"; within one list tracemalloc's rules hold.
  for (const auto* filters : {&by_name_, &by_domain_}) {
    if (!filters->empty()) snapshot = filter_traces(snapshot, *filters);
  }
  if (by_size()) snapshot = snapshot.where_size(least_, most_);
  return snapshot;
}

}  // namespace cli

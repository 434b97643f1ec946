#include "format_list.h"

#include "json_text.h"

#include <fmt/format.h>
#include <formats/registry.h>

#include <string>
#include <string_view>

namespace cli {
namespace {

template <typename Names>
std::string joined(const Names& names) {
  std::string text;
  for (const std::string_view name : names) text += (text.empty() ? "" : ", ") + std::string(name);
  return text;
}

template <typename Names>
std::string json_list(const Names& names) {
  std::string text;
  for (const std::string_view name : names) text += (text.empty() ? "" : ", ") + json_string(name);
  return "[" + text + "]";
}

/// In few words: all, or what is missing where that is the shorter list.
std::string carried(formats::Parts parts) {
  const auto kept = formats::part_names(parts);
  const auto missing = formats::part_names(formats::kAllParts & ~parts);
  if (missing.empty()) return "everything";
  return missing.size() < kept.size() ? "everything but " + joined(missing) : joined(kept);
}

void list_as_json(Output& output) {
  output.write("{\"schema\": \"tmconvert/1\",\n \"formats\": [");
  const char* separator = "\n";
  for (const formats::Format& format : formats::all_formats()) {
    output.write(fmt::format(R"({}  {{"name": {}, "extensions": {}, "reads": {}, "writes": {}, "carries": {}}})",
                             separator, json_string(format.name), json_list(format.extensions), format.read != nullptr,
                             format.write != nullptr, json_list(formats::part_names(format.carries))));
    separator = ",\n";
  }
  output.write("]}\n");
}

}  // namespace

void list_formats(Output& output, bool json) {
  if (json) return list_as_json(output);
  constexpr std::string_view kRow = "{:<12} {:<14} {:<5} {:<6} {}\n";
  const auto yes = [](bool can) { return can ? "yes" : "no"; };
  output.write(fmt::format(kRow, "format", "extensions", "read", "write", "carries besides sums"));
  for (const formats::Format& format : formats::all_formats()) {
    output.write(fmt::format(kRow, format.name, joined(format.extensions), yes(format.read != nullptr),
                             yes(format.write != nullptr), carried(format.carries)));
  }
}

}  // namespace cli

#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json_text.h"

namespace formats {

/// The items as a JSON list on one line; empty where there is none, which has no member.
template <typename Items, typename Json>
std::string json_list(const Items& items, Json to_json) {
  std::string list;
  for (const auto& item : items) list += (list.empty() ? "" : ", ") + to_json(item);
  return list.empty() ? "" : "[" + list + "]";
}

/// The members of a JSON object, as they come. What is not known, and what is empty, has no member.
class JsonObject {
 public:
  void add(std::string_view name, const std::string& json) {
    members_ += fmt::format("{}\"{}\": {}", members_.empty() ? "" : ", ", name, json);
  }
  void add_text(std::string_view name, std::string_view text) {
    if (!text.empty()) add(name, json_string(text));
  }
  template <typename Number>
  void add_number(std::string_view name, const std::optional<Number>& number) {
    if (number) add(name, fmt::format("{}", *number));
  }
  template <typename Items, typename Json>
  void add_list(std::string_view name, const Items& items, Json to_json) {
    if (!items.empty()) add(name, json_list(items, to_json));
  }

  std::string json() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};

}  // namespace formats

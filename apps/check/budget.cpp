#include "budget.h"

#include "text_file.h"

#include "common/load_file.h"
#include "common/parse_value.h"

#include <fmt/format.h>
#include <snapshot/utf8.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <limits>
#include <new>
#include <set>
#include <stdexcept>
#include <utility>

namespace cli {
namespace {

using Json = nlohmann::json;

constexpr double kMost = 0x1p63;
constexpr std::size_t kMostRules = 10'000;

/// "line 3, column 7: " of a byte, counted from 0.
std::string place_of(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, byte);
  const std::size_t line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
  const std::size_t column = byte - (before.rfind('\n') + 1) + 1;  // npos + 1 is 0
  return fmt::format("line {}, column {}: ", line, column);
}

/// Refuses keys that stand twice, of which a parser would keep the last; and depth, of which a budget has little.
class Watch {
 public:
  bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
    constexpr int kDeepest = 8;
    if (depth > kDeepest) throw std::runtime_error("is nested more than 8 deep");
    if (event == Json::parse_event_t::object_start) open_.emplace_back();
    if (event == Json::parse_event_t::object_end) open_.pop_back();
    if (event == Json::parse_event_t::key && !open_.back().insert(parsed.get<std::string>()).second) {
      throw std::runtime_error(fmt::format("the key '{}' stands twice in an object", parsed.get<std::string>()));
    }
    return true;
  }

 private:
  std::vector<std::set<std::string>> open_;
};

Json parse_json(std::string_view text) {
  try {
    Watch watch;
    return Json::parse(text.begin(), text.end(), std::ref(watch));
  } catch (const Json::parse_error& error) {
    const std::size_t byte = std::min(text.size(), error.byte > 0 ? error.byte - 1 : 0);
    throw std::runtime_error(place_of(text, byte) + "is not JSON" + (byte == text.size() ? ": it ends too early" : ""));
  } catch (const Json::out_of_range& error) {
    const std::string what = error.what();  // "[json.exception.out_of_range.406] number overflow parsing '1e999'"
    throw std::runtime_error("is not JSON as it is read here: " + what.substr(what.find("] ") + 2));
  }
}

/// A value, and what it is called: "rules[3].limit".
class Value {
 public:
  Value(const Json& json, std::string path) : json_(json), path_(std::move(path)) {}

  [[noreturn]] void refuse(const std::string& expected) const {
    std::string found = json_.dump(-1, ' ', true, Json::error_handler_t::replace);
    constexpr std::size_t kLongest = 60;
    if (found.size() > kLongest) found = found.substr(0, kLongest) + "...";
    throw std::runtime_error(
        fmt::format("{}: expected {}, not {}", path_.empty() ? "the file" : path_, expected, found));
  }

  /// Refuses what is no object with keys of these.
  void check_keys(std::initializer_list<std::string_view> known) const {
    if (!json_.is_object()) refuse("an object");
    std::string names;
    for (const std::string_view name : known) names += (names.empty() ? "" : ", ") + std::string(name);
    for (const auto& [key, value] : json_.items()) {
      if (std::ranges::find(known, key) == known.end()) {
        throw std::runtime_error(fmt::format("{}: is not one of {}", child_path(key), names));
      }
    }
  }

  std::optional<Value> find(const std::string& key) const {
    const auto found = json_.find(key);
    return found == json_.end() ? std::nullopt : std::optional(Value(*found, child_path(key)));
  }

  Value get(const std::string& key, const char* expected) const {
    const auto found = find(key);
    if (!found) throw std::runtime_error(fmt::format("{}: is missing: expected {}", child_path(key), expected));
    return *found;
  }

  std::vector<Value> items() const {
    if (!json_.is_array()) refuse("a list");
    std::vector<Value> items;
    for (std::size_t at = 0; at < json_.size(); ++at) items.emplace_back(json_[at], fmt::format("{}[{}]", path_, at));
    return items;
  }

  bool is_text() const { return json_.is_string(); }
  bool is_object() const { return json_.is_object(); }

  std::string text(const std::string& expected) const {
    if (!json_.is_string() || json_.get<std::string>().empty()) refuse(expected);
    return json_.get<std::string>();
  }

  template <typename Choice>
  Choice choice(std::initializer_list<std::pair<std::string_view, Choice>> choices) const {
    std::string names;
    for (const auto& [name, value] : choices) {
      if (json_.is_string() && json_.get<std::string>() == name) return value;
      names += (names.empty() ? "\"" : ", \"") + std::string(name) + "\"";
    }
    refuse("one of " + names);
  }

  /// A whole number from 0 on.
  double whole(const std::string& expected) const {
    if (!json_.is_number()) refuse(expected);
    const auto number = json_.get<double>();
    if (!std::isfinite(number) || number < 0 || number >= kMost || number != std::floor(number)) refuse(expected);
    return number;
  }

  double number(const std::string& expected) const {
    if (!json_.is_number()) refuse(expected);
    const auto number = json_.get<double>();
    if (!std::isfinite(number) || number < 0) refuse(expected);
    return number;
  }

  /// Bytes: a whole number, or text as parse_size() takes it.
  double size() const {
    const std::string kExpected = "bytes, as 65536 or \"64KiB\"";
    if (!is_text()) return whole(kExpected);
    try {
      return static_cast<double>(parse_size(json_.get<std::string>()));
    } catch (const UsageError&) {
      refuse(kExpected);
    }
  }

 private:
  std::string child_path(const std::string& key) const { return path_.empty() ? key : path_ + "." + key; }

  const Json& json_;
  std::string path_;
};

void parse_scope(const Value& value, Rule& rule) {
  if (value.is_object()) {
    value.check_keys({"glob", "directory", "domain"});
    const auto glob = value.find("glob");
    const auto directory = value.find("directory");
    const auto domain = value.find("domain");
    if (int{glob.has_value()} + int{directory.has_value()} + int{domain.has_value()} != 1) {
      value.refuse("one of glob, directory and domain");
    }
    rule.scope = glob ? Scope::glob : directory ? Scope::directory : Scope::domain;
    if (glob) rule.subject = glob->text("a pattern of file names");
    if (directory) rule.subject = directory->text("a directory");
    if (domain && domain->is_text()) rule.subject = domain->text("a number or a name");
    if (domain && !domain->is_text()) {
      const double number = domain->whole("a number or a name");
      if (number > std::numeric_limits<std::uint32_t>::max()) domain->refuse("a number below 2^32, or a name");
      rule.subject = fmt::format("{:.0f}", number);
    }
    return;
  }
  rule.scope = value.choice<Scope>({{"total", Scope::total}, {"site", Scope::site}, {"new-site", Scope::new_site}});
}

double parse_limit(const Value& value, const Rule& rule) {
  if (rule.measure == Measure::percent) return value.number("a percentage, as 10");
  return rule.quantity == Quantity::count ? value.whole("a whole number of blocks") : value.size();
}

bool parse_require(const Value& value) { return value.choice<bool>({{"count", true}}); }

/// Conditions that only growth can meet.
void parse_conditions(const Value& object, Rule& rule) {
  for (const char* key : {"min_growth", "require"}) {
    if (const auto value = object.find(key); value && !rule.is_relative()) {
      value->refuse("none where the measure is absolute");
    }
  }
  if (const auto value = object.find("min_growth")) rule.min_growth = static_cast<std::int64_t>(value->size());
  if (const auto value = object.find("require")) rule.require_count = parse_require(*value);
}

Rule parse_one(const Value& object) {
  object.check_keys({"name", "scope", "quantity", "measure", "limit", "min_growth", "require", "severity"});
  Rule rule;
  if (const auto value = object.find("scope")) {
    parse_scope(*value, rule);
  } else {
    rule.scope = Scope::total;
  }
  rule.quantity = Quantity::size;
  if (const auto value = object.find("quantity")) {
    rule.quantity =
        value->choice<Quantity>({{"size", Quantity::size}, {"count", Quantity::count}, {"average", Quantity::average}});
  }
  const Value measure = object.get("measure", "one of \"absolute\", \"growth\", \"percent\"");
  rule.measure = measure.choice<Measure>(
      {{"absolute", Measure::absolute}, {"growth", Measure::growth}, {"percent", Measure::percent}});
  if (rule.scope == Scope::new_site && rule.is_relative()) {
    measure.refuse("\"absolute\" where the scope is \"new-site\", which has nothing to grow from");
  }
  rule.limit = parse_limit(object.get("limit", "a number"), rule);
  parse_conditions(object, rule);
  if (const auto value = object.find("severity")) {
    rule.severity = value->choice<Severity>({{"fail", Severity::fail}, {"warn", Severity::warn}});
  }
  const auto name = object.find("name");
  rule.name = name ? name->text("a name") : rule_syntax(rule);
  return rule;
}

}  // namespace

Budget parse_budget(std::string_view text) {
  const Json json = parse_json(text);
  const Value root(json, "");
  root.check_keys({"$schema", "version", "min_growth", "require", "rules"});
  if (const auto schema = root.find("$schema")) schema->text("the address of a schema");
  const Value version = root.get("version", "1");
  if (version.whole("1") != 1) version.refuse("1");
  Budget budget;
  if (const auto value = root.find("min_growth")) {
    budget.defaults.min_growth = static_cast<std::int64_t>(value->size());
  }
  if (const auto value = root.find("require")) budget.defaults.require_count = parse_require(*value);
  const Value rules = root.get("rules", "a list of rules");
  const std::vector<Value> items = rules.items();
  if (items.empty()) rules.refuse("at least one rule");
  if (items.size() > kMostRules) throw std::runtime_error(fmt::format("rules: more than {}", kMostRules));
  std::set<std::string> names;
  for (const Value& item : items) {
    budget.rules.push_back(parse_one(item));
    if (const auto name = item.find("name"); name && !names.insert(budget.rules.back().name).second) {
      name->refuse("a name that no other rule has");
    }
  }
  return budget;
}

Budget read_budget(const std::string& path) {
  try {
    return parse_budget(read_text_file(path));
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    const std::string name = input_name(path) + ": ";
    throw std::runtime_error(std::string(error.what()).starts_with(name) ? error.what() : name + error.what());
  }
}

}  // namespace cli

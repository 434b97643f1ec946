#include "options.h"
#include "parse_value.h"
#include "report.h"

#include <snapshot/library_paths.h>

#include <algorithm>
#include <array>

namespace cli {
namespace {

using snapshot::Charge;
using snapshot::GroupBy;
using snapshot::GroupSpec;
using snapshot::SizeClasses;

constexpr std::array kKeys{GroupBy::lineno,    GroupBy::filename,  GroupBy::traceback, GroupBy::function,
                           GroupBy::directory, GroupBy::module,    GroupBy::domain,    GroupBy::thread,
                           GroupBy::type,      GroupBy::size_class};

GroupBy key_of(std::string_view name) {
  std::string names;
  for (const GroupBy key : kKeys) {
    if (group_name(key) == name) return key;
    names += (names.empty() ? "" : ", ") + std::string(group_name(key));
  }
  throw UsageError("'" + std::string(name) + "' is not one of " + names);
}

GroupSpec parse_key(std::string_view text) {
  const std::size_t colon = text.find(':');
  GroupSpec spec{.by = key_of(text.substr(0, colon))};
  if (colon == std::string_view::npos) return spec;
  if (spec.by != GroupBy::directory) throw UsageError("'" + std::string(text) + "': directory alone takes a depth");
  spec.depth =
      static_cast<std::uint32_t>(parse_number(text.substr(colon + 1), std::numeric_limits<std::uint32_t>::max(), 1));
  return spec;
}

}  // namespace

void GroupOptions::take(const std::string& text, std::size_t most_keys) {
  const std::size_t comma = text.find(',');
  if (comma != std::string::npos && most_keys < 2) throw UsageError("'" + text + "': takes one key");
  specs_ = {parse_key(std::string_view(text).substr(0, comma))};
  if (comma != std::string::npos) specs_.push_back(parse_key(std::string_view(text).substr(comma + 1)));
  if (specs_.size() == 2 && specs_[0].by == specs_[1].by && specs_[0].depth == specs_[1].depth) {
    throw UsageError("'" + text + "' names one key twice");
  }
  names_ = text;
}

void GroupOptions::add_to(CommandLine& command, std::size_t most_keys) {
  const std::string help =
      "What blocks are grouped by: lineno (default), filename, traceback, function, directory[:DEPTH], module, domain, "
      "thread, type or size-class";
  command.option(
      "-g,--group-by", most_keys == 1 ? "KEY" : "KEY[,KEY]",
      [=, this](const std::string& text) { take(text, most_keys); },
      most_keys == 1 ? help : help + "; a second key groups within the first");
  command.option(
      "--size-classes", "NAME",
      [this](const std::string& text) {
        size_classes_ = parse_choice<SizeClasses>(text, {{"powers", SizeClasses::powers},
                                                         {"glibc", SizeClasses::glibc},
                                                         {"jemalloc", SizeClasses::jemalloc},
                                                         {"pymalloc", SizeClasses::pymalloc}});
      },
      "What -g size-class means: powers of two (default), or the classes of glibc, jemalloc or pymalloc");
  command.flag("-c,--cumulative", cumulative_, "Charge every frame of a traceback, each key once a block");
  command.flag("--count-recursion", recursion_, "Cumulative as CPython counts: once for every frame, recursion again");
  command.after_parse([this] { check(); });
  command.after_parse([this] {
    for (GroupSpec& spec : specs_) spec.size_classes = size_classes_.value_or(SizeClasses::powers);
  });
}

void GroupOptions::check() const {
  const auto has = [&](auto what) { return std::ranges::any_of(specs_, what, &GroupSpec::by); };
  if (size_classes_ && !has([](GroupBy by) { return by == GroupBy::size_class; })) {
    throw UsageError("--size-classes: of -g size-class alone");
  }
  if (charge() == Charge::most_recent) return;
  const std::string option = recursion_ ? "--count-recursion" : "--cumulative";
  if (has([](GroupBy by) { return by == GroupBy::traceback; })) {
    throw UsageError(option + ": tracebacks cannot be grouped cumulatively");
  }
  if (!has(snapshot::is_of_frames)) throw UsageError(option + ": a " + names_ + " is not of frames");
}

std::vector<GroupBy> GroupOptions::keys() const {
  std::vector<GroupBy> keys;
  for (const GroupSpec& spec : specs_) keys.push_back(spec.by);
  return keys;
}

Charge GroupOptions::charge() const {
  if (recursion_) return Charge::every_frame;
  return cumulative_ ? Charge::once : Charge::most_recent;
}

formats::Detail GroupOptions::detail() const {
  using formats::Detail;
  Detail detail = charge() == Charge::most_recent ? Detail::sites : Detail::totals;
  for (const GroupSpec& spec : specs_) {
    if (spec.by == GroupBy::traceback) detail = std::max(detail, Detail::totals);
    if (spec.by == GroupBy::size_class) detail = std::max(detail, Detail::sizes);
    if (spec.by == GroupBy::type) detail = std::max(detail, Detail::types);
    if (spec.by == GroupBy::thread) detail = Detail::traces;
  }
  return detail;
}

}  // namespace cli

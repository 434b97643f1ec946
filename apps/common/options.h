#pragma once

#include "command_line.h"
#include "printer.h"
#include "terminal.h"

#include <formats/load.h>
#include <snapshot/filter.h>
#include <snapshot/rank.h>
#include <snapshot/statistics.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace cli {

// The options that tools share. Each group adds itself to a command line, and hands out values that are ready to use
// once that was parsed.

struct GroupOptions {
  snapshot::GroupBy group_by = snapshot::GroupBy::lineno;

  void add_to(CommandLine& command);
  /// Throws UsageError for a combination that means nothing.
  snapshot::Charge charge() const;

 private:
  bool cumulative_ = false;
  bool recursion_ = false;
};

struct FilterOptions {
  void add_to(CommandLine& command);

  /// Whether a filter looks at single blocks.
  bool by_size() const { return least_ > 0 || most_ < std::numeric_limits<std::int64_t>::max(); }
  /// Whether one looks at more than the most recent frame.
  bool by_any_frame() const { return by_any_frame_; }
  snapshot::Snapshot apply(snapshot::Snapshot snapshot) const;

 private:
  void add_glob(const std::string& argument, bool inclusive, bool all_frames);

  std::vector<snapshot::TraceFilter> by_name_;
  std::vector<snapshot::TraceFilter> by_domain_;
  bool by_any_frame_ = false;
  std::int64_t least_ = 0;
  std::int64_t most_ = std::numeric_limits<std::int64_t>::max();
};

struct InputOptions {
  void add_to(CommandLine& command);
  formats::LoadOptions load(formats::Detail detail) const;
  bool salvages() const { return salvage_; }

 private:
  const formats::Format* format_ = nullptr;  // null: recognised
  bool salvage_ = false;
};

/// --color, for tools whose tables have colours.
void add_color(CommandLine& command, ColorWhen& color);

struct OutputOptions {
  bool timing = false;

  /// `compares`: whether there are differences to sort by.
  void add_to(CommandLine& command, bool compares);
  OutputFormat format() const { return json_ ? OutputFormat::json : format_; }
  snapshot::RankOptions rank() const;
  snapshot::FrameOrder frame_order() const;
  PrintOptions print();  ///< valid as long as this is

 private:
  OutputFormat format_ = OutputFormat::table;
  std::optional<std::size_t> limit_;
  snapshot::SortBy sort_ = snapshot::SortBy::standard;
  bool reverse_ = false;
  bool json_ = false;
  std::optional<std::size_t> filename_parts_;
  bool show_source_ = false;
  std::optional<SourceLines> source_;
  std::string source_root_;
  bool bytes_ = false;
  ColorWhen color_ = ColorWhen::automatic;
  bool most_recent_first_ = false;
};

}  // namespace cli

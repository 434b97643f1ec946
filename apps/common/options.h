#pragma once

#include "command_line.h"
#include "pager.h"
#include "printer.h"
#include "terminal.h"

#include <formats/load.h>
#include <snapshot/filter.h>
#include <snapshot/grouping.h>
#include <snapshot/map_frames.h>
#include <snapshot/rank.h>
#include <snapshot/statistics.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

// The options that tools share. Each group adds itself to a command line, and hands out values that are ready to use
// once that was parsed.

/// The keys that blocks are grouped by: one, or a second within the first.
struct GroupOptions {
  /// `most_keys`: one or two.
  void add_to(CommandLine& command, std::size_t most_keys = 2);

  const std::vector<snapshot::GroupSpec>& specs() const { return specs_; }
  const std::string& names() const { return names_; }  ///< as a user names the keys: "directory:2", "filename,lineno"
  std::vector<snapshot::GroupBy> keys() const;
  snapshot::Charge charge() const;

  /// How much of a file the keys and the charge need.
  formats::Detail detail() const;

 private:
  void take(const std::string& text, std::size_t most_keys);
  void check() const;

  std::vector<snapshot::GroupSpec> specs_{{}};
  std::string names_ = "lineno";
  std::optional<snapshot::SizeClasses> size_classes_;
  bool cumulative_ = false;
  bool recursion_ = false;
};

/// Which blocks are looked at: tracemalloc's filters, and further conditions. All are joined by "and".
struct FilterOptions {
  void add_to(CommandLine& command);

  /// How much of a file the conditions need.
  formats::Detail detail() const;

  /// --invert-match.
  void add_invert(CommandLine& command);

  /// Throws snapshot::Error when the snapshot does not keep what a condition asks for.
  snapshot::Snapshot apply(snapshot::Snapshot snapshot) const;

 private:
  struct Pattern {
    std::string text;
    snapshot::Filter filter;
  };
  struct DomainName {
    std::string text;
    bool inclusive;
  };
  struct Addresses {
    std::uint64_t first;
    std::uint64_t last;
  };

  void add_patterns(CommandLine& command);
  void add_domains(CommandLine& command);
  void add_block_conditions(CommandLine& command);
  void compile();
  std::optional<std::vector<snapshot::TraceFilter>> domains_of(const snapshot::SnapshotInfo& info) const;
  std::vector<bool> passing(const snapshot::Snapshot& snapshot) const;
  std::function<bool(std::size_t)> block_test(const snapshot::Snapshot& snapshot) const;
  bool by_block() const { return by_size() || !threads_.empty() || !addresses_.empty(); }
  bool by_size() const { return least_ > 0 || most_ < std::numeric_limits<std::int64_t>::max(); }

  std::vector<Pattern> patterns_;
  bool regex_ = false;
  bool invert_ = false;
  std::vector<snapshot::TraceFilter> by_name_;      // compiled patterns of file names
  std::vector<snapshot::TraceFilter> by_function_;  // and of functions
  std::vector<DomainName> domains_;
  std::vector<std::string> threads_;
  std::vector<Addresses> addresses_;
  std::int64_t least_ = 0;
  std::int64_t most_ = std::numeric_limits<std::int64_t>::max();
};

/// What file names are read as, and which of them are the user's own.
struct PathOptions {
  void add_to(CommandLine& command);

  bool mine() const { return mine_ || !projects_.empty(); }
  const std::vector<std::string>& projects() const { return projects_; }

  struct Renamed {
    snapshot::Snapshot snapshot;
    std::vector<bool> of_library;  ///< by FrameId, where names have changed: by the recorded name it is of no project
  };

  /// The snapshot with the names that --map-path and --strip-prefix make of the files'.
  Renamed rename(snapshot::Snapshot snapshot, const std::shared_ptr<snapshot::Symbols>& symbols) const;

  /// The snapshot with the project's frames alone, where mine(). A --project is told by the new names, and what is of a
  /// library by the recorded ones, which say where it was installed.
  snapshot::MappedSnapshot keep_mine(Renamed renamed, const std::shared_ptr<snapshot::Symbols>& symbols) const;

 private:
  std::optional<std::string> new_name(std::string_view filename) const;

  struct Mapping {
    std::string from;
    std::string to;
  };
  std::vector<Mapping> mappings_;
  std::vector<std::string> prefixes_;
  std::vector<std::string> projects_;
  bool mine_ = false;
};

struct InputOptions {
  void add_to(CommandLine& command);
  formats::LoadOptions load(formats::Detail detail) const;
  bool salvages() const { return salvage_; }

 private:
  const formats::Format* format_ = nullptr;  // null: recognised
  bool salvage_ = false;
};

// Options that stand in several of these groups, or alone.

/// --color, for tools whose tables have colours.
void add_color(CommandLine& command, ColorWhen& color);

/// --timing.
void add_timing(CommandLine& command, bool& timing);

/// -n, --limit, of what `help` says.
void add_limit(CommandLine& command, std::optional<std::size_t>& limit, const char* help);

/// How many of that are shown: as many as were asked for, where 0 is all; else 10 to people, and all to programs.
std::optional<std::size_t> shown_rows(std::optional<std::size_t> asked, bool for_people);

/// -P, --filename-parts.
void add_filename_parts(CommandLine& command, std::optional<std::size_t>& parts, const char* help);

struct OutputOptions {
  bool timing = false;

  /// `compares`: whether there are differences to sort by.
  void add_to(CommandLine& command, bool compares);
  OutputFormat format() const { return json_ ? OutputFormat::json : format_; }
  snapshot::RankOptions rank() const;
  snapshot::FrameOrder frame_order() const;
  PrintOptions print();  ///< valid as long as this is
  std::optional<Paging> paging() const { return cli::paging(no_pager_); }

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
  bool no_pager_ = false;
};

}  // namespace cli

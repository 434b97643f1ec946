#pragma once

#include "options.h"

#include <snapshot/place.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace cli {

/// What tmtrace is asked about: a place or an address; neither: all.
struct Selector {
  std::string text;  ///< as it was typed
  std::optional<snapshot::Place> place;
  std::optional<std::uint64_t> address;

  /// "0x7f10", "app.py:10", "app.py". Throws UsageError.
  static Selector parse(const std::string& text);
};

/// How tracebacks are listed.
struct TracebackStyle {
  std::optional<std::int64_t> frames;  ///< the argument `limit` of CPython's Traceback.format
  bool most_recent_first = false;
  bool bytes = false;  ///< exact sizes
  bool color = false;
  SourceLines* source = nullptr;  ///< shows source lines when set
};

/// How the tree is drawn.
struct TreeStyle {
  bool callers = false;                       ///< from the most recent frames on
  std::optional<double> threshold;            ///< percent of the total that a node must hold
  std::optional<std::size_t> depth;           ///< frames below the root
  bool fold = true;                           ///< draws a chain of calls as one line
  bool ascii = false;                         ///< draws without box characters
  std::optional<std::size_t> filename_parts;  ///< last parts of a path to keep
  bool bytes = false;
  bool color = false;
};

struct TraceOptions {
  std::string path;
  Selector selector;
  bool any_frame = false;  ///< the place may be anywhere in a traceback
  bool tree = false;
  bool timing = false;
  bool no_pager = false;
  FilterOptions filter;
  PathOptions paths;
  InputOptions input;

  /// False when all is done already. Throws UsageError.
  bool parse(int argc, const char* const* argv);

  OutputFormat format() const { return json_ ? OutputFormat::json : format_; }
  std::optional<std::size_t> limit() const;  ///< tracebacks to list; all when absent
  TracebackStyle traceback_style();          ///< valid as long as this is
  TreeStyle tree_style() const;

 private:
  void add_to(CommandLine& command);
  void add_traceback_options(CommandLine& command);
  void add_tree_options(CommandLine& command);
  void check() const;

  OutputFormat format_ = OutputFormat::table;
  bool json_ = false;
  std::optional<std::size_t> limit_;
  TracebackStyle traceback_;
  bool with_source_ = false;
  bool no_source_ = false;
  std::string source_root_;
  std::optional<SourceLines> source_;
  TreeStyle tree_;
  bool no_fold_ = false;
  bool bytes_ = false;
  ColorWhen color_ = ColorWhen::automatic;
};

}  // namespace cli

#pragma once

#include "destination.h"
#include "options.h"

#include <optional>
#include <string>
#include <vector>

namespace cli {

/// What tmgrep prints of the blocks that it finds.
enum class GrepAnswer {
  groups,
  snapshot,  ///< a file with the blocks alone
  count,     ///< how many blocks
  with,      ///< names of the files that have any
  without,   ///< names of those that have none
  nothing,   ///< the status alone
};

struct GrepOptions {
  std::vector<std::string> paths;
  std::int64_t min_count = 0;  ///< blocks of a group
  FilterOptions filter;
  PathOptions path_options;
  GroupOptions group;
  InputOptions input;
  OutputOptions output;

  /// False when all is done already. Throws UsageError.
  bool parse(int argc, const char* const* argv);

  GrepAnswer answer() const;
  Destination destination() const { return {*out_}; }        ///< of GrepAnswer::snapshot
  const formats::Format* out_format() const { return to_; }  ///< null: as the name says

  /// How much of a file is needed besides what filters need.
  formats::Detail detail() const;

 private:
  void check() const;

  std::optional<std::string> out_;
  const formats::Format* to_ = nullptr;
  bool count_ = false;
  bool with_ = false;
  bool without_ = false;
  bool quiet_ = false;
};

}  // namespace cli

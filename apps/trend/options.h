#pragma once

#include "common/options.h"

#include <snapshot/trend.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cli {

/// What a series is made of.
enum class TrendQuantity { size, count };

/// What rows are sorted by: by default leaks first, then what grows, all by how fast they grow.
enum class TrendSort { standard, growth, last, name };

struct TrendRank {
  TrendSort sort = TrendSort::standard;
  bool reverse = false;
  std::optional<std::size_t> limit;  ///< rows to keep; all when absent
};

/// How tables of series look, besides PrintOptions.
struct TrendStyle {
  PrintOptions print;
  bool ascii = false;
};

/// The options of tmtrend alone.
struct TrendOptions {
  std::vector<std::string> paths;
  std::optional<std::string> pattern;
  TrendQuantity quantity = TrendQuantity::size;
  snapshot::TrendRules rules;
  std::string limit_text;                     ///< that size as it was asked for
  std::optional<std::int64_t> limit_size;     ///< bytes that growth is not to reach
  std::vector<snapshot::TrendClass> fail_on;  ///< classes that no row may be
  bool timing = false;

  void add_to(CommandLine& command);
  OutputFormat format() const { return json_ ? OutputFormat::json : csv_ ? OutputFormat::csv : format_; }
  TrendRank rank() const;
  TrendStyle style() const;
  std::optional<Paging> paging() const { return cli::paging(no_pager_); }

 private:
  void add_rules(CommandLine& command);
  void add_output(CommandLine& command);

  std::optional<std::int64_t> min_growth_;
  OutputFormat format_ = OutputFormat::table;
  std::optional<std::size_t> limit_;
  TrendSort sort_ = TrendSort::standard;
  bool reverse_ = false;
  bool json_ = false;
  bool csv_ = false;
  std::optional<std::size_t> filename_parts_;
  bool bytes_ = false;
  bool ascii_ = false;
  ColorWhen color_ = ColorWhen::automatic;
  bool no_pager_ = false;
};

}  // namespace cli

#include "series.h"

#include "trend/inputs.h"

#include <snapshot/rank.h>

#include <span>
#include <string_view>
#include <type_traits>

namespace cli {

using snapshot::FrameId;
using snapshot::GroupBy;
using snapshot::Key;
using snapshot::StringId;

namespace {

/// Whether a group is a value of Symbols other than its name.
bool is_of_rows(GroupBy by) {
  return by == GroupBy::lineno || by == GroupBy::filename || by == GroupBy::traceback || by == GroupBy::function;
}

}  // namespace

std::int64_t Series::amount(const Amounts& amounts) const {
  return quantity_ == TrendQuantity::size ? amounts.size : amounts.count;
}

FrameId Series::copy(const snapshot::Symbols& from, FrameId frame) {
  const snapshot::Frame old = from.frame(frame);
  const auto text = [&](StringId id) { return id == snapshot::kUnknownString ? id : symbols_.intern(from.text(id)); };
  return symbols_.intern(snapshot::Frame{text(old.filename), old.lineno, text(old.function), text(old.module)});
}

Key Series::key_of(const snapshot::Grouping& grouping, Key key) {
  const snapshot::Symbols& from = grouping.symbols();
  const auto old = static_cast<std::uint32_t>(key);
  switch (by_) {
    case GroupBy::lineno: return snapshot::row(copy(from, FrameId{old}));
    case GroupBy::filename: return snapshot::row(symbols_.intern(from.text(StringId{old})));
    case GroupBy::traceback: {
      std::vector<FrameId> frames;
      for (const FrameId frame : from.traceback(snapshot::TracebackId{old})) frames.push_back(copy(from, frame));
      return snapshot::row(symbols_.intern(std::span<const FrameId>(frames)));
    }
    case GroupBy::function: {
      const std::string_view name = grouping.label(key);
      const StringId function = name.empty() ? snapshot::kUnknownString : symbols_.intern(name);
      return snapshot::row(symbols_.intern(snapshot::Frame{symbols_.intern(grouping.filename(key)), 0, function}));
    }
    default: return snapshot::row(symbols_.intern(grouping.label(key)));
  }
}

std::size_t Series::site_of(const snapshot::Grouping& grouping, Key key) {
  const Key own = key_of(grouping, key);
  const auto [found, is_new] = sites_.try_emplace(own, keys_.size());
  if (is_new) keys_.push_back(own);
  return found->second;
}

void Series::add(const Groups& groups, const LoadedSnapshots& loaded) {
  std::vector<std::int64_t> column(keys_.size(), 0);
  for (const snapshot::Statistic& group : groups.statistics(loaded.snapshots)) {
    const std::size_t site = site_of(groups.outer(), group.key);
    column.resize(keys_.size(), 0);
    column[site] += amount({group.size, group.count});
  }
  column.shrink_to_fit();
  columns_.push_back(std::move(column));
  outside_.push_back(amount(loaded.outside.front()));
  const snapshot::Snapshot& whole = loaded.snapshots.front();
  totals_.push_back(amount({whole.size(), whole.count()}) + outside_.back());
}

void Series::reorder(std::span<const std::size_t> order) {
  const auto reordered = [&](auto& old) {
    std::decay_t<decltype(old)> result;
    for (const std::size_t at : order) result.push_back(std::move(old[at]));
    old = std::move(result);
  };
  reordered(columns_);
  reordered(totals_);
  reordered(outside_);
}

std::vector<std::int64_t> Series::values(std::size_t site) const {
  std::vector<std::int64_t> values;
  values.reserve(columns_.size());
  for (const std::vector<std::int64_t>& column : columns_) values.push_back(site < column.size() ? column[site] : 0);
  return values;
}

ReportRow Series::row(std::size_t site) const {
  const auto at = static_cast<std::uint32_t>(keys_[site]);
  if (!is_of_rows(by_)) return {{}, {}, by_, std::string(symbols_.text(StringId{at}))};
  ReportRow result{{}, {}, by_};
  if (by_ == GroupBy::filename) result.traceback = {{symbols_.text(StringId{at}), 0}};
  if (by_ == GroupBy::lineno || by_ == GroupBy::function) result.traceback = {frame_of(symbols_, FrameId{at})};
  if (by_ != GroupBy::traceback) return result;
  for (const FrameId frame : symbols_.traceback(snapshot::TracebackId{at})) {
    result.traceback.push_back(frame_of(symbols_, frame));
  }
  return result;
}

int Series::compare(std::size_t a, std::size_t b) const {
  if (is_of_rows(by_)) {
    const GroupBy by = by_ == GroupBy::function ? GroupBy::lineno : by_;  // also a frame
    const snapshot::KeyOrder order(symbols_, by, snapshot::FrameOrder::oldest_first);
    return order.compare(keys_[a], keys_[b]);
  }
  const auto text = [&](std::size_t site) { return symbols_.text(StringId{static_cast<std::uint32_t>(keys_[site])}); };
  return compare_natural(text(a), text(b));
}

}  // namespace cli

#include "brute_force.h"

#include "brute_keys.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace brute_force {
namespace {

using snapshot::Charge;
using snapshot::GroupBy;
using snapshot::SortBy;

std::string without_c(const std::string& filename) {
  return filename.ends_with(".pyc") ? filename.substr(0, filename.size() - 1) : filename;
}

bool passes(const snapshot::Filter& filter, const Trace& trace) {
  const auto text_matches = [&](const Frame& frame) {
    if (filter.field == snapshot::FilterField::function) return frame.function && glob(filter.pattern, *frame.function);
    return glob(without_c(filter.pattern), without_c(frame.filename));
  };
  const auto frame_matches = [&](const Frame& frame) {
    return text_matches(frame) && (!filter.lineno || *filter.lineno == frame.lineno);
  };
  bool matches = frame_matches(trace.frames.front());
  if (filter.all_frames) {
    for (const Frame& frame : trace.frames) matches = matches || frame_matches(frame);
  }
  if (filter.domain && *filter.domain != trace.domain) return !filter.inclusive;  // says nothing of other domains
  return matches ? filter.inclusive : !filter.inclusive;
}

bool passes(const snapshot::DomainFilter& filter, const Trace& trace) {
  return filter.inclusive ? trace.domain == filter.domain : trace.domain != filter.domain;
}

bool passes(const snapshot::TraceFilter& filter, const Trace& trace) {
  return std::visit([&](const auto& one) { return passes(one, trace); }, filter);
}

bool is_inclusive(const snapshot::TraceFilter& filter) {
  return std::visit([](const auto& one) { return one.inclusive; }, filter);
}

/// The frames that a block is charged to, each as often as it is.
std::vector<Frame> charged_frames(const Trace& trace, Charge charge, bool of_frames) {
  if (charge == Charge::most_recent || !of_frames) return {trace.frames.front()};
  return trace.frames;
}

/// The list, or without what it has twice.
template <typename Value>
std::vector<Value> once(const std::vector<Value>& values, Charge charge) {
  if (charge != Charge::once) return values;
  const std::set<Value> distinct(values.begin(), values.end());
  return {distinct.begin(), distinct.end()};
}

void add(Amount& amount, const Trace& trace) {
  amount.size += trace.size * trace.count;
  amount.count += trace.count;
}

std::int64_t magnitude(std::int64_t value) { return value < 0 ? -value : value; }

/// Negative, 0 or positive by what is asked for first; the greater comes first in the output.
template <typename Number>
int sign(Number a, Number b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

int by_sort_key(const Row& a, const Row& b, SortBy sort) {
  switch (sort) {
    case SortBy::standard: return 0;
    case SortBy::size: return sign(a.size, b.size);
    case SortBy::count: return sign(a.count, b.count);
    case SortBy::average:
      if (a.count == 0 || b.count == 0) return sign(a.count, b.count);
      return sign(static_cast<long double>(a.size) * static_cast<long double>(b.count),
                  static_cast<long double>(b.size) * static_cast<long double>(a.count));
    case SortBy::name: return 0;
    case SortBy::size_diff: return sign(magnitude(a.size_diff), magnitude(b.size_diff));
    case SortBy::count_diff: return sign(magnitude(a.count_diff), magnitude(b.count_diff));
  }
  return 0;
}

}  // namespace

bool glob(const std::string& pattern, const std::string& text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') return glob(pattern.substr(1), text) || (!text.empty() && glob(pattern, text.substr(1)));
  return !text.empty() && (pattern[0] == '?' || pattern[0] == text[0]) && glob(pattern.substr(1), text.substr(1));
}

Traces filter_traces(const Traces& traces, const std::vector<snapshot::TraceFilter>& filters) {
  Traces kept;
  for (const Trace& trace : traces) {
    bool any_inclusive = false;
    bool included = false;
    bool excluded = false;
    for (const snapshot::TraceFilter& filter : filters) {
      if (is_inclusive(filter)) {
        any_inclusive = true;
        included = included || passes(filter, trace);
      } else {
        excluded = excluded || !passes(filter, trace);
      }
    }
    if ((included || !any_inclusive) && !excluded) kept.push_back(trace);
  }
  return kept;
}

Statistics statistics(const std::vector<Traces>& snapshots, const snapshot::GroupSpec& spec, Charge charge) {
  Statistics statistics;
  for (const Traces& traces : snapshots) {
    for (const Trace& trace : traces) {
      std::vector<Key> keys;
      for (const Frame& frame : charged_frames(trace, charge, is_of_frames(spec.by))) {
        keys.push_back(key_of(trace, frame, spec));
      }
      for (const Key& key : once(keys, charge)) add(statistics[key], trace);
    }
  }
  return statistics;
}

Statistics statistics(const std::vector<Traces>& snapshots, GroupBy group_by, Charge charge) {
  return statistics(snapshots, snapshot::GroupSpec{.by = group_by}, charge);
}

PairStatistics statistics(const std::vector<Traces>& snapshots, const snapshot::GroupSpec& outer,
                          const snapshot::GroupSpec& inner, Charge charge) {
  PairStatistics statistics;
  for (const Traces& traces : snapshots) {
    for (const Trace& trace : traces) {
      std::vector<std::pair<Key, Key>> keys;
      for (const Frame& frame : charged_frames(trace, charge, true)) {
        keys.emplace_back(key_of(trace, frame, outer), key_of(trace, frame, inner));
      }
      for (const auto& pair : once(keys, charge)) add(statistics[pair], trace);
    }
  }
  return statistics;
}

std::vector<Row> rows(const Statistics& statistics) {
  std::vector<Row> rows;
  for (const auto& [key, amount] : statistics) rows.push_back({key, amount.size, amount.count, 0, 0});
  return rows;
}

std::vector<Row> compare(const Statistics& older, const Statistics& newer) {
  std::set<Key> keys;
  for (const auto& [key, amount] : older) keys.insert(key);
  for (const auto& [key, amount] : newer) keys.insert(key);
  std::vector<Row> rows;
  for (const Key& key : keys) {
    const Amount before = older.contains(key) ? older.at(key) : Amount{};
    const Amount now = newer.contains(key) ? newer.at(key) : Amount{};
    rows.push_back({key, now.size, now.count, now.size - before.size, now.count - before.count});
  }
  return rows;
}

std::vector<Row> sorted(std::vector<Row> rows, bool differences, SortBy sort, bool reverse,
                        snapshot::FrameOrder frame_order) {
  const auto text_of = [&](const Row& row) {
    Key key = row.key;
    if (frame_order == snapshot::FrameOrder::most_recent_first) std::ranges::reverse(key.frames);
    return key;
  };
  const auto rest_of = [&](const Row& row) {
    return differences
               ? std::tuple(magnitude(row.size_diff), row.size, magnitude(row.count_diff), row.count, text_of(row))
               : std::tuple(row.size, row.count, std::int64_t{0}, std::int64_t{0}, text_of(row));
  };
  std::ranges::sort(rows, [&](const Row& a, const Row& b) {
    if (sort == SortBy::name) return text_of(a) < text_of(b);
    const int first = by_sort_key(a, b, sort);
    return first != 0 ? first > 0 : rest_of(a) > rest_of(b);
  });
  if (reverse) std::ranges::reverse(rows);
  return rows;
}

}  // namespace brute_force

#include "brute_force.h"

#include <snapshot/builder.h>

#include <algorithm>
#include <array>
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
  const auto frame_matches = [&](const Frame& frame) {
    return glob(without_c(filter.filename_pattern), without_c(frame.filename)) &&
           (!filter.lineno || *filter.lineno == frame.lineno);
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

Key key_of(const Frame& frame, GroupBy group_by) {
  return {Frame{frame.filename, group_by == GroupBy::filename ? 0 : frame.lineno}};
}

/// The keys that a block is charged to, each as often as it is.
std::vector<Key> keys_of(const Trace& trace, GroupBy group_by, Charge charge) {
  if (group_by == GroupBy::traceback) return {Key(trace.frames.rbegin(), trace.frames.rend())};
  if (charge == Charge::most_recent) return {key_of(trace.frames.front(), group_by)};
  std::vector<Key> keys;
  for (const Frame& frame : trace.frames) keys.push_back(key_of(frame, group_by));
  if (charge == Charge::every_frame) return keys;
  const std::set<Key> once(keys.begin(), keys.end());
  return {once.begin(), once.end()};
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

Statistics statistics(const std::vector<Traces>& snapshots, GroupBy group_by, Charge charge) {
  Statistics statistics;
  for (const Traces& traces : snapshots) {
    for (const Trace& trace : traces) {
      for (const Key& key : keys_of(trace, group_by, charge)) {
        statistics[key].size += trace.size * trace.count;
        statistics[key].count += trace.count;
      }
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
    if (frame_order == snapshot::FrameOrder::most_recent_first) std::ranges::reverse(key);
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

snapshot::Snapshot to_snapshot(const Traces& traces, const std::shared_ptr<snapshot::Symbols>& symbols,
                               bool totals_only) {
  snapshot::SnapshotBuilder builder(symbols, totals_only);
  const auto intern = [&](const std::optional<std::string>& text) {
    return text ? symbols->intern(*text) : snapshot::kUnknownString;
  };
  const bool counted = std::ranges::any_of(traces, [](const Trace& trace) { return trace.count != 1; });
  for (const Trace& trace : traces) {
    std::vector<snapshot::FrameId> frames;
    for (auto frame = trace.frames.rbegin(); frame != trace.frames.rend(); ++frame) {
      frames.push_back(symbols->intern(snapshot::Frame{symbols->intern(frame->filename), frame->lineno,
                                                       intern(frame->function), intern(frame->module)}));
    }
    const auto traceback = symbols->intern(std::span<const snapshot::FrameId>(frames));
    const std::uint32_t total = builder.total(traceback, trace.total_nframe, trace.domain);
    if (counted) {
      builder.add_equal_traces(total, trace.size, trace.count);
    } else {
      builder.add_trace(total, trace.size);
    }
  }
  return std::move(builder).finish();
}

namespace {

Frame to_frame(const snapshot::Symbols& symbols, snapshot::FrameId id) {
  const auto text = [&](snapshot::StringId string) {
    return string == snapshot::kUnknownString ? std::nullopt : std::optional(std::string(symbols.text(string)));
  };
  const snapshot::Frame frame = symbols.frame(id);
  return {std::string(symbols.text(frame.filename)), frame.lineno, text(frame.function), text(frame.module)};
}

Key to_key(const snapshot::Symbols& symbols, GroupBy group_by, snapshot::Key key) {
  if (group_by == GroupBy::lineno) return {to_frame(symbols, snapshot::FrameId{key})};
  if (group_by == GroupBy::filename) return {Frame{std::string(symbols.text(snapshot::StringId{key})), 0}};
  Key frames;
  for (const snapshot::FrameId id : symbols.traceback(snapshot::TracebackId{key}))
    frames.push_back(to_frame(symbols, id));
  return frames;
}

}  // namespace

Traces to_traces(const snapshot::Snapshot& snapshot) {
  Traces traces;
  for (std::size_t at = 0; at < snapshot.traces().rows(); ++at) {
    const snapshot::Total& total = snapshot.totals()[snapshot.traces().total[at]];
    Key frames = to_key(snapshot.symbols(), GroupBy::traceback, row(total.traceback));
    std::ranges::reverse(frames);
    traces.push_back(
        {total.domain, snapshot.traces().size[at], frames, total.total_nframe, snapshot.traces().count_of(at)});
  }
  return traces;
}

std::vector<Row> to_rows(const snapshot::Symbols& symbols, GroupBy group_by,
                         const std::vector<snapshot::Statistic>& rows) {
  std::vector<Row> result;
  for (const auto& row : rows) result.push_back({to_key(symbols, group_by, row.key), row.size, row.count, 0, 0});
  return result;
}

std::vector<Row> to_rows(const snapshot::Symbols& symbols, GroupBy group_by,
                         const std::vector<snapshot::StatisticDiff>& rows) {
  std::vector<Row> result;
  for (const auto& row : rows) {
    result.push_back({to_key(symbols, group_by, row.key), row.size, row.count, row.size_diff, row.count_diff});
  }
  return result;
}

Frame Random::frame() {
  static const std::array<std::string, 8> kNames{
      "a.py", "a.pyc", "b.py", "lib/b.py", "lib/c.c", "<frozen app>", "lib/\xED\xB2\x80.py", "<unknown>"};
  Frame frame{choice(std::span<const std::string>(kNames)), static_cast<std::uint32_t>(below(3))};
  if (one_in(4)) frame.function = one_in(2) ? "load" : one_in(2) ? "b.py" : "";
  if (one_in(8)) frame.module = one_in(2) ? "lib/c.so" : "";
  return frame;
}

Traces Random::traces() {
  static const std::array<std::int64_t, 7> kSizes{0, 1, 2, 3, 512, std::int64_t{1} << 32U, std::int64_t{5} << 40U};
  Traces tracebacks;  // the sizes are not used
  for (std::uint64_t left = 1 + below(6); left > 0; --left) {
    Trace trace;
    for (std::uint64_t frames = 1 + below(5); frames > 0; --frames) trace.frames.push_back(frame());
    trace.domain = one_in(3) ? static_cast<std::uint32_t>(below(3)) : 0;
    trace.total_nframe = one_in(3) ? 30 : static_cast<std::uint32_t>(trace.frames.size());
    tracebacks.push_back(trace);
  }
  Traces traces;
  const bool counted = one_in(3);
  for (std::uint64_t left = below(16); left > 0; --left) {
    traces.push_back(choice(std::span<const Trace>(tracebacks)));
    traces.back().size = choice(std::span<const std::int64_t>(kSizes));
    if (counted) traces.back().count = static_cast<std::int64_t>(1 + below(4));
  }
  return traces;
}

std::vector<snapshot::TraceFilter> Random::filters() {
  static const std::array<std::string, 9> kPatterns{"*", "a.py", "a.pyc", "?.py", "lib/*", "*.py", "<*>", "*/b*", ""};
  std::vector<snapshot::TraceFilter> filters;
  for (std::uint64_t left = below(4); left > 0; --left) {
    const bool inclusive = one_in(2);
    if (one_in(4)) {
      filters.emplace_back(snapshot::DomainFilter{inclusive, static_cast<std::uint32_t>(below(3))});
      continue;
    }
    snapshot::Filter filter{inclusive, choice(std::span<const std::string>(kPatterns)), {}, one_in(2), {}};
    if (one_in(3)) filter.lineno = static_cast<std::uint32_t>(below(3));
    if (one_in(3)) filter.domain = static_cast<std::uint32_t>(below(3));
    filters.emplace_back(filter);
  }
  return filters;
}

}  // namespace brute_force

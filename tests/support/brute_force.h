#pragma once

#include <snapshot/filter.h>
#include <snapshot/grouping.h>
#include <snapshot/rank.h>
#include <snapshot/snapshot.h>
#include <snapshot/statistics.h>

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

/// What tracemalloc means, written a second time in the slowest and most obvious way: strings and maps, one block after
/// the other. It shares nothing with the library but the names of the options.
namespace brute_force {

struct Frame {
  std::string filename;
  std::uint32_t lineno = 0;
  std::optional<std::string> function = std::nullopt;
  std::optional<std::string> module = std::nullopt;

  auto operator<=>(const Frame&) const = default;
};

struct Trace {
  std::uint32_t domain = 0;
  std::int64_t size = 0;
  std::vector<Frame> frames;  ///< most recent first, as in a dump
  std::uint32_t total_nframe = 0;
  std::int64_t count = 1;  ///< blocks that the row stands for

  // Of single blocks; all of a snapshot's traces have one or none has, but for the thread.
  std::optional<std::uint64_t> address = std::nullopt;
  std::optional<snapshot::Thread> thread = std::nullopt;
  std::optional<std::int64_t> birth = std::nullopt;
  std::optional<std::uint64_t> weight = std::nullopt;

  std::optional<std::string> type = std::nullopt;  ///< also where a row stands for several blocks

  bool operator==(const Trace&) const = default;
};
using Traces = std::vector<Trace>;

/// The name of a group, with its parts in the order that they are compared in.
struct Key {
  std::uint64_t number = 0;   ///< the domain, or the largest size of a class; what else has none is ordered by text
  std::string label = {};     ///< as tables have it; of a function its name
  bool known = true;          ///< whether the function is
  std::vector<Frame> frames;  ///< the traceback, oldest first; the line, without a function; the file, of line 0

  auto operator<=>(const Key&) const = default;
};

struct Amount {
  std::int64_t size = 0;
  std::int64_t count = 0;
};
using Statistics = std::map<Key, Amount>;
using PairStatistics = std::map<std::pair<Key, Key>, Amount>;

struct Row {
  Key key;
  std::int64_t size = 0;
  std::int64_t count = 0;
  std::int64_t size_diff = 0;
  std::int64_t count_diff = 0;

  bool operator==(const Row&) const = default;
};

/// Patterns of "*", "?" and ordinary characters.
bool glob(const std::string& pattern, const std::string& text);

Traces filter_traces(const Traces& traces, const std::vector<snapshot::TraceFilter>& filters);
Statistics statistics(const std::vector<Traces>& snapshots, const snapshot::GroupSpec& spec, snapshot::Charge charge);
Statistics statistics(const std::vector<Traces>& snapshots, snapshot::GroupBy group_by, snapshot::Charge charge);
PairStatistics statistics(const std::vector<Traces>& snapshots, const snapshot::GroupSpec& outer,
                          const snapshot::GroupSpec& inner, snapshot::Charge charge);
std::vector<Row> rows(const Statistics& statistics);
std::vector<Row> compare(const Statistics& older, const Statistics& newer);

/// All rows in order, sorted whole.
std::vector<Row> sorted(std::vector<Row> rows, bool differences, snapshot::SortBy sort, bool reverse,
                        snapshot::FrameOrder frame_order);

// From one world to the other.
snapshot::Snapshot to_snapshot(const Traces& traces, const std::shared_ptr<snapshot::Symbols>& symbols,
                               bool totals_only = false);
Traces to_traces(const snapshot::Snapshot& snapshot);
Key to_key(const snapshot::Grouping& grouping, snapshot::Key key);
std::vector<Row> to_rows(const snapshot::Grouping& grouping, const std::vector<snapshot::Statistic>& rows);
std::vector<Row> to_rows(const snapshot::Grouping& grouping, const std::vector<snapshot::StatisticDiff>& rows);
std::vector<Row> to_rows(const snapshot::Symbols& symbols, snapshot::GroupBy group_by,
                         const std::vector<snapshot::Statistic>& rows);
std::vector<Row> to_rows(const snapshot::Symbols& symbols, snapshot::GroupBy group_by,
                         const std::vector<snapshot::StatisticDiff>& rows);

/// Domains that snapshots of to_snapshot() have names for: of the second the empty one.
inline const std::vector<snapshot::Domain> kNamedDomains{{1, "numpy"}, {2, ""}};

/// Random values, the same on every machine. Names, lines and sizes are few, so that ties and recursion are many.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
  bool one_in(std::uint64_t bound) { return below(bound) == 0; }
  template <typename Value>
  const Value& choice(std::span<const Value> values) {
    return values[below(values.size())];
  }

  Traces traces();
  /// The same with files of every kind and place, and with addresses, threads, births, weights and types.
  Traces recorded_traces();
  std::vector<snapshot::TraceFilter> filters();
  snapshot::GroupSpec group_spec();

 private:
  Frame frame();
  Frame recorded_frame();
  Traces tracebacks(Frame (Random::*next_frame)());
  Traces some_of(const Traces& tracebacks, bool counted);
  Traces with_types(Traces traces);

  std::mt19937_64 engine_;
};

}  // namespace brute_force

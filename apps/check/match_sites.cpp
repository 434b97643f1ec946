#include "match_sites.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

namespace cli {
namespace {

// Evidence that two places are one. What matters is their order: a shift costs less than what one pair with a similar
// holding is worth, so that a single line that moved is found; and more than being at the same line is, so that a pair
// without any evidence needs others with the same shift behind or before it.
constexpr double kSameName = 3;
constexpr double kOtherFunction = -2;
constexpr double kOtherSource = -3;
constexpr double kSameHolding = 3;
constexpr double kSimilarHolding = 1.5;
constexpr double kOtherBlocks = -0.7;  // not as much as standing at the same line is worth: any line may hold more now
constexpr double kSameShift = 0.75;
constexpr double kNewShift = -1;
constexpr double kFarAway = -0.05;  // for each doubling of the distance
constexpr double kFarthest = -0.45;

bool is_within(std::int64_t a, std::int64_t b, double factor) {
  return static_cast<double>(std::max(a, b)) <= static_cast<double>(std::min(a, b)) * factor;
}

/// What sizes and counts say: as they were; blocks of about the same size, and not many more or fewer; or other blocks.
double likeness(const Holding& a, const Holding& b) {
  constexpr double kAverages = 1.25;
  constexpr double kCounts = 2;
  if (a == b) return kSameHolding;
  if (a.count == 0 || b.count == 0) return 0;
  const auto average = [](const Holding& each) { return each.size / each.count; };
  if (!is_within(average(a), average(b), kAverages)) return kOtherBlocks;
  return is_within(a.count, b.count, kCounts) ? kSimilarHolding : 0;
}

bool same_function(const CodePlace& a, const CodePlace& b) {
  return a.function != snapshot::kUnknownString && a.function == b.function;
}
bool same_source(const CodePlace& a, const CodePlace& b) { return !a.source.empty() && a.source == b.source; }

double likeness(const CodePlace& a, const CodePlace& b) {
  double score = 0;
  if (a.function != snapshot::kUnknownString && b.function != snapshot::kUnknownString) {
    score += same_function(a, b) ? kSameName : kOtherFunction;
  }
  if (!a.source.empty() && !b.source.empty()) score += same_source(a, b) ? kSameName : kOtherSource;
  return score + likeness(a.holding, b.holding);
}

MatchedBy matched_by(const CodePlace& a, const CodePlace& b) {
  if (a.lineno == b.lineno) return MatchedBy::key;
  if (same_function(a, b)) return MatchedBy::function;
  return same_source(a, b) ? MatchedBy::source_text : MatchedBy::nearest;
}

/// The best way to end in some pair, and which pair that is.
struct Best {
  double score = 0;
  std::size_t cell = kNone;

  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
};

/// Pairs without crossing, by dynamic programming over cells: cell (i, j) is the best alignment that ends with that
/// pair.
class Alignment {
 public:
  Alignment(std::span<const CodePlace> base, std::span<const CodePlace> head) : base_(base), head_(head) {}

  std::vector<std::pair<std::size_t, std::size_t>> pairs() {
    const std::size_t width = head_.size();
    before_.assign(base_.size() * width, Best::kNone);
    std::vector<Best> above{Best{}};  // the best of all rows so far, with a column before this one
    above.resize(above.size() + width);
    std::vector<Best> row(width);
    for (std::size_t i = 0; i < base_.size(); ++i) {
      for (std::size_t j = 0; j < width; ++j) row[j] = cell(i, j, above[j]);
      for (std::size_t j = 0; j < width; ++j) {
        remember_shift(shift(i, j), row[j]);
        if (row[j].score > above[j + 1].score) above[j + 1] = row[j];
      }
      for (std::size_t j = 0; j < width; ++j) {
        if (above[j].score > above[j + 1].score) above[j + 1] = above[j];
      }
    }
    return trace_back(above[width].cell);
  }

 private:
  std::int64_t shift(std::size_t i, std::size_t j) const {
    return std::int64_t{head_[j].lineno} - std::int64_t{base_[i].lineno};
  }

  static double new_shift(std::int64_t shift) {
    return kNewShift + std::max(kFarthest, kFarAway * std::log2(1 + std::abs(static_cast<double>(shift))));
  }

  Best cell(std::size_t i, std::size_t j, const Best& any) {
    const std::int64_t by = shift(i, j);
    Best best{by == 0 ? kSameShift : new_shift(by), Best::kNone};  // the first pair; nothing is shifted before it
    if (any.cell != Best::kNone && any.score + new_shift(by) > best.score) {
      best = {any.score + new_shift(by), any.cell};
    }
    const auto same = by_shift_.find(by);
    if (same != by_shift_.end() && same->second.score + kSameShift > best.score) {
      best = {same->second.score + kSameShift, same->second.cell};
    }
    const std::size_t at = i * head_.size() + j;
    before_[at] = best.cell;
    return {best.score + likeness(base_[i], head_[j]), at};
  }

  void remember_shift(std::int64_t by, const Best& end) {
    const auto [entry, added] = by_shift_.try_emplace(by, end);
    if (!added && end.score > entry->second.score) entry->second = end;
  }

  std::vector<std::pair<std::size_t, std::size_t>> trace_back(std::size_t cell) const {
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    for (; cell != Best::kNone; cell = before_[cell]) pairs.emplace_back(cell / head_.size(), cell % head_.size());
    std::ranges::reverse(pairs);
    return pairs;
  }

  std::span<const CodePlace> base_;
  std::span<const CodePlace> head_;
  std::vector<std::size_t> before_;                  // by cell: the pair before it
  std::unordered_map<std::int64_t, Best> by_shift_;  // of the rows above: linenos ascend, so its column is before
};

/// Both lists, and what of them is paired.
class Matching {
 public:
  Matching(std::span<const CodePlace> base, std::span<const CodePlace> head)
      : base_(base), head_(head), base_taken_(base.size()), head_taken_(head.size()) {}

  void take_same_linenos() {
    for (std::size_t i = 0, j = 0; i < base_.size() && j < head_.size();) {
      if (base_[i].lineno == head_[j].lineno) {
        take(i++, j++);
      } else {
        ++(base_[i].lineno < head_[j].lineno ? i : j);
      }
    }
  }

  /// Aligns what is left of the places with the same name, one name after the other; those without a name are left.
  template <typename Name>
  void align_left(Name name) {
    const auto base = rows_by_name(base_, base_taken_, name);
    const auto head = rows_by_name(head_, head_taken_, name);
    for (const auto& [each, rows] : base) {
      const auto found = head.find(each);
      if (found != head.end()) align(rows, found->second);
    }
  }

  void align_all() {
    align_left([](const CodePlace&) { return std::optional(0); });
  }

  std::vector<PlacePair> pairs() && {
    std::ranges::sort(pairs_, {}, &PlacePair::base);
    return std::move(pairs_);
  }

 private:
  template <typename Name>
  static auto rows_by_name(std::span<const CodePlace> places, const std::vector<bool>& taken, Name name) {
    std::map<typename decltype(name(places[0]))::value_type, std::vector<std::size_t>> rows;
    for (std::size_t at = 0; at < places.size(); ++at) {
      if (taken[at]) continue;
      if (const auto each = name(places[at])) rows[*each].push_back(at);
    }
    return rows;
  }

  void align(const std::vector<std::size_t>& base_rows, const std::vector<std::size_t>& head_rows) {
    std::vector<CodePlace> base;
    std::vector<CodePlace> head;
    for (const std::size_t at : base_rows) base.push_back(base_[at]);
    for (const std::size_t at : head_rows) head.push_back(head_[at]);
    for (const auto& [i, j] : Alignment(base, head).pairs()) take(base_rows[i], head_rows[j]);
  }

  void take(std::size_t i, std::size_t j) {
    base_taken_[i] = head_taken_[j] = true;
    pairs_.push_back({i, j, matched_by(base_[i], head_[j])});
  }

  std::span<const CodePlace> base_;
  std::span<const CodePlace> head_;
  std::vector<bool> base_taken_;
  std::vector<bool> head_taken_;
  std::vector<PlacePair> pairs_;
};

}  // namespace

std::vector<PlacePair> match_places(std::span<const CodePlace> base, std::span<const CodePlace> head) {
  Matching matching(base, head);
  if (base.size() > kMostPairs / std::max<std::size_t>(head.size(), 1)) {
    matching.take_same_linenos();
  } else {
    matching.align_all();
    matching.align_left([](const CodePlace& place) {
      return place.function == snapshot::kUnknownString ? std::nullopt : std::optional(place.function);
    });
    matching.align_left(
        [](const CodePlace& place) { return place.source.empty() ? std::nullopt : std::optional(place.source); });
  }
  return std::move(matching).pairs();
}

}  // namespace cli

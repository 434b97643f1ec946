#include <snapshot/filter.h>

#include "fnmatch.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace snapshot {
namespace {

std::string_view normalise(std::string_view filename) {
  if (filename.ends_with(".pyc")) filename.remove_suffix(1);
  return filename;
}

/// A filter of one snapshot's traces: which frames it matches is found once, for all that follows.
class Matcher {
 public:
  Matcher(const Filter& filter, const Symbols& symbols);

  /// tracemalloc's Filter._match: whether the filter lets the trace pass.
  bool passes(const Total& total) const {
    const bool passes = matches(total.traceback) == filter_.inclusive;
    if (!filter_.domain) return passes;
    const bool in_domain = total.domain == *filter_.domain;
    return filter_.inclusive ? passes && in_domain : passes || !in_domain;
  }

 private:
  bool matches(TracebackId id) const {
    if (!filter_.all_frames) return frames_[row(symbols_.most_recent(id))];
    return std::ranges::any_of(symbols_.traceback(id), [&](FrameId frame) { return frames_[row(frame)]; });
  }

  const Filter& filter_;
  const Symbols& symbols_;
  std::vector<bool> frames_;  // by FrameId: whether the frame matches
};

/// What the filter says of a text, before the frame's line number.
std::function<bool(std::string_view)> test_of(const Filter& filter) {
  if (filter.accepts) return filter.accepts;
  if (filter.field == FilterField::function) {
    return [pattern = Fnmatch(filter.pattern)](std::string_view text) { return pattern.matches(text); };
  }
  return [pattern = Fnmatch(normalise(filter.pattern))](std::string_view text) {
    return pattern.matches(normalise(text));
  };
}

Matcher::Matcher(const Filter& filter, const Symbols& symbols)
    : filter_(filter), symbols_(symbols), frames_(symbols.frame_count()) {
  enum class Answer : char { unknown, no, yes };
  const auto accepts = test_of(filter);
  std::vector<Answer> answers(symbols.string_count(), Answer::unknown);
  for (std::uint32_t at = 0; at < frames_.size(); ++at) {
    const Frame frame = symbols.frame(FrameId{at});
    const StringId text = filter.field == FilterField::function ? frame.function : frame.filename;
    if (text == kUnknownString) continue;
    Answer& answer = answers[row(text)];
    if (answer == Answer::unknown) answer = accepts(symbols.text(text)) ? Answer::yes : Answer::no;
    frames_[at] = answer == Answer::yes && (!filter.lineno || frame.lineno == *filter.lineno);
  }
}

/// The filters of one kind, inclusive or exclusive.
struct Matchers {
  std::vector<Matcher> filters;
  std::vector<DomainFilter> domains;

  bool empty() const { return filters.empty() && domains.empty(); }

  /// How many let the trace pass, as "any" or "all".
  bool any(const Total& total) const {
    return std::ranges::any_of(filters, [&](const Matcher& filter) { return filter.passes(total); }) ||
           std::ranges::any_of(domains, [&](const DomainFilter& filter) { return passes(filter, total); });
  }
  bool all(const Total& total) const {
    return std::ranges::all_of(filters, [&](const Matcher& filter) { return filter.passes(total); }) &&
           std::ranges::all_of(domains, [&](const DomainFilter& filter) { return passes(filter, total); });
  }

 private:
  static bool passes(const DomainFilter& filter, const Total& total) {
    return (total.domain == filter.domain) == filter.inclusive;
  }
};

}  // namespace

std::vector<bool> passing(const Snapshot& snapshot, std::span<const TraceFilter> filters) {
  Matchers inclusive;
  Matchers exclusive;
  for (const TraceFilter& filter : filters) {
    if (const auto* by_name = std::get_if<Filter>(&filter)) {
      (by_name->inclusive ? inclusive : exclusive).filters.emplace_back(*by_name, snapshot.symbols());
    } else {
      const auto& by_domain = std::get<DomainFilter>(filter);
      (by_domain.inclusive ? inclusive : exclusive).domains.push_back(by_domain);
    }
  }
  std::vector<bool> kept;
  kept.reserve(snapshot.totals().size());
  for (const Total& total : snapshot.totals()) {
    kept.push_back((inclusive.empty() || inclusive.any(total)) && exclusive.all(total));
  }
  return kept;
}

Snapshot filter_traces(const Snapshot& snapshot, std::span<const TraceFilter> filters) {
  return snapshot.where_total(passing(snapshot, filters));
}

}  // namespace snapshot

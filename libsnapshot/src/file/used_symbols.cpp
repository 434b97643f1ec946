#include "used_symbols.h"

#include <algorithm>
#include <tuple>

namespace snapshot::file {
namespace {

/// The rows that are marked, sorted by `before`; and the place of each among them.
template <typename Id, typename Before>
std::vector<Id> sorted(std::vector<std::uint32_t>& numbers, Before before) {
  std::vector<Id> ids;
  for (std::uint32_t at = 0; at < numbers.size(); ++at) {
    if (numbers[at] != UsedSymbols::kUnused) ids.push_back(Id{at});
  }
  std::ranges::sort(ids, before);
  for (std::uint32_t place = 0; place < ids.size(); ++place) numbers[row(ids[place])] = place;
  return ids;
}

}  // namespace

UsedSymbols::UsedSymbols(const Snapshot& snapshot) {
  const Symbols& symbols = snapshot.symbols();
  string_numbers.assign(symbols.string_count(), kUnused);
  frame_numbers.assign(symbols.frame_count(), kUnused);
  traceback_numbers.assign(symbols.traceback_count(), kUnused);
  for (const Total& total : snapshot.totals()) {
    if (total.count != 0) traceback_numbers[row(total.traceback)] = 0;
  }
  for (std::uint32_t at = 0; at < traceback_numbers.size(); ++at) {
    if (traceback_numbers[at] == kUnused) continue;
    for (const FrameId id : symbols.traceback(TracebackId{at})) frame_numbers[row(id)] = 0;
  }
  for (std::uint32_t at = 0; at < frame_numbers.size(); ++at) {
    if (frame_numbers[at] == kUnused) continue;
    const Frame frame = symbols.frame(FrameId{at});
    for (const StringId id : {frame.filename, frame.function, frame.module}) {
      if (id != kUnknownString) string_numbers[row(id)] = 0;
    }
  }

  strings = sorted<StringId>(string_numbers, [&](StringId a, StringId b) { return symbols.text(a) < symbols.text(b); });
  const auto number = [&](StringId id) { return id == kUnknownString ? 0 : string_numbers[row(id)] + 1; };
  const auto frame_key = [&](FrameId id) {
    const Frame frame = symbols.frame(id);
    return std::tuple(number(frame.filename), frame.lineno, number(frame.function), number(frame.module));
  };
  frames = sorted<FrameId>(frame_numbers, [&](FrameId a, FrameId b) { return frame_key(a) < frame_key(b); });
  const auto before = [&](FrameId a, FrameId b) { return frame_numbers[row(a)] < frame_numbers[row(b)]; };
  tracebacks = sorted<TracebackId>(traceback_numbers, [&](TracebackId a, TracebackId b) {
    return std::ranges::lexicographical_compare(symbols.traceback(a), symbols.traceback(b), before);
  });
}

}  // namespace snapshot::file

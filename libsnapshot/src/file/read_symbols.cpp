#include "symbol_rows.h"
#include "symbol_sections.h"

#include <algorithm>
#include <span>

namespace snapshot::file {
namespace {

/// A function or a module: its number counted from 1, 0 for one that is not known.
StringId code_string(std::uint64_t number, const std::vector<StringId>& strings) {
  return number == 0 ? kUnknownString : strings[number - 1];
}

Frame frame_of(const FrameRow& row, const std::vector<StringId>& strings) {
  return {strings[row.filename], row.lineno, code_string(row.function, strings), code_string(row.module, strings)};
}

/// Calls `id_of` for each traceback, with the numbers of its frames and how many it shares with the one before.
template <typename IdOf>
Tracebacks intern_tracebacks(PlainReader& in, const std::vector<FrameId>& frames, IdOf id_of) {
  TracebackRows rows(in, frames.size());
  Tracebacks result;
  result.ids.reserve(rows.count());
  result.lengths.reserve(rows.count());
  for (std::uint32_t row = 0; row < rows.count(); ++row) {
    const std::size_t shared = rows.next();
    result.ids.push_back(id_of(shared, rows.numbers()));
    result.lengths.push_back(static_cast<std::uint32_t>(rows.numbers().size()));
  }
  rows.finish();
  return result;
}

/// Which strings the frames of a traceback name: a mark for each up to the last of them.
std::vector<bool> strings_of(const std::vector<std::uint32_t>& traceback, const std::vector<FrameRow>& frames) {
  std::vector<bool> marks;
  const auto mark = [&](std::uint32_t string) {
    if (string >= marks.size()) marks.resize(string + 1);
    marks[string] = true;
  };
  for (const std::uint32_t number : traceback) {
    const FrameRow& frame = frames[number];
    mark(frame.filename);
    if (frame.function != 0) mark(frame.function - 1);
    if (frame.module != 0) mark(frame.module - 1);
  }
  return marks;
}

}  // namespace

std::vector<StringId> read_strings(PlainReader& in, Symbols& symbols) {
  StringRows rows(in);
  std::vector<StringId> ids;
  ids.reserve(rows.count());
  for (std::uint32_t at = 0; at < rows.count(); ++at) ids.push_back(symbols.intern(rows.next()));
  rows.finish();
  return ids;
}

std::vector<FrameId> read_frames(PlainReader& in, const std::vector<StringId>& strings, Symbols& symbols) {
  FrameRows rows(in, strings.size());
  const bool all_new = symbols.frame_count() == 0 && !rows.has_code();  // as each is more than the one before
  std::vector<FrameId> ids;
  ids.reserve(rows.count());
  for (std::uint32_t at = 0; at < rows.count(); ++at) {
    const Frame frame = frame_of(rows.next(), strings);
    ids.push_back(all_new ? symbols.append_new(frame) : symbols.intern(frame));
  }
  rows.finish();
  return ids;
}

Tracebacks read_tracebacks(PlainReader& in, const std::vector<FrameId>& frames, Symbols& symbols) {
  const bool all_new = symbols.traceback_count() == 0;  // as each is more than the one before
  std::vector<FrameId> traceback;
  return intern_tracebacks(in, frames, [&](std::size_t shared, const std::vector<std::uint32_t>& numbers) {
    traceback.resize(numbers.size());
    for (std::size_t at = shared; at < numbers.size(); ++at) traceback[at] = frames[numbers[at]];
    return all_new ? symbols.append_new(traceback) : symbols.intern(traceback);
  });
}

Tracebacks read_most_recent(PlainReader& in, const std::vector<FrameId>& frames, Symbols& symbols) {
  constexpr TracebackId kNone{0xFFFFFFFF};
  std::vector<TracebackId> by_frame(frames.size(), kNone);
  return intern_tracebacks(in, frames, [&](std::size_t /*shared*/, const std::vector<std::uint32_t>& numbers) {
    TracebackId& id = by_frame[numbers.back()];
    if (id == kNone) id = symbols.intern(std::span(&frames[numbers.back()], 1));
    return id;
  });
}

FoundTraceback find_traceback(PlainReader& strings, PlainReader& frames, PlainReader& tracebacks, std::uint32_t number,
                              Symbols& symbols) {
  StringRows string_rows(strings);
  FrameRows frame_rows(frames, string_rows.count());
  TracebackRows rows(tracebacks, frame_rows.count());
  if (number >= rows.count()) {
    tracebacks.fail("a total names traceback " + std::to_string(number) + ", but there are " +
                    std::to_string(rows.count()));
  }
  for (std::uint32_t at = 0; at <= number; ++at) rows.next();

  std::vector<FrameRow> needed(1 + std::ranges::max(rows.numbers()));
  for (FrameRow& row : needed) row = frame_rows.next();
  std::vector<StringId> ids;
  for (const bool marked : strings_of(rows.numbers(), needed)) {
    const std::string& text = string_rows.next();
    ids.push_back(marked ? symbols.intern(text) : kUnknownString);
  }
  std::vector<FrameId> traceback;
  traceback.reserve(rows.numbers().size());
  for (const std::uint32_t at : rows.numbers()) traceback.push_back(symbols.intern(frame_of(needed[at], ids)));
  return {symbols.intern(traceback), traceback.size()};
}

}  // namespace snapshot::file

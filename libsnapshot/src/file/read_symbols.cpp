#include "layout.h"
#include "symbol_sections.h"

#include <snapshot/utf8.h>

#include <compare>
#include <limits>

namespace snapshot::file {
namespace {

constexpr std::uint32_t kMost32 = std::numeric_limits<std::uint32_t>::max();

[[noreturn]] void refuse_string(const PlainReader& in, std::uint64_t number, const std::vector<StringId>& strings) {
  in.fail("a frame names string " + std::to_string(number) + ", but there are " + std::to_string(strings.size()));
}

[[noreturn]] void refuse_frame(const PlainReader& in, std::uint64_t number, const std::vector<FrameId>& frames) {
  in.fail("a traceback names frame " + std::to_string(number) + ", but there are " + std::to_string(frames.size()));
}

/// A function or a module: its number counted from 1, 0 for one that is not known.
StringId code_string(const PlainReader& in, std::uint64_t number, const std::vector<StringId>& strings) {
  if (number > strings.size()) refuse_string(in, number - 1, strings);
  return number == 0 ? kUnknownString : strings[number - 1];
}

/// Calls `id_of` for each traceback, with the numbers of its frames and how many it shares with the one before.
template <typename IdOf>
Tracebacks decode_tracebacks(PlainReader& in, const std::vector<FrameId>& frames, IdOf id_of) {
  const std::uint64_t rows = in.varint();
  auto [shape, first, rest] = in.columns<3>();
  const std::uint32_t count = shape.check_rows(rows, kMostRows, "tracebacks");
  Tracebacks result;
  result.ids.reserve(count);
  result.lengths.reserve(count);
  std::vector<std::uint32_t> numbers;
  std::uint64_t sum = 0;
  for (std::uint32_t row = 0; row < count; ++row) {
    const std::uint64_t dropped = shape.varint(numbers.size(), "frames of the traceback before");
    const std::uint64_t added = 1 + shape.varint(kMostFrames, "frames");
    const std::size_t shared = numbers.size() - dropped;
    sum += shared + added;
    if (sum > kMostFrames) shape.fail("more than " + std::to_string(kMostFrames) + " frames of tracebacks");
    if (added > 1 + rest.left()) shape.fail("a traceback has more frames than there are");
    numbers.resize(shared + added);
    std::uint64_t number =
        dropped > 0 ? 1 + std::uint64_t{numbers[shared]} + first.varint(kMost32, "frames") : rest.varint();
    for (std::size_t at = shared;;) {
      if (number >= frames.size()) refuse_frame(rest, number, frames);
      numbers[at] = static_cast<std::uint32_t>(number);
      if (++at == numbers.size()) break;
      number = rest.varint();
    }
    result.ids.push_back(id_of(shared, numbers));
    result.lengths.push_back(static_cast<std::uint32_t>(numbers.size()));
  }
  shape.finish();
  first.finish();
  rest.finish();
  return result;
}

}  // namespace

std::vector<StringId> read_strings(PlainReader& in, Symbols& symbols) {
  const std::uint64_t rows = in.varint();
  auto [shape, bytes] = in.columns<2>();
  const std::uint32_t count = shape.check_rows(rows, kMostRows, "strings");
  std::vector<StringId> ids;
  ids.reserve(count);
  std::string text;
  std::string before;
  std::uint64_t sum = 0;
  for (std::uint32_t at = 0; at < count; ++at) {
    text.assign(before, 0, shape.varint(before.size(), "bytes of the string before"));
    text += bytes.bytes(shape.varint());
    sum += text.size();
    if (sum > kMostText) shape.fail("more than " + std::to_string(kMostText) + " bytes of strings");
    if (at > 0 && text <= before) shape.fail("strings are not in order");
    if (!is_generalised_utf8(text)) bytes.fail("a string is not UTF-8");
    ids.push_back(symbols.intern(text));
    text.swap(before);
  }
  shape.finish();
  bytes.finish();
  return ids;
}

std::vector<FrameId> read_frames(PlainReader& in, const std::vector<StringId>& strings, Symbols& symbols) {
  const std::uint64_t rows = in.varint();
  auto [filenames, linenos, functions, modules] = in.columns<4>();
  const std::uint32_t count = filenames.check_rows(rows, kMostRows, "frames");
  const bool has_code = !functions.empty();
  const bool all_new = symbols.frame_count() == 0 && !has_code;  // as each is more than the one before
  std::vector<FrameId> ids;
  ids.reserve(count);
  struct Row {
    std::uint64_t filename = 0;
    std::uint32_t lineno = 0;
    std::uint64_t function = 0;
    std::uint64_t module = 0;
    auto operator<=>(const Row&) const = default;
  };
  Row before;
  for (std::uint32_t at = 0; at < count; ++at) {
    Row row;
    row.filename = before.filename + filenames.varint(strings.size(), "strings");
    if (row.filename >= strings.size()) refuse_string(filenames, row.filename, strings);
    const std::uint32_t least = row.filename == before.filename ? before.lineno : 0;
    row.lineno = least + linenos.varint32(kMost32 - least, "that a lineno can be");
    if (has_code) row.function = before.function + static_cast<std::uint64_t>(functions.signed_varint());
    if (has_code) row.module = modules.varint();
    if (at > 0 && row <= before) filenames.fail("frames are not in order");
    const Frame frame{strings[row.filename], row.lineno, code_string(functions, row.function, strings),
                      code_string(modules, row.module, strings)};
    ids.push_back(all_new ? symbols.append_new(frame) : symbols.intern(frame));
    before = row;
  }
  filenames.finish();
  linenos.finish();
  functions.finish();
  modules.finish();
  return ids;
}

Tracebacks read_tracebacks(PlainReader& in, const std::vector<FrameId>& frames, Symbols& symbols) {
  const bool all_new = symbols.traceback_count() == 0;  // as each is more than the one before
  std::vector<FrameId> traceback;
  return decode_tracebacks(in, frames, [&](std::size_t shared, const std::vector<std::uint32_t>& numbers) {
    traceback.resize(numbers.size());
    for (std::size_t at = shared; at < numbers.size(); ++at) traceback[at] = frames[numbers[at]];
    return all_new ? symbols.append_new(traceback) : symbols.intern(traceback);
  });
}

Tracebacks read_most_recent(PlainReader& in, const std::vector<FrameId>& frames, Symbols& symbols) {
  constexpr TracebackId kNone{0xFFFFFFFF};
  std::vector<TracebackId> by_frame(frames.size(), kNone);
  return decode_tracebacks(in, frames, [&](std::size_t /*shared*/, const std::vector<std::uint32_t>& numbers) {
    TracebackId& id = by_frame[numbers.back()];
    if (id == kNone) id = symbols.intern(std::span(&frames[numbers.back()], 1));
    return id;
  });
}

}  // namespace snapshot::file

#include "plain_writer.h"
#include "symbol_sections.h"

#include <algorithm>
#include <span>
#include <string_view>

namespace snapshot::file {
namespace {

/// How many elements two ranges have in common at their front.
template <typename Range>
std::size_t common_front(const Range& a, const Range& b) {
  const auto [end, other_end] = std::ranges::mismatch(a, b);
  return static_cast<std::size_t>(end - a.begin());
}

}  // namespace

std::array<std::string, 2> string_columns(const Symbols& symbols, std::span<const StringId> strings) {
  std::string shape;
  std::string bytes;
  std::string_view before;
  for (const StringId id : strings) {
    const std::string_view text = symbols.text(id);
    const std::size_t shared = common_front(before, text);
    put_varint(shape, shared);
    put_varint(shape, text.size() - shared);
    bytes += text.substr(shared);
    before = text;
  }
  return {shape, bytes};
}

std::vector<std::string> write_strings(const Symbols& symbols, const UsedSymbols& used) {
  const auto [shape, bytes] = string_columns(symbols, used.strings);
  return with_lengths(varint_text(used.strings.size()), {shape, bytes});
}

std::vector<std::string> write_frames(const Symbols& symbols, const UsedSymbols& used) {
  std::string filenames;
  std::string linenos;
  std::string functions;
  std::string modules;
  std::uint32_t filename_before = 0;
  std::uint32_t lineno_before = 0;
  std::uint64_t function_before = 0;
  const auto number = [&](StringId id) {
    return id == kUnknownString ? 0 : std::uint64_t{used.string_numbers[row(id)]} + 1;
  };
  bool plain = true;
  for (const FrameId id : used.frames) {
    const Frame frame = symbols.frame(id);
    const std::uint32_t filename = used.string_numbers[row(frame.filename)];
    if (filename != filename_before) lineno_before = 0;
    put_varint(filenames, filename - filename_before);
    put_varint(linenos, frame.lineno - lineno_before);
    put_signed(functions, static_cast<std::int64_t>(number(frame.function) - function_before));
    put_varint(modules, number(frame.module));
    plain &= frame.function == kUnknownString && frame.module == kUnknownString;
    filename_before = filename;
    lineno_before = frame.lineno;
    function_before = number(frame.function);
  }
  if (plain) functions = modules = "";
  return with_lengths(varint_text(used.frames.size()), {filenames, linenos, functions, modules});
}

std::vector<std::string> write_tracebacks(const Symbols& symbols, const UsedSymbols& used) {
  std::string shape;
  std::string first;
  std::string rest;
  std::span<const FrameId> before;
  for (const TracebackId id : used.tracebacks) {
    const std::span<const FrameId> frames = symbols.traceback(id);
    const std::size_t shared = common_front(before, frames);
    put_varint(shape, before.size() - shared);
    put_varint(shape, frames.size() - shared - 1);
    for (std::size_t at = shared; at < frames.size(); ++at) {
      const std::uint32_t number = used.frame_numbers[row(frames[at])];
      if (at == shared && shared < before.size()) {
        put_varint(first, number - used.frame_numbers[row(before[at])] - 1);
      } else {
        put_varint(rest, number);
      }
    }
    before = frames;
  }
  return with_lengths(varint_text(used.tracebacks.size()), {shape, first, rest});
}

}  // namespace snapshot::file

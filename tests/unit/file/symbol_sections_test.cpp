#include "file/symbol_sections.h"

#include "tests/support/snapshot_from.h"
#include "tests/support/tms_assembler.h"

#include <doctest/doctest.h>
#include <snapshot/error.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

using snapshot::FrameId;
using snapshot::StringId;
using snapshot::Symbols;
using snapshot::file::PlainReader;
using snapshot::file::UsedSymbols;
using testing::columns;
using testing::svarint;
using testing::varint;
using testing::varints;

namespace {

std::string joined(const std::vector<std::string>& pieces) {
  std::string all;
  for (const std::string& piece : pieces) all += piece;
  return all;
}

/// Strings, frames and tracebacks as they are written of a snapshot.
struct Written {
  std::string strings;
  std::string frames;
  std::string tracebacks;

  explicit Written(const snapshot::Snapshot& snapshot) {
    const UsedSymbols used(snapshot);
    strings = joined(write_strings(snapshot.symbols(), used));
    frames = joined(write_frames(snapshot.symbols(), used));
    tracebacks = joined(write_tracebacks(snapshot.symbols(), used));
  }
};

/// The reader of each section, each with its own words, on Symbols that are shared.
struct Reading {
  Symbols symbols;
  std::vector<StringId> strings;
  std::vector<FrameId> frames;

  Reading() {
    for (const char* text : {"a", "b", "c"}) strings.push_back(symbols.intern(text));
    for (std::uint32_t lineno = 0; lineno < 4; ++lineno)
      frames.push_back(symbols.intern(snapshot::Frame{strings[0], lineno}));
  }

  std::vector<std::string> texts(std::string_view bytes) {
    PlainReader in("STRS", 9, bytes);
    std::vector<std::string> texts;
    for (const StringId id : read_strings(in, symbols)) texts.emplace_back(symbols.text(id));
    in.finish();
    return texts;
  }
  std::size_t frame_rows(std::string_view bytes) {
    PlainReader in("FRMS", 9, bytes);
    return read_frames(in, strings, symbols).size();
  }
  std::vector<std::vector<std::uint32_t>> linenos(std::string_view bytes) {
    PlainReader in("TRCB", 9, bytes);
    std::vector<std::vector<std::uint32_t>> result;
    const auto tracebacks = read_tracebacks(in, frames, symbols);
    for (const auto id : tracebacks.ids) {
      result.emplace_back();
      for (const FrameId frame : symbols.traceback(id)) result.back().push_back(symbols.frame(frame).lineno);
      CHECK(tracebacks.lengths[result.size() - 1] == result.back().size());
    }
    return result;
  }
};

std::string strings(std::uint64_t rows, const std::string& shape, const std::string& bytes) {
  return columns(varint(rows), {shape, bytes});
}
std::string frames(std::uint64_t rows, const std::string& filenames, const std::string& linenos,
                   const std::string& functions = "", const std::string& modules = "") {
  return columns(varint(rows), {filenames, linenos, functions, modules});
}
std::string tracebacks(std::uint64_t rows, const std::string& shape, const std::string& first,
                       const std::string& rest) {
  return columns(varint(rows), {shape, first, rest});
}

}  // namespace

TEST_CASE("just the symbols of blocks are written, in the order of what they say") {
  const auto symbols = std::make_shared<Symbols>();
  symbols->intern("unused.py");
  const auto snapshot = testing::snapshot_from("1 b.py:2(f) < a.py:1\n1 a.py:1\n1 b.py:2", symbols);
  symbols->intern("unused too");
  const UsedSymbols used(snapshot);
  std::vector<std::string> texts;
  for (const StringId id : used.strings) texts.emplace_back(symbols->text(id));
  CHECK(texts == std::vector<std::string>{"a.py", "b.py", "f"});
  CHECK(used.frames.size() == 3);
  CHECK(symbols->frame(used.frames[1]).function == snapshot::kUnknownString);  // b.py:2 before b.py:2(f)
  REQUIRE(used.tracebacks.size() == 3);
  CHECK(symbols->traceback(used.tracebacks[0]).size() == 1);  // a.py:1 before a.py:1, b.py:2(f)
  CHECK(symbols->traceback(used.tracebacks[1]).size() == 2);
  CHECK(used.string_numbers[0] == UsedSymbols::kUnused);
  for (std::uint32_t at = 0; at < 3; ++at) CHECK(used.traceback_numbers[row(used.tracebacks[at])] == at);
}

TEST_CASE("totals without a block use nothing") {
  const auto symbols = std::make_shared<Symbols>();
  const auto snapshot = testing::snapshot_from("1 a.py:1\n2 b.py:2", symbols).where_size(2, 2);
  REQUIRE(snapshot.totals().size() == 2);
  CHECK(UsedSymbols(snapshot).tracebacks.size() == 1);
  CHECK(UsedSymbols(snapshot).strings.size() == 1);
}

TEST_CASE("symbols are written as the format says") {
  const Written written(testing::snapshot_from("1 ab:5 < a:1\n1 a:3 < a:1\n1 a:1(f)@a"));
  CHECK(written.strings == strings(3, varints({0, 1, 1, 1, 0, 1}), "abf"));
  // a:1, a:1(f)@a, a:3, ab:5
  CHECK(written.frames == frames(4, varints({0, 0, 0, 1}), varints({1, 0, 2, 5}),
                                 svarint(0) + svarint(3) + svarint(-3) + svarint(0), varints({0, 1, 0, 0})));
  // 0 2; 0 3; 1
  CHECK(written.tracebacks == tracebacks(3, varints({0, 1, 1, 0, 2, 0}), varints({0, 0}), varints({0, 2})));
  CHECK(Written(testing::snapshot_from("1 a:7")).frames == frames(1, varint(0), varint(7)));
  CHECK(Written(testing::snapshot_from("")).tracebacks == tracebacks(0, "", "", ""));
}

TEST_CASE("strings come back") {
  Reading reading;
  CHECK(reading.texts(strings(0, "", "")).empty());
  CHECK(reading.texts(strings(1, varints({0, 0}), "")) == std::vector<std::string>{""});
  CHECK(reading.texts(strings(3, varints({0, 0, 0, 2, 1, 1}), "abc")) == std::vector<std::string>{"", "ab", "ac"});
}

TEST_CASE("strings that lie are refused") {
  Reading reading;
  const auto check = [&](const std::string& bytes, const std::string& message) {
    const std::string expected = "offset 9: section STRS, byte " + message;
    CHECK_THROWS_WITH(reading.texts(bytes), expected.c_str());
  };
  check(strings(2, varints({0, 1, 0, 1}), "ba"), "7: strings are not in order");
  check(strings(2, varints({0, 1, 0, 1}), "aa"), "7: strings are not in order");
  check(strings(2, varints({0, 1, 1, 0}), "a"), "7: strings are not in order");
  check(strings(1, varints({1, 0}), ""), "4: 1 is more than 0 bytes of the string before");
  check(strings(2, varints({0, 1, 2, 0}), "a"), "6: 2 is more than 1 bytes of the string before");
  check(strings(1, varints({0, 2}), "a"), "5: 2 bytes are wanted, but 1 are left");
  check(strings(1, varints({0, 1}), "ab"), "6: 1 bytes more than there should be");
  check(strings(1, varints({0, 1, 0}), "a"), "5: 1 bytes more than there should be");
  check(strings(3, varints({0, 1}), "a"), "3: 3 strings cannot be in 2 bytes");
  check(strings(1, varints({0, 1}), "\xFF"), "6: a string is not UTF-8");
  check(strings(1, varints({0, 2}), "\xC0\x80"), "7: a string is not UTF-8");
  check(strings(~std::uint64_t{0}, "", ""), "12: 18446744073709551615 is more than 16777216 strings");
}

TEST_CASE("frames that lie are refused") {
  Reading reading;
  CHECK(reading.frame_rows(frames(2, varints({0, 2}), varints({5, 1}))) == 2);
  const auto check = [&](const std::string& bytes, const std::string& message) {
    const std::string expected = "offset 9: section FRMS, byte " + message;
    CHECK_THROWS_WITH(static_cast<void>(reading.frame_rows(bytes)), expected.c_str());
  };
  check(frames(1, varint(3), varint(1)), "6: a frame names string 3, but there are 3");
  check(frames(1, varint(4), varint(1)), "6: 4 is more than 3 strings");
  check(frames(2, varints({2, 1}), varints({1, 1})), "7: a frame names string 3, but there are 3");
  check(frames(2, varints({0, 0}), varints({1, 0})), "7: frames are not in order");
  check(frames(2, varints({0, 0}), varints({0xFFFFFFFF, 1})), "13: 1 is more than 0 that a lineno can be");
  check(frames(1, varint(0), varint(std::uint64_t{1} << 32U)),
        "11: 4294967296 is more than 4294967295 that a lineno can be");
  check(frames(1, varint(0), varint(1), svarint(4), varint(0)), "8: a frame names string 3, but there are 3");
  check(frames(1, varint(0), varint(1), svarint(-1), varint(0)),
        "8: a frame names string 18446744073709551614, but there are 3");
  check(frames(1, varint(0), varint(1), svarint(0), varint(4)), "9: a frame names string 3, but there are 3");
  check(frames(2, varints({0, 0}), varints({1, 0}), svarint(1) + svarint(-1), varints({0, 0})),
        "7: frames are not in order");
  check(frames(2, varints({0, 0}), varints({1, 0}), svarint(1) + svarint(0), varints({2, 1})),
        "7: frames are not in order");
  check(frames(1, varint(0), varint(1), "", varint(0)), "7: 1 bytes more than there should be");
  check(frames(1, varint(0), varint(1), svarint(0), ""), "8: ends within a number");
  check(frames(0, "", varint(1)), "5: 1 bytes more than there should be");
}

TEST_CASE("tracebacks come back, the shared front from the one before") {
  Reading reading;
  using Rows = std::vector<std::vector<std::uint32_t>>;
  CHECK(reading.linenos(tracebacks(0, "", "", "")).empty());
  CHECK(reading.linenos(tracebacks(4, varints({0, 1, 0, 0, 2, 0, 2, 0}), varints({0, 0}), varints({0, 1, 3}))) ==
        Rows{{0, 1}, {0, 1, 3}, {0, 2}, {1}});
}

TEST_CASE("tracebacks of their most recent frames keep the lengths that the file has") {
  Reading reading;
  const std::string bytes =
      tracebacks(4, varints({0, 1, 0, 0, 2, 0, 2, 0}), varints({0, 0}), varints({0, 1, 3}));  // 0 1; 0 1 3; 0 2; 1
  PlainReader in("TRCB", 9, bytes);
  const auto read = read_most_recent(in, reading.frames, reading.symbols);
  CHECK(read.lengths == std::vector<std::uint32_t>{2, 3, 2, 1});
  REQUIRE(read.ids.size() == 4);
  CHECK(read.ids[0] == read.ids[3]);
  for (const std::size_t at : {0, 1, 2}) CHECK(reading.symbols.traceback(read.ids[at]).size() == 1);
  CHECK(reading.symbols.most_recent(read.ids[1]) == reading.frames[3]);
}

TEST_CASE("tracebacks that lie are refused") {
  Reading reading;
  const auto check = [&](const std::string& bytes, const std::string& message) {
    const std::string expected = "offset 9: section TRCB, byte " + message;
    CHECK_THROWS_WITH(static_cast<void>(reading.linenos(bytes)), expected.c_str());
  };
  check(tracebacks(1, varints({0, 0}), "", varint(4)), "7: a traceback names frame 4, but there are 4");
  check(tracebacks(2, varints({0, 0, 1, 0}), varint(3), varint(0)), "10: a traceback names frame 4, but there are 4");
  check(tracebacks(2, varints({0, 0, 1, 0}), varint(std::uint64_t{1} << 32U), varint(0)),
        "13: 4294967296 is more than 4294967295 frames");
  check(tracebacks(1, varints({1, 0}), varint(0), ""), "5: 1 is more than 0 frames of the traceback before");
  check(tracebacks(2, varints({0, 0, 2, 0}), varint(0), varint(0)),
        "7: 2 is more than 1 frames of the traceback before");
  check(tracebacks(1, varints({0, 2}), "", varint(0)), "6: a traceback has more frames than there are");
  check(tracebacks(1, varints({0, 1}), "", varint(0)), "7: ends within a number");
  check(tracebacks(1, varints({0, std::uint64_t{1} << 28U}), "", varint(0)),
        "10: more than 268435456 frames of tracebacks");
  check(tracebacks(1, varints({0, ~std::uint64_t{0}}), "", varint(0)),
        "15: 18446744073709551615 is more than 268435456 frames");
  check(tracebacks(1, varints({0, 0}), varint(0), varint(0)), "6: 1 bytes more than there should be");
  check(tracebacks(9, varints({0, 0}), "", varint(0)), "4: 9 tracebacks cannot be in 2 bytes");
}

TEST_CASE("one traceback is found without the others, with what it needs alone") {
  const auto all = testing::snapshot_from("1 ab:5 < a:1\n1 a:3 < a:1\n1 a:1(f)@m");  // a:1 a:3; a:1 ab:5; a:1(f)@m
  const Written written(all);
  const auto found = [&](std::uint32_t number, Symbols& symbols) {
    PlainReader strings("STRS", 1, written.strings);
    PlainReader frames("FRMS", 2, written.frames);
    PlainReader tracebacks("TRCB", 3, written.tracebacks);
    return find_traceback(strings, frames, tracebacks, number, symbols);
  };
  Symbols symbols;
  const auto second = found(1, symbols);
  CHECK(second.length == 2);
  CHECK(symbols.text(symbols.frame(symbols.traceback(second.id)[0]).filename) == "a");
  CHECK(symbols.frame(symbols.traceback(second.id)[0]).function == snapshot::kUnknownString);
  CHECK(symbols.text(symbols.frame(symbols.traceback(second.id)[1]).filename) == "ab");
  CHECK(symbols.frame(symbols.traceback(second.id)[1]).lineno == 5);
  CHECK(symbols.string_count() == 2);
  CHECK(symbols.frame_count() == 2);
  const auto third = found(2, symbols);
  CHECK(third.length == 1);
  CHECK(symbols.text(symbols.frame(symbols.most_recent(third.id)).function) == "f");
  CHECK(symbols.text(symbols.frame(symbols.most_recent(third.id)).module) == "m");
  CHECK(found(1, symbols).id == second.id);
  CHECK(symbols.traceback_count() == 2);
  CHECK_THROWS_WITH(found(3, symbols), "offset 3: section TRCB, byte 14: a total names traceback 3, but there are 3");
}

TEST_CASE("one traceback of sections that lie is refused as it is with the others") {
  const auto check = [](const std::string& strings, const std::string& frames, const std::string& tracebacks,
                        const std::string& message) {
    Symbols symbols;
    PlainReader string_reader("STRS", 1, strings);
    PlainReader frame_reader("FRMS", 2, frames);
    PlainReader traceback_reader("TRCB", 3, tracebacks);
    CHECK_THROWS_WITH(find_traceback(string_reader, frame_reader, traceback_reader, 0, symbols), message.c_str());
    CHECK(symbols.traceback_count() == 0);
  };
  const std::string text = strings(1, varints({0, 1}), "a");
  const std::string frame = frames(1, varint(0), varint(7));
  const std::string traceback = tracebacks(1, varints({0, 0}), "", varint(0));
  check(text, frame, tracebacks(1, varints({0, 0}), "", varint(1)),
        "offset 3: section TRCB, byte 7: a traceback names frame 1, but there are 1");
  check(text, frames(1, varint(1), varint(7)), traceback,
        "offset 2: section FRMS, byte 6: a frame names string 1, but there are 1");
  check(text, frames(1, varint(0), varint(7), svarint(2), varint(0)), traceback,
        "offset 2: section FRMS, byte 8: a frame names string 1, but there are 1");
  check(strings(1, varints({0, 1}), "\xFF"), frame, traceback, "offset 1: section STRS, byte 6: a string is not UTF-8");
  check(strings(std::uint64_t{1} << 60U, varints({0, 1}), "a"), frame, traceback,
        "offset 1: section STRS, byte 11: 1152921504606846976 is more than 16777216 strings");
  check(text, frames(9, varint(0), varint(7)), traceback,
        "offset 2: section FRMS, byte 5: 9 frames cannot be in 1 bytes");
}

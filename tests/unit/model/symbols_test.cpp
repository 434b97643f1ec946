#include <snapshot/symbols.h>

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

using snapshot::Frame;
using snapshot::FrameId;
using snapshot::StringId;
using snapshot::Symbols;
using snapshot::TracebackId;

TEST_CASE("a new Symbols is empty") {
  const Symbols symbols;
  CHECK(symbols.string_count() == 0);
  CHECK(symbols.frame_count() == 0);
  CHECK(symbols.traceback_count() == 0);
}

TEST_CASE("equal strings get one row, others rows in the order of first sight") {
  Symbols symbols;
  CHECK(row(symbols.intern("a.py")) == 0);
  CHECK(row(symbols.intern("b.py")) == 1);
  CHECK(row(symbols.intern("a.py")) == 0);
  CHECK(row(symbols.intern("")) == 2);
  CHECK(row(symbols.intern("")) == 2);
  CHECK(symbols.text(StringId{0}) == "a.py");
  CHECK(symbols.text(StringId{1}) == "b.py");
  CHECK(symbols.text(StringId{2}).empty());
  CHECK(symbols.string_count() == 3);
}

TEST_CASE("strings that differ in length, in a zero byte or in the last bit are different") {
  using namespace std::string_view_literals;
  Symbols symbols;
  const std::array texts{"a"sv, "a\0"sv, "a\0\0"sv, "\0"sv, "aaaaaaaa"sv, "aaaaaaaaa"sv, "aaaaaaab"sv, "aaaaaaac"sv};
  for (const auto text : texts) symbols.intern(text);
  CHECK(symbols.string_count() == texts.size());
  for (std::uint32_t at = 0; at < texts.size(); ++at) CHECK(symbols.text(StringId{at}) == texts[at]);
}

TEST_CASE("a frame is its file name and its line") {
  Symbols symbols;
  const StringId a = symbols.intern("a.py");
  const StringId b = symbols.intern("b.py");
  const FrameId first = symbols.intern(Frame{a, 1});
  CHECK(symbols.intern(Frame{a, 2}) != first);
  CHECK(symbols.intern(Frame{b, 1}) != first);
  CHECK(symbols.intern(Frame{a, 1}) == first);
  CHECK(symbols.intern(Frame{a, 4294967295U}) != first);
  CHECK(symbols.frame_count() == 4);
  CHECK(symbols.frame(first) == Frame{a, 1});
  CHECK(symbols.frame(FrameId{3}).lineno == 4294967295U);
}

TEST_CASE("a traceback is its frames in their order, oldest first") {
  Symbols symbols;
  const StringId name = symbols.intern("a.py");
  const FrameId one = symbols.intern(Frame{name, 1});
  const FrameId two = symbols.intern(Frame{name, 2});
  const auto intern = [&](std::vector<FrameId> frames) { return symbols.intern(std::span<const FrameId>(frames)); };

  const TracebackId both = intern({one, two});
  CHECK(intern({two, one}) != both);
  CHECK(intern({one}) != both);
  CHECK(intern({one, two, two}) != both);
  CHECK(intern({one, two}) == both);
  CHECK(symbols.traceback_count() == 4);
  CHECK(symbols.traceback(both).size() == 2);
  CHECK(symbols.traceback(both).front() == one);
  CHECK(symbols.traceback(both).back() == two);
  CHECK(symbols.most_recent(both) == two);
}

TEST_CASE("a hundred thousand rows of each table are found again") {
  constexpr std::uint32_t kRows = 100000;
  Symbols symbols;
  for (int pass = 0; pass < 2; ++pass) {
    for (std::uint32_t at = 0; at < kRows; ++at) {
      const StringId name = symbols.intern("file" + std::to_string(at) + ".py");
      const FrameId frame = symbols.intern(Frame{name, at * 7});
      const std::array frames{FrameId{0}, frame};
      const TracebackId traceback = symbols.intern(std::span<const FrameId>(frames));
      if (row(name) != at || row(frame) != at || row(traceback) != at) {
        FAIL("row " << at << " of pass " << pass << " is another");
      }
    }
  }
  CHECK(symbols.string_count() == kRows);
  CHECK(symbols.frame_count() == kRows);
  CHECK(symbols.traceback_count() == kRows);
  CHECK(symbols.text(StringId{99999}) == "file99999.py");
}

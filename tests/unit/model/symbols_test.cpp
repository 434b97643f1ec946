#include <snapshot/symbols.h>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <span>
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

TEST_CASE("frames with other functions or modules are others, and a function is known or not") {
  Symbols symbols;
  const StringId a = symbols.intern("a.c");
  const StringId empty = symbols.intern("");
  const std::array frames{Frame{a, 1},
                          Frame{a, 1, a},
                          Frame{a, 1, snapshot::kUnknownString, a},
                          Frame{a, 1, a, a},
                          Frame{a, 1, empty},
                          Frame{a, 1, snapshot::kUnknownString, empty},
                          Frame{a, 1, empty, empty},
                          Frame{a, 2, a},
                          Frame{empty, 1, a}};
  std::vector<FrameId> ids;
  for (const Frame& frame : frames) ids.push_back(symbols.intern(frame));
  for (std::size_t at = 0; at < frames.size(); ++at) {
    CHECK(symbols.frame(ids[at]) == frames[at]);
    CHECK(symbols.intern(frames[at]) == ids[at]);
    CHECK(std::ranges::count(ids, ids[at]) == 1);
  }
}

TEST_CASE("line() is the frame with the file name and the line number alone") {
  Symbols symbols;
  const StringId a = symbols.intern("a.c");
  const StringId f = symbols.intern("f");
  const FrameId plain = symbols.intern(Frame{a, 1});
  const FrameId late = symbols.intern(Frame{a, 2, f});  // its line has no row yet
  const FrameId early = symbols.intern(Frame{a, 1, f});
  const FrameId module = symbols.intern(Frame{a, 2, snapshot::kUnknownString, f});
  const FrameId after = symbols.intern(Frame{a, 3});
  CHECK(symbols.line(plain) == plain);
  CHECK(symbols.line(early) == plain);
  CHECK(symbols.frame(symbols.line(late)) == Frame{a, 2});
  CHECK(symbols.line(module) == symbols.line(late));
  CHECK(symbols.line(symbols.line(late)) == symbols.line(late));
  CHECK(symbols.line(after) == after);
  CHECK(symbols.frame_count() == 6);  // five, and line 2
}

TEST_CASE("random frames have the line that they should") {
  Symbols symbols;
  std::mt19937_64 random(8);
  std::array<StringId, 4> names{snapshot::kUnknownString};
  for (std::size_t at = 1; at < names.size(); ++at) names[at] = symbols.intern("name " + std::to_string(at));
  for (int round = 0; round < 2000; ++round) {
    symbols.intern(Frame{names[1 + random() % 3], static_cast<std::uint32_t>(random() % 50), names[random() % 4],
                         names[random() % 4]});
  }
  for (std::uint32_t at = 0; at < symbols.frame_count(); ++at) {
    const Frame frame = symbols.frame(FrameId{at});
    if (symbols.line(FrameId{at}) != symbols.intern(Frame{frame.filename, frame.lineno})) FAIL("frame " << at);
  }
  CHECK(symbols.frame_count() > 1000);
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

TEST_CASE("tracebacks that were appended as new are found, whenever the index is made") {
  Symbols symbols;
  const StringId name = symbols.intern("a.py");
  const FrameId one = symbols.intern(Frame{name, 1});
  const FrameId two = symbols.intern(Frame{name, 2});
  const std::vector<FrameId> first{one};
  const std::vector<FrameId> second{one, two};
  const std::vector<FrameId> third{two};
  CHECK(row(symbols.append_new(first)) == 0);
  CHECK(row(symbols.append_new(second)) == 1);
  CHECK(row(symbols.intern(std::span<const FrameId>(second))) == 1);
  CHECK(row(symbols.append_new(third)) == 2);
  CHECK(row(symbols.intern(std::span<const FrameId>(first))) == 0);
  CHECK(row(symbols.intern(std::span<const FrameId>(third))) == 2);
  CHECK(symbols.traceback_count() == 3);
  CHECK(symbols.most_recent(TracebackId{1}) == two);
}

TEST_CASE("appending and interning in turn gives each traceback one row") {
  Symbols symbols;
  const StringId name = symbols.intern("a.py");
  std::vector<FrameId> frames;
  for (std::uint32_t lineno = 0; lineno < 5; ++lineno) frames.push_back(symbols.intern(Frame{name, lineno}));
  std::map<std::vector<FrameId>, TracebackId> rows;
  std::mt19937_64 random(9);
  for (int round = 0; round < 20000; ++round) {
    std::vector<FrameId> traceback;
    for (std::uint64_t left = 1 + random() % 5; left > 0; --left) traceback.push_back(frames[random() % 5]);
    const bool known = rows.contains(traceback);
    const bool append = !known && random() % 2 == 0;
    const TracebackId id = append ? symbols.append_new(traceback) : symbols.intern(std::span<const FrameId>(traceback));
    if (known ? rows.at(traceback) != id : row(id) != rows.size()) FAIL("round " << round);
    rows.emplace(traceback, id);
  }
  CHECK(symbols.traceback_count() == rows.size());
  CHECK(rows.size() > 2000);
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

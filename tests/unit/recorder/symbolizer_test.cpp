#include <recorder/symbolizer.h>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using snapshot::Frame;
using snapshot::FrameId;
using snapshot::Symbols;
using snapshot::recorder::Symbolizer;
using snapshot::recorder::unfinished_address;
using snapshot::recorder::unfinished_frame;

TEST_CASE("a frame keeps what symbols can be found by later") {
  Symbols symbols;
  for (const std::uint64_t address : {std::uint64_t{0}, std::uint64_t{0x12ab}, UINT64_MAX}) {
    const Frame frame = unfinished_frame(symbols, "/srv/a b/app", address);
    CHECK(symbols.text(frame.filename) == "/srv/a b/app");
    CHECK(frame.lineno == 0);
    CHECK(frame.module == frame.filename);
    CHECK(unfinished_address(symbols, frame) == address);
  }
  CHECK(symbols.text(unfinished_frame(symbols, "app", 0x12ab).function) == "0x12ab");
}

TEST_CASE("other frames are finished") {
  Symbols symbols;
  const auto app = symbols.intern("app");
  const auto with = [&](std::string_view function) { return Frame{app, 0, symbols.intern(function), app}; };
  for (const char* const function : {"main", "0x", "0xg", "0x12 ", "12", "0x11112222333344445", "-0x1", "0x-1", ""}) {
    CAPTURE(function);
    CHECK_FALSE(unfinished_address(symbols, with(function)).has_value());
  }
  Frame frame = with("0x12");
  CHECK(unfinished_address(symbols, frame) == 0x12);
  frame.lineno = 1;
  CHECK_FALSE(unfinished_address(symbols, frame).has_value());
  frame.lineno = 0;
  frame.module = snapshot::kUnknownString;
  CHECK_FALSE(unfinished_address(symbols, frame).has_value());
  CHECK_FALSE(unfinished_address(symbols, Frame{app, 0}).has_value());
}

TEST_CASE("frames of a module without a file stay unfinished, and it is said why") {
  Symbols symbols;
  Symbolizer symbolizer(symbols);
  const std::size_t module = symbolizer.add({"/no/such/library.so", "12345678", 0, 0});
  std::vector<FrameId> frames{FrameId{0}};
  CHECK_FALSE(symbolizer.append_frames(module, 0x40, frames));
  REQUIRE(frames.size() == 2);
  CHECK(unfinished_address(symbols, symbols.frame(frames[1])) == 0x40);
  CHECK_FALSE(symbolizer.fault(module).empty());
}

TEST_CASE("a module that was loaded at several addresses is one") {
  Symbols symbols;
  Symbolizer symbolizer(symbols);
  const std::size_t module = symbolizer.add({"app", "1", 0x1000, 0x1000});
  CHECK(symbolizer.add({"app", "1", 0x8000, 0x1000}) == module);
  CHECK(symbolizer.add({"app", "2", 0x1000, 0x1000}) != module);
  CHECK(symbolizer.add({"lib", "1", 0x1000, 0x1000}) != module);
}

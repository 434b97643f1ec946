#include <doctest/doctest.h>
#include <snapshot/place.h>

#include <string>
#include <vector>

using snapshot::Place;

namespace {

/// The lines of `names` (each with the line numbers 1 and 2) that are at the place, as "name:1 name:2".
std::string at(const Place& place, const std::vector<std::string>& names) {
  snapshot::Symbols symbols;
  for (const std::string& name : names) {
    for (const std::uint32_t lineno : {1, 2}) symbols.intern(snapshot::Frame{symbols.intern(name), lineno});
  }
  const std::vector<bool> frames = frames_at(symbols, place);
  CHECK(frames.size() == symbols.frame_count());
  std::string text;
  for (std::uint32_t row = 0; row < frames.size(); ++row) {
    if (!frames[row]) continue;
    const snapshot::Frame frame = symbols.frame(snapshot::FrameId{row});
    text += (text.empty() ? "" : " ") + std::string(symbols.text(frame.filename)) + ":" + std::to_string(frame.lineno);
  }
  return text;
}

}  // namespace

TEST_CASE("a place is a file by its whole name or by its last parts") {
  const std::vector<std::string> names{"app.py", "/srv/app.py", "/srv/webapp.py", "app.py/x", "/srv/app.pyx"};
  CHECK(at({"app.py", 1}, names) == "app.py:1 /srv/app.py:1");
  CHECK(at({"srv/app.py", 2}, names) == "/srv/app.py:2");
  CHECK(at({"/srv/app.py", 2}, names) == "/srv/app.py:2");
  CHECK(at({"rv/app.py", 1}, names).empty());
  CHECK(at({"APP.py", 1}, names).empty());
  CHECK(at({"/app.py", 1}, names).empty());
  CHECK(at({"", 1}, names).empty());
}

TEST_CASE("without a line number a place is the whole file") {
  CHECK(at({"a", std::nullopt}, {"a", "x/a", "b"}) == "a:1 a:2 x/a:1 x/a:2");
  CHECK(at({"a", 3}, {"a"}).empty());
}

TEST_CASE("a place with a wildcard is a pattern of whole names, too") {
  const std::vector<std::string> names{"/srv/app.py", "/srv/ape.py", "odd[1].py", "odd1.py", "x/a*.py"};
  CHECK(at({"*/ap?.py", 1}, names) == "/srv/app.py:1 /srv/ape.py:1");
  CHECK(at({"ap?.py", 1}, names).empty());
  CHECK(at({"odd[1].py", 1}, names) == "odd[1].py:1 odd1.py:1");
  CHECK(at({"a*.py", 1}, names) == "x/a*.py:1");
}

TEST_CASE("compiled files count as their sources") {
  CHECK(at({"a.py", 1}, {"a.pyc", "x/a.py", "x/a.pyc"}) == "a.pyc:1 x/a.py:1 x/a.pyc:1");
  CHECK(at({"a.pyc", 1}, {"a.pyc", "x/a.py", "a.pyo"}) == "a.pyc:1 x/a.py:1");
  CHECK(at({"*.pyc", 1}, {"a.py", "b"}) == "a.py:1");
}

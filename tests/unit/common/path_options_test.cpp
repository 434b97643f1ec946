#include <apps/common/options.h>

#include <doctest/doctest.h>
#include <tests/support/brute_paths.h>
#include <tests/support/sanitizer.h>
#include <tests/support/snapshot_from.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "parsed.h"

using testing::Lines;
using testing::traces_of;

namespace {

cli::PathOptions parsed(const Arguments& arguments) { return parsed_as<cli::PathOptions>(arguments); }

/// What a file is called.
std::string renamed(const std::string& name, const Arguments& arguments) {
  const auto symbols = std::make_shared<snapshot::Symbols>();
  const brute_force::Traces traces{{0, 1, {{name, 1}}, 0}};
  const auto snapshot = parsed(arguments).rename(brute_force::to_snapshot(traces, symbols), symbols);
  return brute_force::to_traces(snapshot.snapshot).at(0).frames.at(0).filename;
}

/// What is left of a traceback.
Lines kept(const char* text, const Arguments& arguments) {
  const auto symbols = std::make_shared<snapshot::Symbols>();
  return traces_of(parsed(arguments).keep_mine({testing::snapshot_from(text, symbols), {}}, symbols).snapshot);
}

brute_force::Frame renamed_frame(brute_force::Frame frame,
                                 const std::vector<std::pair<std::string, std::string>>& mappings,
                                 const std::vector<std::string>& prefixes) {
  frame.filename = brute_force::renamed(frame.filename, mappings, prefixes);
  return frame;
}

/// What is of a library by the recorded names, as it is renamed; what shares a new name with some of it goes with that.
template <typename Rename>
std::vector<brute_force::Frame> library_frames(const brute_force::Traces& traces, Rename renamed) {
  std::vector<brute_force::Frame> library;
  for (const brute_force::Trace& trace : traces) {
    for (const brute_force::Frame& frame : trace.frames) {
      if (!brute_force::is_mine(frame, {})) library.push_back(renamed(frame));
    }
  }
  return library;
}

}  // namespace

TEST_CASE("files below a directory are taken as those below another") {
  CHECK(renamed("/build/1/app.py", {"--map-path", "/build/1=/srv/shop"}) == "/srv/shop/app.py");
  CHECK(renamed("/build/1/app.py", {"--map-path", "/build/1/=/srv/shop/"}) == "/srv/shop/app.py");
  CHECK(renamed("/build/1/app.py", {"--map-path", "/build/1="}) == "app.py");
  CHECK(renamed("/build/10/app.py", {"--map-path", "/build/1=/srv"}) == "/build/10/app.py");
  CHECK(renamed("app.py", {"--map-path", "app.py=shop.py"}) == "shop.py");
  CHECK(renamed("app.py", {"--map-path", ".=/srv"}) == "/srv/app.py");
  CHECK(renamed("/a/b/c.py", {"--map-path", "/a/b=x", "--map-path", "/a=y"}) == "x/c.py");
  CHECK(renamed("/a/b/c.py", {"--map-path", "/a=y", "--map-path", "/a/b=x", "--map-path", "y=z"}) == "y/b/c.py");
  CHECK(renamed("/a=b/c.py", {"--map-path", "/a=b/c.py"}) == "/a=b/c.py");  // the first "=" counts
  CHECK(renamed("C:\\build\\app.py", {"--map-path", "C:\\build=src"}) == "src/app.py");
}

TEST_CASE("a directory is left out of the front of names, but never all of a name") {
  CHECK(renamed("/srv/shop/app.py", {"--strip-prefix", "/srv/shop"}) == "app.py");
  CHECK(renamed("/srv/shop/app.py", {"--strip-prefix", "/opt", "--strip-prefix", "/srv"}) == "shop/app.py");
  CHECK(renamed("/srv/shop/app.py", {"--strip-prefix", "/srv", "--strip-prefix", "/srv/shop"}) == "shop/app.py");
  CHECK(renamed("/srv/shop2/app.py", {"--strip-prefix", "/srv/shop"}) == "/srv/shop2/app.py");
  CHECK(renamed("/srv/shop/", {"--strip-prefix", "/srv/shop"}) == "/srv/shop/");
  CHECK(renamed("<string>", {"--strip-prefix", "/srv/shop"}) == "<string>");
  CHECK(renamed("/build/app.py", {"--map-path", "/build=/srv/shop", "--strip-prefix", "/srv"}) == "shop/app.py");
}

TEST_CASE("a mapping names two directories") {
  for (const char* text : {"/build", "=/srv", "="}) {
    CAPTURE(text);
    const std::string expected = "--map-path: '" + std::string(text) + "' is not FROM=TO";
    CHECK_THROWS_WITH_AS(parsed({"--map-path", text}), expected.c_str(), cli::UsageError);
  }
}

TEST_CASE("the project's frames alone are kept, and blocks without one left out") {
  constexpr const char* kText = R"(
    1 /usr/lib/python3.11/json/decoder.py:1 < /srv/shop/app.py:2 < /usr/lib/python3.11/runpy.py:3
    2 /srv/shop/app.py:2
    4 <string>:1
    8 /srv/other/x.py:1 < /srv/shop/venv/lib/python3.11/site-packages/flask/app.py:5
  )";
  CHECK(kept(kText, {}).size() == 4);
  CHECK(kept(kText, {"--mine"}) == Lines{"1 /srv/shop/app.py:2", "2 /srv/shop/app.py:2", "8 /srv/other/x.py:1"});
  CHECK(kept(kText, {"--project", "/srv/shop"}) == Lines{"1 /srv/shop/app.py:2", "2 /srv/shop/app.py:2"});
  CHECK(kept(kText, {"--project", "/srv/shop", "--project", "/srv/other", "--mine"}).size() == 3);
}

TEST_CASE("random snapshots are renamed and cut down as the brute force does it") {
  static const std::array<std::string, 10> kDirectories{
      "/srv/shop", "/srv/", "/usr/lib/python3.11", "C:\\shop", ".", "shop", "/", "app.py", "//a", "a/"};
  brute_force::Random random(32);
  const auto directory = [&] { return random.choice(std::span<const std::string>(kDirectories)); };
  for (int round = 0; round < testing::rounds(4000); ++round) {
    std::vector<std::pair<std::string, std::string>> mappings;
    std::vector<std::string> prefixes;
    std::vector<std::string> projects;
    Arguments arguments;
    for (std::uint64_t left = random.below(3); left > 0; --left) {
      mappings.emplace_back(directory(), random.one_in(4) ? "" : directory());
      arguments.insert(arguments.end(), {"--map-path", mappings.back().first + "=" + mappings.back().second});
    }
    for (std::uint64_t left = random.below(3); left > 0; --left) {
      prefixes.push_back(directory());
      arguments.insert(arguments.end(), {"--strip-prefix", prefixes.back()});
    }
    for (std::uint64_t left = random.below(3); left > 0; --left) {
      projects.push_back(directory());
      arguments.insert(arguments.end(), {"--project", projects.back()});
    }
    const bool mine = !projects.empty() || random.one_in(2);
    if (mine && projects.empty()) arguments.push_back("--mine");

    const brute_force::Traces traces = random.recorded_traces();
    brute_force::Traces expected;
    std::int64_t outside = 0;
    const auto renamed = [&](const brute_force::Frame& frame) { return renamed_frame(frame, mappings, prefixes); };
    const std::vector<brute_force::Frame> library = library_frames(traces, renamed);
    for (brute_force::Trace trace : traces) {
      for (auto& frame : trace.frames) frame = renamed(frame);
      if (mine) {
        const auto left_out = static_cast<std::uint32_t>(std::erase_if(trace.frames, [&](const auto& frame) {
          return projects.empty() ? std::ranges::find(library, frame) != library.end()
                                  : !brute_force::is_mine(frame, projects);
        }));
        trace.total_nframe -= std::min(left_out, trace.total_nframe);
      }
      if (trace.frames.empty()) {
        outside += trace.count;
      } else {
        expected.push_back(trace);
      }
    }
    const auto symbols = std::make_shared<snapshot::Symbols>();
    const cli::PathOptions options = parsed(arguments);
    const auto found = options.keep_mine(options.rename(brute_force::to_snapshot(traces, symbols), symbols), symbols);
    const bool right = brute_force::to_traces(found.snapshot) == expected && found.count == outside &&
                       testing::totals_of(found.snapshot) == testing::totals_of(brute_force::to_snapshot(
                                                                 expected, std::make_shared<snapshot::Symbols>()));
    if (!right) FAIL("round " << round << " has other frames");
  }
}

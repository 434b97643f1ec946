// What CPython's own tests ask of tracemalloc's snapshots, statistics, filters and tracebacks, asked of this library.

#include <doctest/doctest.h>
#include <snapshot/error.h>
#include <snapshot/filter.h>
#include <tests/support/snapshot_from.h>

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using snapshot::Charge;
using snapshot::DomainFilter;
using snapshot::Filter;
using snapshot::GroupBy;
using snapshot::TraceFilter;
using testing::Lines;
using testing::ranked_differences;
using testing::ranked_statistics;
using testing::snapshot_from;
using testing::traces_of;

namespace {

/// Two moments of a program: one line has more blocks in the second, two are gone, one is new, one is as it was.
struct Moments {
  std::shared_ptr<snapshot::Symbols> symbols = std::make_shared<snapshot::Symbols>();
  snapshot::Snapshot before = snapshot_from(R"(
    10 x3 cart.py:2 < shop.py:4 nframe=3
    2 cart.py:5 < shop.py:4 domain=1 nframe=3
    66 shop.py:1 domain=2 nframe=1
    7 <unknown>:0 domain=3 nframe=1
  )",
                                            symbols);
  snapshot::Snapshot after = snapshot_from(R"(
    10 x3 cart.py:2 < shop.py:4 nframe=3
    2 cart.py:5 < shop.py:4 domain=2 nframe=3
    5000 cart.py:5 < shop.py:4 domain=2 nframe=3
    400 users.py:578 domain=4 nframe=1
  )",
                                           symbols);

  Lines filtered(std::vector<TraceFilter> filters) const { return traces_of(filter_traces(before, filters)); }
};

/// Whether a Filter without domain lets a block pass that was allocated here.
bool passes(const Filter& filter, const std::string& place) {
  const std::array<TraceFilter, 1> filters{filter};
  return filter_traces(snapshot_from("1 " + place), filters).count() == 1;
}

bool name_matches(const std::string& filename, const std::string& pattern, bool inclusive = true) {
  return passes(Filter{inclusive, pattern, {}, false, {}}, filename + ":0");
}

}  // namespace

TEST_CASE("CPython: a snapshot knows the limit, and its trace the size, the frames and how many there were") {
  const auto snapshot = snapshot_from("5 cart.py:2 nframe=10");
  CHECK(traces_of(snapshot) == Lines{"5 cart.py:2 nframe=10"});
  CHECK(snapshot.totals()[0].total_nframe == 10);
  CHECK(snapshot.symbols().traceback(snapshot.totals()[0].traceback).size() == 1);
}

TEST_CASE("CPython: filtering makes a new snapshot and leaves the old one alone") {
  const Moments moments;
  const auto original = traces_of(moments.before);
  const std::string three = "10 cart.py:2 < shop.py:4 nframe=3";
  const std::array<TraceFilter, 1> no_shop{Filter{false, "shop.py", {}, false, {}}};
  const auto without_shop = filter_traces(moments.before, no_shop);
  CHECK(traces_of(without_shop) ==
        Lines{three, three, three, "2 cart.py:5 < shop.py:4 domain=1 nframe=3", "7 <unknown>:0 domain=3 nframe=1"});
  CHECK(traces_of(moments.before) == original);

  const std::array<TraceFilter, 2> two_lines{Filter{true, "cart.py", 2, false, {}},
                                             Filter{true, "cart.py", 5, false, {}}};
  CHECK(traces_of(filter_traces(without_shop, two_lines)) ==
        Lines{three, three, three, "2 cart.py:5 < shop.py:4 domain=1 nframe=3"});
  CHECK(moments.filtered({}) == original);
}

TEST_CASE("CPython: a filter with a domain leaves the other domains alone") {
  const Moments moments;
  const std::string three = "10 cart.py:2 < shop.py:4 nframe=3";
  CHECK(moments.filtered({Filter{false, "cart.py", {}, false, 1}}) ==
        Lines{three, three, three, "66 shop.py:1 domain=2 nframe=1", "7 <unknown>:0 domain=3 nframe=1"});
  CHECK(moments.filtered({Filter{true, "cart.py", {}, false, 1}}) ==
        Lines{"2 cart.py:5 < shop.py:4 domain=1 nframe=3"});
}

TEST_CASE("CPython: a filter of domains drops one or keeps one") {
  const Moments moments;
  const std::string three = "10 cart.py:2 < shop.py:4 nframe=3";
  CHECK(moments.filtered({DomainFilter{false, 3}}) ==
        Lines{three, three, three, "2 cart.py:5 < shop.py:4 domain=1 nframe=3", "66 shop.py:1 domain=2 nframe=1"});
  CHECK(moments.filtered({DomainFilter{true, 3}}) == Lines{"7 <unknown>:0 domain=3 nframe=1"});
}

TEST_CASE("CPython: statistics and differences by line") {
  const Moments moments;
  CHECK(ranked_statistics(moments.before, GroupBy::lineno) ==
        Lines{"66 x1 shop.py:1", "30 x3 cart.py:2", "7 x1 <unknown>:0", "2 x1 cart.py:5"});
  CHECK(ranked_statistics(moments.after, GroupBy::lineno) ==
        Lines{"5002 x2 cart.py:5", "400 x1 users.py:578", "30 x3 cart.py:2"});
  CHECK(ranked_differences(moments.before, moments.after, GroupBy::lineno) ==
        Lines{"5002 (+5000) x2 (+1) cart.py:5", "400 (+400) x1 (+1) users.py:578", "0 (-66) x0 (-1) shop.py:1",
              "0 (-7) x0 (-1) <unknown>:0", "30 (+0) x3 (+0) cart.py:2"});
}

TEST_CASE("CPython: statistics and differences by file") {
  const Moments moments;
  CHECK(ranked_statistics(moments.before, GroupBy::filename) ==
        Lines{"66 x1 shop.py", "32 x4 cart.py", "7 x1 <unknown>"});
  CHECK(ranked_statistics(moments.after, GroupBy::filename) == Lines{"5032 x5 cart.py", "400 x1 users.py"});
  CHECK(ranked_differences(moments.before, moments.after, GroupBy::filename) ==
        Lines{"5032 (+5000) x5 (+1) cart.py", "400 (+400) x1 (+1) users.py", "0 (-66) x0 (-1) shop.py",
              "0 (-7) x0 (-1) <unknown>"});
}

TEST_CASE("CPython: statistics and differences by traceback, which has no cumulative form") {
  const Moments moments;
  CHECK(ranked_statistics(moments.before, GroupBy::traceback) ==
        Lines{"66 x1 shop.py:1", "30 x3 cart.py:2 < shop.py:4", "7 x1 <unknown>:0", "2 x1 cart.py:5 < shop.py:4"});
  CHECK(ranked_statistics(moments.after, GroupBy::traceback) ==
        Lines{"5002 x2 cart.py:5 < shop.py:4", "400 x1 users.py:578", "30 x3 cart.py:2 < shop.py:4"});
  CHECK(ranked_differences(moments.before, moments.after, GroupBy::traceback) ==
        Lines{"5002 (+5000) x2 (+1) cart.py:5 < shop.py:4", "400 (+400) x1 (+1) users.py:578",
              "0 (-66) x0 (-1) shop.py:1", "0 (-7) x0 (-1) <unknown>:0", "30 (+0) x3 (+0) cart.py:2 < shop.py:4"});
  CHECK_THROWS_AS(ranked_statistics(moments.before, GroupBy::traceback, Charge::every_frame), snapshot::Error);
}

TEST_CASE("CPython: cumulative statistics charge every frame") {
  const Moments moments;
  for (const auto charge : {Charge::every_frame, Charge::once}) {  // nothing recurs here: both are the same
    CHECK(ranked_statistics(moments.before, GroupBy::filename, charge) ==
          Lines{"98 x5 shop.py", "32 x4 cart.py", "7 x1 <unknown>"});
    CHECK(ranked_statistics(moments.before, GroupBy::lineno, charge) ==
          Lines{"66 x1 shop.py:1", "32 x4 shop.py:4", "30 x3 cart.py:2", "7 x1 <unknown>:0", "2 x1 cart.py:5"});
  }
}

TEST_CASE("CPython: a traceback holds its frames oldest first, and is equal by its frames alone") {
  const auto snapshot = snapshot_from("1 inner.py:1 < outer.py:2\n1 inner.py:1 < outer.py:2 nframe=2");
  const auto& symbols = snapshot.symbols();
  REQUIRE(snapshot.totals().size() == 2);
  CHECK(snapshot.totals()[0].traceback == snapshot.totals()[1].traceback);
  const auto frames = symbols.traceback(snapshot.totals()[0].traceback);
  REQUIRE(frames.size() == 2);
  CHECK(symbols.text(symbols.frame(frames[0]).filename) == "outer.py");
  CHECK(symbols.text(symbols.frame(frames[1]).filename) == "inner.py");
}

TEST_CASE("CPython: an unset filter is of any line, the most recent frame and any domain") {
  const Filter filter{};
  CHECK(filter.inclusive);
  CHECK_FALSE(filter.lineno);
  CHECK_FALSE(filter.all_frames);
  CHECK_FALSE(filter.domain);
}

TEST_CASE("CPython: name and line of a frame, inclusive and exclusive") {
  for (const bool inclusive : {true, false}) {
    for (const char* lineno : {"0", "5", "10"}) {
      const Filter any_line{inclusive, "cart", {}, false, {}};
      CHECK(passes(any_line, std::string("cart:") + lineno) == inclusive);
      CHECK(passes(any_line, std::string("12356:") + lineno) != inclusive);
      for (const std::uint32_t wanted : {5U, 0U}) {
        const Filter one_line{inclusive, "cart", wanted, false, {}};
        CHECK(passes(one_line, std::string("cart:") + lineno) == ((lineno == std::to_string(wanted)) == inclusive));
        CHECK(passes(one_line, std::string("12356:") + lineno) != inclusive);
      }
    }
  }
}

TEST_CASE("CPython: names without jokers") {
  for (const bool inclusive : {true, false}) {
    CHECK(name_matches("cart", "cart", inclusive) == inclusive);
    CHECK(name_matches("12356", "cart", inclusive) != inclusive);
    CHECK(name_matches("<unknown>", "cart", inclusive) != inclusive);
  }
}

TEST_CASE("CPython: names with jokers, and .pyc") {
  using Pairs = std::vector<std::pair<const char*, const char*>>;  // name, pattern
  for (const auto& pair : Pairs{{"", ""},
                                {"", "*"},
                                {"cart", "cart"},
                                {"cart", "c*"},
                                {"cart", "cart*"},
                                {"cart", "c*t"},
                                {"catdcx", "c*cx"},
                                {"cbtde", "c*t*e"},
                                {"cbtbdefeg", "c*bd*eg"},
                                {"c.pyc", "c.py"},
                                {"c.py", "c.pyc"}}) {
    CHECK_MESSAGE(name_matches(pair.first, pair.second), pair.first << " " << pair.second);
  }
  for (const auto& pair : Pairs{{"cart", ""},
                                {"", "cart"},
                                {"cart", "cartd"},
                                {"cart", "dog"},
                                {"cart", "b*"},
                                {"cart", "cartd*"},
                                {"caa", "c*t"},
                                {"catdce", "c*cx"},
                                {"catdd", "c*t*e"},
                                {"cbtbdefef", "c*bd*eg"},
                                {"cARt", "CArt"},
                                {"cArDe", "Ca*dE"},
                                {"c.pyc", "c.PY"},
                                {"c.py", "c.PYC"},
                                {"c/t", "c\\t"},
                                {"c\\t", "c/t"},
                                {"c/t\\e", "c\\t/e"},
                                {"c/t/e", "c\\t\\e"},
                                {"c.pyo", "c.py"}}) {
    CHECK_FALSE_MESSAGE(name_matches(pair.first, pair.second), pair.first << " " << pair.second);
  }
}

TEST_CASE("CPython: all frames of a traceback, or the most recent alone") {
  const std::array<std::string, 4> tracebacks{"cart.py:2 < shop.py:3", "shop.py:4 < shop.py:5",
                                              "users.py:5 < <unknown>:0", "<unknown>:0"};
  const auto answers = [&](bool inclusive, const char* pattern, bool all_frames) {
    std::string text;
    for (const auto& traceback : tracebacks) {
      text += passes(Filter{inclusive, pattern, {}, all_frames, {}}, traceback) ? 'y' : 'n';
    }
    return text;
  };
  CHECK(answers(true, "shop.py", true) == "yynn");
  CHECK(answers(true, "shop.py", false) == "nynn");
  CHECK(answers(false, "shop.py", true) == "nnyy");
  CHECK(answers(false, "shop.py", false) == "ynyy");
  CHECK(answers(false, "<unknown>", false) == "yyyn");
}

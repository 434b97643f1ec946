#include <snapshot/filter.h>

#include <doctest/doctest.h>
#include <tests/support/brute_force.h>
#include <tests/support/snapshot_from.h>

#include <string>
#include <vector>

using snapshot::DomainFilter;
using snapshot::Filter;
using snapshot::TraceFilter;
using testing::Lines;
using testing::snapshot_from;

namespace {

Filter include(std::string pattern) { return {true, std::move(pattern), {}, false, {}}; }
Filter exclude(std::string pattern) { return {false, std::move(pattern), {}, false, {}}; }

Filter at_line(Filter filter, std::uint32_t lineno) {
  filter.lineno = lineno;
  return filter;
}
Filter in_any_frame(Filter filter) {
  filter.all_frames = true;
  return filter;
}
Filter in_domain(Filter filter, std::uint32_t domain) {
  filter.domain = domain;
  return filter;
}

/// What passes, by the sizes of the blocks.
std::string passed(const snapshot::Snapshot& snapshot, const std::vector<TraceFilter>& filters) {
  std::string sizes;
  const auto kept = filter_traces(snapshot, filters);
  for (std::size_t at = 0; at < kept.traces().size.size(); ++at) sizes += std::to_string(kept.traces().size[at]) + " ";
  if (!sizes.empty()) sizes.pop_back();
  return sizes;
}

snapshot::Snapshot shop() {
  return snapshot_from(R"(
    1 shop/app.py:10 < main.py:3
    2 shop/app.py:20 < main.py:3
    3 lib/json.py:10 < shop/app.py:10 < main.py:3
    4 <string>:228 < main.py:1
    5 main.py:3 domain=7
    6 shop/app.py:10 < main.py:3 domain=7
  )");
}

}  // namespace

TEST_CASE("an empty list of filters lets everything pass") { CHECK(passed(shop(), {}) == "1 2 3 4 5 6"); }

TEST_CASE("an inclusive filter keeps what it matches, by the most recent frame") {
  CHECK(passed(shop(), {include("shop/*")}) == "1 2 6");
  CHECK(passed(shop(), {include("main.py")}) == "5");
  CHECK(passed(shop(), {include("app.py")}) == "");
  CHECK(passed(shop(), {include("<*>")}) == "4");
  CHECK(passed(shop(), {include("*")}) == "1 2 3 4 5 6");
}

TEST_CASE("an exclusive filter drops what it matches") {
  CHECK(passed(shop(), {exclude("shop/*")}) == "3 4 5");
  CHECK(passed(shop(), {exclude("*")}) == "");
  CHECK(passed(shop(), {exclude("nothing")}) == "1 2 3 4 5 6");
}

TEST_CASE("any inclusive filter is enough, and every exclusive one counts") {
  CHECK(passed(shop(), {include("main.py"), include("lib/*")}) == "3 5");
  CHECK(passed(shop(), {exclude("main.py"), exclude("lib/*")}) == "1 2 4 6");
  CHECK(passed(shop(), {include("*.py"), exclude("lib/*"), exclude("main.py")}) == "1 2 6");
  CHECK(passed(shop(), {exclude("shop/*"), include("shop/*")}) == "");
}

TEST_CASE("a line number must match as well; 0 is a line like any other") {
  CHECK(passed(shop(), {at_line(include("shop/app.py"), 10)}) == "1 6");
  CHECK(passed(shop(), {at_line(include("*"), 10)}) == "1 3 6");
  CHECK(passed(shop(), {at_line(exclude("*"), 10)}) == "2 4 5");
  CHECK(passed(shop(), {at_line(include("*"), 0)}) == "");
  CHECK(passed(snapshot_from("1 a.py:0\n2 a.py:1"), {at_line(include("a.py"), 0)}) == "1");
}

TEST_CASE("with all_frames any frame of the traceback may match, name and line together") {
  CHECK(passed(shop(), {in_any_frame(include("shop/*"))}) == "1 2 3 6");
  CHECK(passed(shop(), {in_any_frame(exclude("shop/*"))}) == "4 5");
  CHECK(passed(shop(), {in_any_frame(at_line(include("main.py"), 1))}) == "4");
  CHECK(passed(shop(), {in_any_frame(at_line(include("main.py"), 10))}) == "");
}

TEST_CASE("an inclusive filter with a domain matches in that domain alone") {
  CHECK(passed(shop(), {in_domain(include("*"), 7)}) == "5 6");
  CHECK(passed(shop(), {in_domain(include("shop/*"), 7)}) == "6");
  CHECK(passed(shop(), {in_domain(include("shop/*"), 0)}) == "1 2");
  CHECK(passed(shop(), {in_domain(include("shop/*"), 1)}) == "");
}

TEST_CASE("an exclusive filter with a domain excludes in that domain alone") {
  CHECK(passed(shop(), {in_domain(exclude("*"), 7)}) == "1 2 3 4");
  CHECK(passed(shop(), {in_domain(exclude("shop/*"), 7)}) == "1 2 3 4 5");
  CHECK(passed(shop(), {in_domain(exclude("shop/*"), 0)}) == "3 4 5 6");
  CHECK(passed(shop(), {in_domain(exclude("shop/*"), 1)}) == "1 2 3 4 5 6");
}

TEST_CASE("a filter of domains looks at nothing else") {
  CHECK(passed(shop(), {DomainFilter{true, 7}}) == "5 6");
  CHECK(passed(shop(), {DomainFilter{false, 7}}) == "1 2 3 4");
  CHECK(passed(shop(), {DomainFilter{true, 1}}) == "");
  CHECK(passed(shop(), {DomainFilter{false, 0}}) == "5 6");
  CHECK(passed(shop(), {DomainFilter{true, 7}, DomainFilter{true, 0}}) == "1 2 3 4 5 6");
  CHECK(passed(shop(), {DomainFilter{true, 7}, include("lib/*")}) == "3 5 6");  // any of the inclusive ones
  CHECK(passed(shop(), {DomainFilter{false, 7}, include("shop/*")}) == "1 2");
}

TEST_CASE("a filter of functions looks at their names alone, and matches none that is not known") {
  const auto by_function = [](std::string pattern, bool inclusive, bool all_frames) {
    Filter filter{inclusive, std::move(pattern), {}, all_frames, {}};
    filter.field = snapshot::FilterField::function;
    return filter;
  };
  const auto snapshot =
      snapshot_from("1 a.py:1(load) < m.py:1(main)\n2 load:1 < m.py:1(main)\n3 a.py:1(f.pyc)\n4 a.py:1");
  CHECK(passed(snapshot, {by_function("load", true, false)}) == "1");
  CHECK(passed(snapshot, {by_function("*", true, false)}) == "1 3");
  CHECK(passed(snapshot, {by_function("*", false, false)}) == "2 4");
  CHECK(passed(snapshot, {by_function("main", true, true)}) == "1 2");
  CHECK(passed(snapshot, {by_function("f.py", true, false)}) == "");  // no file name
  CHECK(passed(snapshot, {at_line(by_function("*", true, true), 2)}) == "");
}

TEST_CASE("a test takes the place of the pattern, and is asked once a name, as it is") {
  std::vector<std::string> asked;
  Filter filter = include("nothing");
  filter.accepts = [&](std::string_view text) {
    asked.emplace_back(text);
    return text.ends_with('c');
  };
  const auto snapshot = snapshot_from("1 a.pyc:1 < b.py:2\n2 a.pyc:2\n3 b.py:1\n4 b.py:2(f)");
  CHECK(passed(snapshot, {filter}) == "1 2");
  CHECK(asked == std::vector<std::string>{"a.pyc", "b.py"});
  filter.lineno = 2;
  filter.inclusive = false;
  CHECK(passed(snapshot, {filter}) == "1 3 4");
}

TEST_CASE("a trailing .pyc counts as .py, of the name and of the pattern") {
  const auto snapshot = snapshot_from("1 a.py:1\n2 a.pyc:1\n3 a.pyo:1\n4 a.pycx:1\n5 a.PYC:1\n6 .pyc:1\n7 a.pyc.py:1");
  CHECK(passed(snapshot, {include("a.py")}) == "1 2");
  CHECK(passed(snapshot, {include("a.pyc")}) == "1 2");
  CHECK(passed(snapshot, {include("*.pyc")}) == "1 2 6 7");
  CHECK(passed(snapshot, {include("a.py[c]")}) == "");  // the name has become a.py
  CHECK(passed(snapshot, {include("a.py?")}) == "3");
  CHECK(passed(snapshot, {include("*c")}) == "");
  CHECK(passed(snapshot, {include(".py")}) == "6");
}

TEST_CASE("filtering keeps what is not asked about, and works on sums alone") {
  const auto sums = snapshot_from("1 a.py:1 nframe=9\n2 x3 b.py:1", std::make_shared<snapshot::Symbols>(), true);
  const std::vector<TraceFilter> filters{include("b.py")};
  CHECK(testing::totals_of(filter_traces(sums, filters)) == Lines{"6 x3 b.py:1"});
  CHECK_FALSE(filter_traces(sums, filters).has_traces());

  const auto traces = snapshot_from("1 a.py:1 nframe=9 domain=2\n2 b.py:1");
  const std::vector<TraceFilter> one{exclude("b.py")};
  CHECK(testing::traces_of(filter_traces(traces, one)) == Lines{"1 a.py:1 domain=2 nframe=9"});
  CHECK(testing::traces_of(traces).size() == 2);
}

TEST_CASE("random filters let pass what the brute force lets pass") {
  brute_force::Random random(1);
  for (int round = 0; round < 4000; ++round) {
    const brute_force::Traces traces = random.one_in(2) ? random.traces() : random.recorded_traces();
    const std::vector<TraceFilter> filters = random.filters();
    const auto snapshot = brute_force::to_snapshot(traces, std::make_shared<snapshot::Symbols>());
    const auto kept = filter_traces(snapshot, filters);
    const brute_force::Traces expected = brute_force::filter_traces(traces, filters);
    std::int64_t size = 0;
    std::int64_t count = 0;
    for (const auto& trace : expected) {
      size += trace.size * trace.count;
      count += trace.count;
    }
    const bool right = brute_force::to_traces(kept) == expected && kept.size() == size && kept.count() == count;
    if (!right) FAIL("round " << round << " lets other traces pass");
  }
}

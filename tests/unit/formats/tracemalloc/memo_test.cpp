#include <formats/tracemalloc/memo.h>

#include <doctest/doctest.h>

#include <cstdint>

using formats::tracemalloc::Kind;
using formats::tracemalloc::Memo;
using formats::tracemalloc::Value;

namespace {

bool holds(const Memo& memo, std::uint32_t at, Kind kind, std::int64_t payload) {
  const Value value = memo.get(at);
  return value.kind == kind && value.payload == payload;
}

bool forgot(const Memo& memo, std::uint32_t at) { return memo.get(at).kind == Kind::forgotten; }

}  // namespace

TEST_CASE("a memo gives back what was put, under any number") {
  for (const bool lean : {true, false}) {
    Memo memo(lean);
    CHECK(forgot(memo, 0));
    memo.put(0, {Kind::text, 7});
    memo.put(5, {Kind::traceback, 8});
    memo.put(4000000000U, {Kind::list, 9});
    CHECK(holds(memo, 0, Kind::text, 7));
    CHECK(holds(memo, 5, Kind::traceback, 8));
    CHECK(holds(memo, 4000000000U, Kind::list, 9));
    CHECK(forgot(memo, 1));
    CHECK(forgot(memo, 4294967295U));
    CHECK(memo.value_count() == 3);
  }
}

TEST_CASE("MEMOIZE gives the number after the highest") {
  Memo memo(true);
  CHECK(memo.size() == 0);
  memo.put(0, {Kind::text, 1});
  memo.put(9, {Kind::frame, 1});
  CHECK(memo.size() == 10);
  memo.put(3, {Kind::text, 1});
  CHECK(memo.size() == 10);
}

TEST_CASE("a lean memo forgets frames and traces, a full one keeps them") {
  for (const bool lean : {true, false}) {
    Memo memo(lean);
    memo.put(0, {Kind::frame, 3});
    memo.put(1, {Kind::trace, 4294967294});
    memo.put(2, {Kind::text, 1});
    CHECK(memo.lean() == lean);
    CHECK(memo.size() == 3);
    CHECK(holds(memo, 0, Kind::frame, 3) == !lean);
    CHECK(holds(memo, 1, Kind::trace, 4294967294) == !lean);
    CHECK(forgot(memo, 0) == lean);
    CHECK(holds(memo, 2, Kind::text, 1));
  }
}

TEST_CASE("the value put last under a number is the one it has") {
  for (const bool lean : {true, false}) {
    Memo memo(lean);
    memo.put(0, {Kind::text, 1});
    memo.put(0, {Kind::text, 2});
    CHECK(holds(memo, 0, Kind::text, 2));
    memo.put(1, {Kind::frame, 3});
    memo.put(1, {Kind::text, 4});
    CHECK(holds(memo, 1, Kind::text, 4));
  }
}

TEST_CASE("a frame put over another value is the one that counts: a full memo has it, a lean one forgot it") {
  for (const bool lean : {true, false}) {
    Memo memo(lean);
    memo.put(0, {Kind::text, 1});
    memo.put(0, {Kind::frame, 2});
    CHECK_FALSE(holds(memo, 0, Kind::text, 1));
    CHECK(holds(memo, 0, Kind::frame, 2) == !lean);
  }
}

TEST_CASE("many numbers are told apart") {
  Memo memo(false);
  for (std::uint32_t at = 0; at < 50000; ++at) memo.put(at * 3, {at % 2 == 0 ? Kind::text : Kind::trace, at});
  for (std::uint32_t at = 0; at < 50000; ++at) {
    if (!holds(memo, at * 3, at % 2 == 0 ? Kind::text : Kind::trace, at)) FAIL("number " << at * 3);
    if (!forgot(memo, at * 3 + 1)) FAIL("number " << at * 3 + 1);
  }
}

// Lists of traces that are not simply the traces that were built, in their order, each once. CPython writes no such
// dump; a pickle may hold one. The lean machine, which keeps no traces in its memo, then gives way to a full one.

#include <doctest/doctest.h>

#include "../pickle_from.h"

#include <random>
#include <string>

using testing::Lines;
using testing::outcome_of_traces;

namespace {

/// Builds a trace of `size` bytes, whose memo number is `number`.
std::string trace(int size, int number) {
  return "BININT1 " + std::to_string(size) + " SHORT_BINUNICODE a.py BININT1 1 TUPLE2 TUPLE1 TUPLE2 BINPUT " +
         std::to_string(number) + " ";
}

}  // namespace

TEST_CASE("a trace that stands twice in the list counts twice") {
  CHECK(outcome_of_traces("EMPTY_LIST " + trace(7, 5) + "APPEND BINGET 5 APPEND") == Lines{"7 a.py:1", "7 a.py:1"});
  CHECK(outcome_of_traces("EMPTY_LIST MARK " + trace(7, 5) + "DUP APPENDS") == Lines{"7 a.py:1", "7 a.py:1"});
  CHECK(outcome_of_traces("MARK " + trace(7, 5) + trace(8, 6) + "BINGET 5 TUPLE") ==
        Lines{"7 a.py:1", "8 a.py:1", "7 a.py:1"});
}

TEST_CASE("a trace that was built and dropped does not count") {
  CHECK(outcome_of_traces("EMPTY_LIST MARK " + trace(7, 5) + "POP " + trace(8, 6) + "APPENDS") == Lines{"8 a.py:1"});
  CHECK(outcome_of_traces("EMPTY_LIST MARK " + trace(7, 5) + trace(8, 6) + "POP APPENDS") == Lines{"7 a.py:1"});
  CHECK(outcome_of_traces(trace(7, 5) + "POP EMPTY_LIST") == Lines{});
  CHECK(outcome_of_traces(trace(7, 5) + "POP EMPTY_TUPLE") == Lines{});
  CHECK(outcome_of_traces("MARK " + trace(7, 5) + "POP_MARK EMPTY_LIST " + trace(8, 6) + "APPEND") ==
        Lines{"8 a.py:1"});
}

TEST_CASE("traces of another list, or of another attribute, do not count") {
  CHECK(outcome_of_traces("EMPTY_LIST " + trace(7, 5) + "APPEND",
                          "SHORT_BINUNICODE spare EMPTY_LIST " + trace(8, 6) + "APPEND") == Lines{"7 a.py:1"});
  CHECK(outcome_of_traces("EMPTY_LIST " + trace(7, 5) + "APPEND POP EMPTY_LIST " + trace(8, 6) + "APPEND") ==
        Lines{"8 a.py:1"});
}

TEST_CASE("traces stand in the order of the list, not in the one they were built in") {
  CHECK(outcome_of_traces("EMPTY_LIST MARK " + trace(7, 5) + trace(8, 6) + "POP_MARK MARK BINGET 6 BINGET 5 APPENDS") ==
        Lines{"8 a.py:1", "7 a.py:1"});
  CHECK(outcome_of_traces("EMPTY_LIST MARK " + trace(7, 5) + trace(8, 6) + trace(9, 7) +
                          "POP_MARK MARK BINGET 7 BINGET 5 BINGET 6 BINGET 5 APPENDS") ==
        Lines{"9 a.py:1", "7 a.py:1", "8 a.py:1", "7 a.py:1"});
}

TEST_CASE("a frame may be shared, by a lean machine's second reading") {
  CHECK(outcome_of_traces("EMPTY_LIST BININT1 7 SHORT_BINUNICODE a.py BININT1 1 TUPLE2 BINPUT 5 TUPLE1 TUPLE2 APPEND "
                          "BININT1 8 BINGET 5 BINGET 5 TUPLE2 TUPLE2 APPEND") ==
        Lines{"7 a.py:1", "8 a.py:1 < a.py:1"});
}

TEST_CASE("a memo number that is given again holds what it was given last, a frame too") {
  CHECK(outcome_of_traces("EMPTY_LIST BININT1 7 SHORT_BINUNICODE a.py BINPUT 5 BININT1 1 TUPLE2 BINPUT 5 POP "
                          "BINGET 5 TUPLE1 TUPLE2 APPEND") == Lines{"7 a.py:1"});
}

TEST_CASE("repeats past 2^63 - 1 bytes are refused") {
  CHECK(outcome_of_traces(
            "EMPTY_LIST INT 9223372036854775807 SHORT_BINUNICODE a.py BININT1 1 TUPLE2 TUPLE1 TUPLE2 BINPUT 5 "
            "APPEND BINGET 5 APPEND") ==
        Lines{"error: the sizes of the blocks add up to more than 9223372036854775807 bytes"});
}

TEST_CASE("random lists of random traces hold what the pickle says") {
  std::mt19937_64 random(7);
  for (int round = 0; round < 150; ++round) {
    const int built = 1 + static_cast<int>(random() % 6);
    std::string code = "EMPTY_LIST MARK ";
    Lines expected;
    for (int at = 0; at < built; ++at) code += trace(10 + at, 20 + at);
    if (random() % 2 == 0) {
      for (int at = 0; at < built; ++at) expected.push_back(std::to_string(10 + at) + " a.py:1");
    } else {
      code += "POP_MARK MARK ";
    }
    for (std::size_t left = random() % 6; left > 0; --left) {
      const int chosen = static_cast<int>(random() % static_cast<std::size_t>(built));
      code += "BINGET " + std::to_string(20 + chosen) + " ";
      expected.push_back(std::to_string(10 + chosen) + " a.py:1");
    }
    if (outcome_of_traces(code + "APPENDS") != expected) FAIL("round " << round << ": " << code);
  }
}

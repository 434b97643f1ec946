#include <doctest/doctest.h>

#include "../pickle_from.h"

#include <string>
#include <utility>
#include <vector>

using testing::Lines;
using testing::outcome_of_traces;

namespace {

const std::string kTraceback = "SHORT_BINUNICODE a.py BININT1 1 TUPLE2 SHORT_BINUNICODE m.py BININT1 9 TUPLE2 TUPLE2 ";

/// The outcome of a list of this one item.
Lines item(const std::string& code) { return outcome_of_traces("EMPTY_LIST " + code + " APPEND"); }

/// The message behind the offset.
std::string refusal(const std::string& code) {
  const Lines outcome = item(code);
  const std::size_t colon = outcome.size() == 1 ? outcome[0].find(": ", 7) : std::string::npos;
  return colon == std::string::npos ? "not refused" : outcome[0].substr(colon + 2);
}

}  // namespace

TEST_CASE("a trace is size and traceback, before that a domain, behind it total_nframe") {
  CHECK(item("BININT1 7 " + kTraceback + "TUPLE2") == Lines{"7 a.py:1 < m.py:9"});
  CHECK(item("BININT1 3 BININT1 7 " + kTraceback + "TUPLE3") == Lines{"7 a.py:1 < m.py:9 domain=3"});
  CHECK(item("MARK BININT1 3 BININT1 7 " + kTraceback + "BININT1 30 TUPLE") ==
        Lines{"7 a.py:1 < m.py:9 domain=3 nframe=30"});
  CHECK(item("MARK BININT1 0 BININT1 7 " + kTraceback + "NONE TUPLE") == Lines{"7 a.py:1 < m.py:9"});
}

TEST_CASE("shapes of all lengths may stand in one list") {
  const std::string tb = "BINGET 0 ";
  CHECK(outcome_of_traces("EMPTY_LIST BININT1 1 " + kTraceback + "BINPUT 0 TUPLE2 APPEND BININT1 3 BININT1 2 " + tb +
                          "TUPLE3 APPEND MARK BININT1 0 BININT1 3 " + tb + "BININT1 2 TUPLE APPEND BININT1 4 " + tb +
                          "TUPLE2 APPEND") ==
        Lines{"1 a.py:1 < m.py:9", "2 a.py:1 < m.py:9 domain=3", "3 a.py:1 < m.py:9 nframe=2", "4 a.py:1 < m.py:9"});
}

TEST_CASE("numbers go to their limits") {
  CHECK(item("MARK LONG 4294967295L LONG 9223372036854775807L SHORT_BINUNICODE a.py LONG 4294967295L TUPLE2 TUPLE1 "
             "LONG 4294967295L TUPLE") ==
        Lines{"9223372036854775807 a.py:4294967295 domain=4294967295 nframe=4294967295"});
  CHECK(item("MARK INT 0 INT 0 SHORT_BINUNICODE \"\" INT 0 TUPLE2 TUPLE1 INT 0 TUPLE") == Lines{"0 :0"});
}

TEST_CASE("numbers past their limits are named") {
  const auto trace = [](const char* domain, const char* size, const char* nframe) {
    return refusal(std::string("MARK ") + domain + " " + size + " " + kTraceback + nframe + " TUPLE");
  };
  CHECK(trace("INT 0", "INT 1", "INT 1") == "not refused");
  CHECK(trace("INT 4294967296", "INT 1", "INT 1") == "trace 0: its domain is not between 0 and 4294967295");
  CHECK(trace("INT -1", "INT 1", "INT 1") == "trace 0: its domain is not between 0 and 4294967295");
  CHECK(trace("INT 0", "INT -1", "INT 1") == "trace 0: its size is negative");
  CHECK(trace("INT 0", "INT 9223372036854775808", "INT 1") == "trace 0: its size does not fit 63 bits");
  CHECK(trace("INT 0", "INT 1", "INT 4294967296") == "trace 0: its total_nframe is not between 0 and 4294967295");
  CHECK(trace("INT 0", "INT 1", "INT -1") == "trace 0: its total_nframe is not between 0 and 4294967295");
  for (const char* lineno : {"INT -1", "INT 4294967296", "INT 99999999999999999999"}) {
    CHECK(refusal(std::string("INT 1 SHORT_BINUNICODE a.py ") + lineno + " TUPLE2 TUPLE1 TUPLE2") ==
          "trace 0: a line number is not between 0 and 4294967295");
  }
}

TEST_CASE("other shapes are shown") {
  const std::string tail = ", not ([domain,] size, traceback[, total_nframe])";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"NONE", "trace 0 is None, not a tuple ([domain,] size, traceback[, total_nframe])"},
      {"EMPTY_TUPLE", "trace 0 is (), not a tuple ([domain,] size, traceback[, total_nframe])"},
      {"BININT1 1 TUPLE1", "trace 0 is (int,)" + tail},
      {"NEWTRUE " + kTraceback + "TUPLE2", "trace 0 is (bool, traceback)" + tail},
      {"BINFLOAT " + kTraceback + "TUPLE2", "trace 0 is (float, traceback)" + tail},
      {kTraceback + "BININT1 1 TUPLE2", "trace 0 is (traceback, int)" + tail},
      {"BININT1 1 EMPTY_TUPLE TUPLE2", "trace 0 is (int, ())" + tail},
      {"BININT1 1 EMPTY_LIST TUPLE2", "trace 0 is (int, list)" + tail},
      {"MARK BININT1 0 BININT1 1 " + kTraceback + "BINFLOAT TUPLE", "trace 0 is (int, int, traceback, float)" + tail},
      {"MARK BININT1 0 BININT1 1 " + kTraceback + "BININT1 1 NONE TUPLE",
       "trace 0 is (int, int, traceback, int, ...)" + tail}};
  for (const auto& one : cases) CHECK(refusal(one.first) == one.second);
  CHECK(refusal("BININT1 1 SHORT_BINUNICODE a.py BININT1 1 TUPLE2 NONE TUPLE2 TUPLE2") ==
        "trace 0 is (int, ((str, int), None)), not ([domain,] size, traceback[, total_nframe])");
}

TEST_CASE("the first item that is no trace is named by its index") {
  const std::string trace = "BININT1 7 " + kTraceback + "TUPLE2 ";
  const Lines outcome = outcome_of_traces("EMPTY_LIST MARK " + trace + trace + "NONE " + trace + "BINFLOAT APPENDS");
  REQUIRE(outcome.size() == 1);
  CHECK(outcome[0].ends_with("trace 2 is None, not a tuple ([domain,] size, traceback[, total_nframe])"));
}

TEST_CASE("sizes that add up to more than 2^63 - 1 bytes are refused") {
  const std::string tb = "SHORT_BINUNICODE a.py BININT1 1 TUPLE2 TUPLE1 ";
  const std::string other = "SHORT_BINUNICODE b.py BININT1 1 TUPLE2 TUPLE1 ";
  const std::string most = "EMPTY_LIST INT 9223372036854775807 " + tb + "TUPLE2 APPEND ";
  CHECK(outcome_of_traces(most) == Lines{"9223372036854775807 a.py:1"});
  CHECK(outcome_of_traces(most + "INT 1 " + other + "TUPLE2 APPEND") ==
        Lines{"error: the sizes of the blocks add up to more than 9223372036854775807 bytes"});
}

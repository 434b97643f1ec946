#include <doctest/doctest.h>

#include "../pickle_from.h"

#include <string>
#include <utility>
#include <vector>

using testing::dump_text;
using testing::Lines;
using testing::outcome_of;
using testing::outcome_of_traces;
using testing::pickle_from;

namespace {

/// What the value on the stack is taken for, where a list of traces was expected.
std::string kind_of(const std::string& code) {
  const Lines outcome = outcome_of_traces(code);
  if (outcome.size() != 1 || outcome[0].find("the traces are ") == std::string::npos) return "read as traces";
  const std::string text = outcome[0].substr(outcome[0].find("the traces are ") + 15);
  return text.substr(0, text.find(", not a list or tuple"));
}

/// The size that a trace has when `code` pushes it.
std::string size_of(const std::string& code) {
  const Lines outcome =
      outcome_of_traces("EMPTY_LIST " + code + " SHORT_BINUNICODE a.py BININT1 1 TUPLE2 TUPLE1 TUPLE2 APPEND");
  return outcome[0].substr(0, outcome[0].find(" a.py:1"));
}

/// The file name of a frame when `code` pushes it.
std::string name_of(const std::string& code) {
  const Lines outcome = outcome_of_traces("EMPTY_LIST BININT1 7 " + code + " BININT1 1 TUPLE2 TUPLE1 TUPLE2 APPEND");
  return outcome[0].substr(outcome[0].find(' ') + 1, outcome[0].rfind(':') - outcome[0].find(' ') - 1);
}

/// The message behind the offset.
std::string refusal(const std::string& traces) {
  const Lines outcome = outcome_of_traces(traces);
  const std::size_t colon = outcome.size() == 1 ? outcome[0].find(": ", 7) : std::string::npos;
  return colon == std::string::npos ? "not refused" : outcome[0].substr(colon + 2);
}

const std::string kTrace = "BININT1 7 SHORT_BINUNICODE a.py BININT1 1 TUPLE2 TUPLE1 TUPLE2 ";

}  // namespace

TEST_CASE("integers of every form") {
  CHECK(size_of("BININT1 255") == "255");
  CHECK(size_of("BININT2 65535") == "65535");
  CHECK(size_of("BININT 2147483647") == "2147483647");
  CHECK(size_of("INT 42") == "42");
  CHECK(size_of("LONG 42L") == "42");
  CHECK(size_of("LONG 42") == "42");
  CHECK(size_of("INT 9223372036854775807") == "9223372036854775807");
  CHECK(size_of("LONG1 \"\"") == "0");
  CHECK(size_of("LONG1 \\x7f") == "127");
  CHECK(size_of("LONG1 \\xff\\x00") == "255");
  CHECK(size_of("LONG1 \\x00\\x00\\x00\\x80\\x00") == "2147483648");
  CHECK(size_of("LONG1 \\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x7f") == "9223372036854775807");
  CHECK(size_of("LONG4 \\x00\\x01") == "256");
}

TEST_CASE("integers below zero, and those that no 64 bits hold, are known for what they are") {
  const auto traced = [](const std::string& code) {
    return refusal("EMPTY_LIST " + code + " SHORT_BINUNICODE a.py BININT1 1 TUPLE2 TUPLE1 TUPLE2 APPEND");
  };
  for (const char* negative :
       {"BININT -1", "INT -1", "LONG -1L", "LONG1 \\xff", "LONG4 \\x00\\x80", "INT -9223372036854775808"}) {
    CHECK_MESSAGE(traced(negative) == "trace 0: its size is negative", negative);
  }
  for (const char* huge : {"LONG 9223372036854775808L", "LONG1 \\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x80\\x00",
                           "INT 99999999999999999999999999", "LONG -99999999999999999999L"}) {
    CHECK_MESSAGE(traced(huge) == "trace 0: its size does not fit 63 bits", huge);
  }
  for (const char* broken : {"INT x", "INT \"\"", "INT 1.5", "LONG L", "INT 1x", "INT \\x201"}) {
    CHECK_MESSAGE(traced(broken) == "an integer is not written in digits", broken);
  }
}

TEST_CASE("truth values are not integers") {
  for (const char* code : {"NEWTRUE", "NEWFALSE", "INT 00", "INT 01"}) CHECK_MESSAGE(kind_of(code) == "a bool", code);
}

TEST_CASE("strings of every form") {
  for (const char* code : {"UNICODE b.py", "BINUNICODE b.py", "SHORT_BINUNICODE b.py", "BINUNICODE8 b.py"}) {
    CHECK_MESSAGE(name_of(code) == "b.py", code);
  }
  CHECK(name_of("SHORT_BINUNICODE \"\"") == "");
  CHECK(name_of("BINUNICODE caf\\xc3\\xa9") == "caf\xC3\xA9");
  CHECK(name_of("BINUNICODE caf\\xed\\xb3\\xa9") == "caf\xED\xB3\xA9");
  CHECK(name_of("UNICODE caf\\xe9") == "caf\xC3\xA9");
  CHECK(refusal("SHORT_BINUNICODE \\xe9") == "a string is not UTF-8");
  CHECK(refusal("UNICODE \\u12") == "a string has a broken \\u escape");
}

TEST_CASE("plain values of every built-in type have a name") {
  const std::vector<std::pair<const char*, const char*>> cases{
      {"BININT1 5", "an int"},
      {"LONG1 \\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x01", "an int"},
      {"FLOAT 1.5", "a float"},
      {"BINFLOAT", "a float"},
      {"SHORT_BINUNICODE x", "a str"},
      {"BINSTRING x", "a bytes object"},
      {"SHORT_BINSTRING x", "a bytes object"},
      {"STRING 'x'", "a bytes object"},
      {"BINBYTES x", "a bytes object"},
      {"SHORT_BINBYTES x", "a bytes object"},
      {"BINBYTES8 x", "a bytes object"},
      {"BYTEARRAY8 x", "a bytearray"},
      {"EMPTY_DICT", "a dict"},
      {"MARK BININT1 1 NONE DICT", "a dict"},
      {"EMPTY_SET", "a set"},
      {"EMPTY_SET MARK BININT1 1 ADDITEMS", "a set"},
      {"MARK BININT1 1 FROZENSET", "a frozenset"},
      {"GLOBAL builtins object", "a class"},
      {"GLOBAL builtins Ellipsis", "a value of a built-in type"},
      {"GLOBAL builtins set EMPTY_LIST TUPLE1 REDUCE", "a set"},
      {"GLOBAL __builtin__ frozenset EMPTY_LIST TUPLE1 REDUCE", "a frozenset"},
      {"GLOBAL _codecs encode UNICODE x UNICODE latin1 TUPLE2 REDUCE", "a bytes object"},
      {"GLOBAL __builtin__ complex BINFLOAT BINFLOAT TUPLE2 REDUCE", "a value of a built-in type"},
      {"GLOBAL builtins bytes EMPTY_TUPLE EMPTY_DICT NEWOBJ_EX", "a bytes object"},
      {"BYTEARRAY8 x READONLY_BUFFER", "a bytearray"},
      {"GLOBAL tracemalloc Snapshot EMPTY_TUPLE NEWOBJ", "a tracemalloc.Snapshot"},
      {"GLOBAL copy_reg _reconstructor GLOBAL tracemalloc _Traces GLOBAL __builtin__ object NONE TUPLE3 REDUCE",
       "a tracemalloc._Traces"},
      {"SHORT_BINUNICODE builtins SHORT_BINUNICODE range STACK_GLOBAL BININT1 3 TUPLE1 REDUCE",
       "a value of a built-in type"}};
  for (const auto& one : cases) {
    const auto& code = one.first;
    const auto& kind = one.second;
    CHECK_MESSAGE(kind_of(code) == kind, code);
    // The same value beside the traces is read and ignored.
    CHECK_MESSAGE(outcome_of_traces("EMPTY_LIST " + kTrace + "APPEND", std::string("SHORT_BINUNICODE note ") + code) ==
                      Lines{"7 a.py:1"},
                  code);
  }
}

TEST_CASE("tuples of every length") {
  CHECK(outcome_of_traces("EMPTY_TUPLE").empty());
  CHECK(kind_of("NONE TUPLE1") == "a tuple (None,)");
  CHECK(kind_of("NONE NONE TUPLE2") == "a tuple (None, None)");
  CHECK(kind_of("NONE NONE BININT1 1 TUPLE3") == "a tuple (None, None, int)");
  CHECK(kind_of("MARK NONE NONE NONE NONE NONE TUPLE") == "a tuple (None, None, None, None, ...)");
  CHECK(outcome_of_traces("MARK TUPLE").empty());
}

TEST_CASE("lists are made empty, or of what is above the mark, and grow by one or by many") {
  CHECK(outcome_of_traces("EMPTY_LIST").empty());
  CHECK(outcome_of_traces("MARK LIST").empty());
  CHECK(outcome_of_traces("MARK " + kTrace + kTrace + "LIST") == Lines{"7 a.py:1", "7 a.py:1"});
  CHECK(outcome_of_traces("MARK LIST " + kTrace + "APPEND") == Lines{"7 a.py:1"});
  CHECK(outcome_of_traces("EMPTY_LIST MARK " + kTrace + kTrace + "APPENDS " + kTrace + "APPEND").size() == 3);
  CHECK(outcome_of_traces("EMPTY_LIST MARK APPENDS").empty());
  CHECK(outcome_of_traces("MARK " + kTrace + "TUPLE") == Lines{"7 a.py:1"});
  CHECK(outcome_of_traces(kTrace + "TUPLE1") == Lines{"7 a.py:1"});
  CHECK(outcome_of_traces(kTrace + kTrace + "TUPLE2").size() == 2);
  CHECK(refusal("EMPTY_DICT NONE APPEND") == "appends to a dict, not to a list");
  CHECK(refusal("NONE MARK NONE APPENDS") == "appends to None, not to a list");
}

TEST_CASE("the memo is written and read in every form") {
  // A number can be no higher than the bytes before it: hence some bytes.
  const std::string padding = "BINBYTES " + std::string(300, 'x') + " POP ";
  for (const std::string put : {"PUT", "BINPUT", "LONG_BINPUT"}) {
    for (const std::string get : {"GET", "BINGET", "LONG_BINGET"}) {
      const std::string number = put == "BINPUT" || get == "BINGET" ? " 255" : " 300";
      const std::string name = "SHORT_BINUNICODE m.py " + put + number + " POP " + get + number;
      CHECK_MESSAGE(name_of(padding + name) == "m.py", name);
    }
  }
  CHECK(name_of("SHORT_BINUNICODE l.py MEMOIZE SHORT_BINUNICODE m.py MEMOIZE POP POP BINGET 1") == "m.py");
  CHECK(name_of("SHORT_BINUNICODE l.py BINPUT 7 POP SHORT_BINUNICODE m.py MEMOIZE POP BINGET 8") == "m.py");
  CHECK(name_of("SHORT_BINUNICODE l.py BINPUT 7 POP SHORT_BINUNICODE m.py BINPUT 7 POP BINGET 7") == "m.py");
}

TEST_CASE("memo numbers that cannot be are refused") {
  CHECK(refusal("BINGET 0") == "memo number 0 was never put");
  CHECK(refusal("LONG_BINGET 2147483647") == "memo number 2147483647 was never put");
  CHECK(refusal("NONE BINPUT 5 BINGET 4") == "memo number 4 was never put");
  CHECK(refusal("NONE LONG_BINPUT 2147483647") == "memo number 2147483647 is past what the file can have put");
  CHECK(refusal("NONE PUT 99999999999999999999") == "a memo number is not a number");
  CHECK(refusal("NONE PUT x") == "a memo number is not a number");
  CHECK(refusal("GET -1") == "a memo number is not a number");
  CHECK(refusal("GET \"\"") == "a memo number is not a number");
}

TEST_CASE("POP, POP_MARK and DUP do what their names say") {
  CHECK(outcome_of_traces("EMPTY_LIST NONE POP") == Lines{});
  CHECK(outcome_of_traces("EMPTY_LIST MARK POP") == Lines{});  // a mark as well, as in CPython
  CHECK(outcome_of_traces("EMPTY_LIST MARK NONE NONE POP_MARK") == Lines{});
  CHECK(outcome_of_traces("EMPTY_LIST MARK MARK NONE POP_MARK POP_MARK") == Lines{});
  CHECK(outcome_of_traces("EMPTY_LIST DUP " + kTrace + "APPEND POP") == Lines{"7 a.py:1"});  // the same list twice
  CHECK(name_of("SHORT_BINUNICODE m.py DUP POP") == "m.py");
}

TEST_CASE("the stack does not run out") {
  CHECK(outcome_of(pickle_from("STOP")) == Lines{"error: offset 0: the pickle ends without a value"});
  CHECK(outcome_of(pickle_from("MARK STOP")) == Lines{"error: offset 1: the pickle ends without a value"});
  CHECK(outcome_of(pickle_from("POP STOP")) == Lines{"error: offset 0: takes a value from an empty stack"});
  CHECK(outcome_of(pickle_from("NONE TUPLE2")) == Lines{"error: offset 1: takes a value from an empty stack"});
  CHECK(outcome_of(pickle_from("TUPLE")) == Lines{"error: offset 0: no mark on the stack"});
  CHECK(outcome_of(pickle_from("POP_MARK")) == Lines{"error: offset 0: no mark on the stack"});
  CHECK(outcome_of(pickle_from("EMPTY_LIST MARK NONE APPEND")) ==
        Lines{"error: offset 3: takes a value from an empty stack"});
  CHECK(outcome_of(pickle_from("MARK NONE APPENDS")) == Lines{"error: offset 2: nothing on the stack below the mark"});
  CHECK(outcome_of(pickle_from("DUP")) == Lines{"error: offset 0: takes a value from an empty stack"});
  CHECK(outcome_of(pickle_from("MEMOIZE")) == Lines{"error: offset 0: takes a value from an empty stack"});
}

TEST_CASE("what would run or look outside is refused") {
  CHECK(refusal("GLOBAL os system") ==
        "refuses os.system: a tracemalloc.Snapshot and plain values are all that is read");
  CHECK(refusal("SHORT_BINUNICODE builtins SHORT_BINUNICODE eval STACK_GLOBAL") ==
        "refuses builtins.eval: a tracemalloc.Snapshot and plain values are all that is read");
  CHECK(refusal("PERSID x") == "refuses a persistent id");
  CHECK(refusal("NONE BINPERSID") == "refuses a persistent id");
  CHECK(refusal("EXT1 1") == "refuses copyreg's extension registry");
  CHECK(refusal("EXT2 1") == "refuses copyreg's extension registry");
  CHECK(refusal("EXT4 1") == "refuses copyreg's extension registry");
  CHECK(refusal("NEXT_BUFFER") == "refuses a buffer kept outside the file");
  CHECK(refusal("INST os system") == "an opcode that CPython 3 does not write");
  CHECK(refusal("OBJ") == "an opcode that CPython 3 does not write");
  CHECK(refusal("NONE EMPTY_TUPLE REDUCE") == "calls None, not a class");
  CHECK(refusal("NONE NONE STACK_GLOBAL") == "a global's name is not a string");
  CHECK(refusal("GLOBAL builtins object EMPTY_TUPLE REDUCE") ==
        "makes an instance of something that is not a snapshot");
  CHECK(refusal("EMPTY_LIST EMPTY_DICT BUILD") == "sets the state of a list, which has none");
}

TEST_CASE("protocols up to 5 are known, and a frame must be there") {
  CHECK(outcome_of(pickle_from("PROTO 6 STOP")) ==
        Lines{"error: offset 0: pickle protocol 6, but 5 is the last known"});
  CHECK(outcome_of(pickle_from("PROTO 5 NONE STOP")) ==
        Lines{"error: offset 3: holds None, not a tracemalloc.Snapshot"});
  const std::string body = pickle_from(dump_text("EMPTY_LIST " + kTrace + "APPEND")).substr(2);
  CHECK(outcome_of(pickle_from("PROTO 4 FRAME " + std::to_string(body.size())) + body) == Lines{"7 a.py:1"});
  CHECK(outcome_of(pickle_from("PROTO 4 FRAME " + std::to_string(body.size() - 1)) + body) == Lines{"7 a.py:1"});
}

TEST_CASE("attributes may come one by one or together, and the last one counts") {
  CHECK(outcome_of_traces("EMPTY_LIST " + kTrace + "APPEND", "SHORT_BINUNICODE a NONE SHORT_BINUNICODE b EMPTY_LIST") ==
        Lines{"7 a.py:1"});
  CHECK(refusal("EMPTY_LIST SHORT_BINUNICODE _traces NONE SETITEM") != "not refused");
  const Lines twice = outcome_of(pickle_from(
      "PROTO 2 GLOBAL tracemalloc Snapshot EMPTY_TUPLE NEWOBJ EMPTY_DICT SHORT_BINUNICODE traces NONE SETITEM "
      "SHORT_BINUNICODE traces GLOBAL tracemalloc _Traces EMPTY_TUPLE NEWOBJ EMPTY_DICT SHORT_BINUNICODE _traces "
      "EMPTY_LIST " +
      kTrace + "APPEND SETITEM BUILD SETITEM BUILD STOP"));
  CHECK(twice == Lines{"7 a.py:1"});
}

TEST_CASE("every prefix of a dump is refused, and says so") {
  const std::string dump = pickle_from(dump_text("EMPTY_LIST MARK " + kTrace + kTrace + "APPENDS"));
  for (std::size_t length = 0; length < dump.size(); ++length) {
    const Lines outcome = outcome_of(dump.substr(0, length));
    CAPTURE(length);
    REQUIRE(outcome.size() == 1);
    CHECK(outcome[0].ends_with("the file ends before the pickle does"));
  }
}

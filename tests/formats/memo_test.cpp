// The memo of a pickle: what a dump shares means the same as what it tells again.
#include "outcome.h"

#include <doctest/doctest.h>

#include <string>

using formats::Detail;
using formats_test::Outcome;

namespace {

using namespace std::string_literals;

std::string text(const std::string& value) { return "X"s + static_cast<char>(value.size()) + "\0\0\0"s + value; }

/// The value goes into the memo under `number`, and off the stack.
std::string put(const std::string& value, char number) { return value + "q" + number + "0"; }

std::string get(char number) { return "h"s + number; }

std::string frame(const std::string& filename) { return filename + "K\x01\x86\x94"; }

std::string traceback(const std::string& frames) { return "(" + frames + "t"; }

std::string trace(const std::string& of_traceback) { return "(K\0K\x07"s + of_traceback + "K\x01t\x94"; }

/// Bytes behind the end, so that nothing is read more slowly because the end is near.
std::string dump(const std::string& traces) {
  const std::string state_of_traces = text("_traces") + "](" + traces + "es";
  const std::string state = text("traces") + "ctracemalloc\n_Traces\n)\x81}" + state_of_traces + "bs";
  return "\x80\x04"
         "ctracemalloc\nSnapshot\n)\x81}" +
         state + "b." + std::string(64, ' ');
}

/// Two dumps hold the same, in whatever way the first is read.
void check_same(const std::string& shared, const std::string& plain) {
  const auto symbols = std::make_shared<snapshot::Symbols>();
  const Outcome expected = formats_test::load_mapped(plain, symbols, Detail::traces);
  REQUIRE_MESSAGE(expected.snapshot, expected.message);
  for (const Detail detail : {Detail::totals, Detail::traces}) {
    const Outcome mapped = formats_test::load_mapped(shared, symbols, detail);
    INFO(mapped.message);
    CHECK(formats_test::agree(mapped, expected));
    CHECK(formats_test::agree(formats_test::load_streamed(shared, 5, symbols, detail), expected));
  }
}

const std::string kA = traceback(frame(text("a.py")));
const std::string kB = traceback(frame(text("b.py")));

}  // namespace

TEST_SUITE("formats.memo") {
  TEST_CASE("a traceback that is shared is told once") {
    check_same(dump(put(kA, '\x20') + trace(get('\x20')) + trace(get('\x20'))), dump(trace(kA) + trace(kA)));
  }

  TEST_CASE("frames and traces that are shared make the reader start again") {
    check_same(dump(put(frame(text("a.py")), '\x20') + trace(traceback(get('\x20')))), dump(trace(kA)));
    check_same(dump(trace(kA) + "q\x20" + get('\x20') + get('\x20')), dump(trace(kA) + trace(kA) + trace(kA)));
  }

  TEST_CASE("a number that is put again means the traceback put last") {
    check_same(dump(put(kA, '\x20') + trace(get('\x20')) + put(kB, '\x20') + trace(get('\x20'))),
               dump(trace(kA) + trace(kB)));
  }

  TEST_CASE("a number that is put again means the file name put last") {
    const std::string again = frame(get('\x20'));
    check_same(
        dump(put(text("a.py"), '\x20') + trace(traceback(again)) + put(text("b.py"), '\x20') + trace(traceback(again))),
        dump(trace(kA) + trace(kB)));
  }

  TEST_CASE("a number that is put again means the frame put last, not the name before") {
    const std::string number = put(text("old.py"), '\x20') + put(frame(text("a.py")), '\x20');
    check_same(dump(number + trace(traceback(get('\x20')))), dump(trace(kA)));
  }

  TEST_CASE("a number that is put again means the name put last, not the frame before") {
    const std::string number = put(frame(text("old.py")), '\x20') + put(text("a.py"), '\x20');
    check_same(dump(number + trace(traceback(frame(get('\x20'))))), dump(trace(kA)));
  }

  TEST_CASE("traces beside those of the snapshot do not count") {
    check_same(dump(trace(kB) + "0" + trace(kA)), dump(trace(kA)));
  }
}

#include <formats/folded/writer.h>

#include <doctest/doctest.h>
#include <snapshot/builder.h>
#include <snapshot/utf8.h>
#include <tests/support/snapshot_from.h>

#include "../written.h"

#include <span>
#include <string>
#include <string_view>
#include <utility>

using testing::snapshot_from;
using testing::written;

namespace {

std::string line_of(std::string_view filename) {
  snapshot::SnapshotBuilder builder(std::make_shared<snapshot::Symbols>());
  auto& symbols = builder.symbols();
  const snapshot::FrameId frame = symbols.intern(snapshot::Frame{symbols.intern(filename), 7});
  builder.add_trace(builder.total(symbols.intern(std::span(&frame, 1)), 0, 0), 5);
  return written("folded", std::move(builder).finish());
}

}  // namespace

TEST_CASE("a line for each traceback, the oldest frame first, sorted and merged") {
  const auto snapshot = snapshot_from("9 b.py:2 < a.py:1\n8 a.py:1\n9 b.py:2 < a.py:1 domain=3 nframe=4\n0 z.py:1");
  CHECK(written("folded", snapshot) == "a.py:1 8\na.py:1;b.py:2 18\nz.py:1 0\n");
  CHECK(written("folded", snapshot, {{}, formats::Amount::count}) == "a.py:1 1\na.py:1;b.py:2 2\nz.py:1 1\n");
  CHECK(written("folded", snapshot.totals_only()) == written("folded", snapshot));
  CHECK(written("folded", snapshot_from("")).empty());
}

TEST_CASE("tracebacks without a block are no lines") {
  CHECK(written("folded", snapshot_from("9 b.py:2\n8 a.py:1").where_size(9, 9)) == "b.py:2 9\n");
}

TEST_CASE("a function stands before its line") {
  CHECK(written("folded", testing::full_snapshot()) == "main (main.c:3);pool::get<int: char> (pool.c:10) 1048700\n");
}

TEST_CASE("names cannot break a line, and are UTF-8") {
  CHECK(line_of("a;b c.py") == "a:b c.py:7 5\n");
  CHECK(line_of("a\n1\r\t\x7F") == "a\\x0a1\\x0d\\x09\\x7f:7 5\n");
  CHECK(line_of(snapshot::text_from_bytes("caf\xE9")) == "caf\\udce9:7 5\n");
  CHECK(line_of("caf\xC3\xA9\xC2\x85\xE2\x80\xA8") == "caf\xC3\xA9\\x85\\u2028:7 5\n");
  CHECK(line_of("") == ":7 5\n");
}

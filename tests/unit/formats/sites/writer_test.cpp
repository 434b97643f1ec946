#include <formats/sites/writer.h>

#include <doctest/doctest.h>
#include <formats/format_error.h>
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

const std::string kTop = "tmtools sites 1\n";
const std::string kColumns = "size\tcount\tdomain\tfunction\tsite\n";

std::string line_of(std::string_view filename, std::string_view function) {
  snapshot::SnapshotBuilder builder(std::make_shared<snapshot::Symbols>());
  auto& symbols = builder.symbols();
  snapshot::Frame frame{symbols.intern(filename), 7};
  if (!function.empty()) frame.function = symbols.intern(function);
  const snapshot::FrameId id = symbols.intern(frame);
  builder.add_trace(builder.total(symbols.intern(std::span(&id, 1)), 0, 0), 5);
  return written("sites", std::move(builder).finish());
}

std::string one_site(const std::string& function, const std::string& site) {
  return kTop + kColumns + "5\t1\t\t" + function + "\t" + site + "\nend\t1\t5\t1\n";
}

}  // namespace

TEST_CASE("a line for each site, sorted by file and lineno, with its sums") {
  const auto snapshot = snapshot_from(
      "9 b.py:10 < a.py:1\n8 b.py:10 < z.py:1\n7 b.py:9\n1 a.py:100 domain=3\n2 a.py:100\n0 c.py:0\n4 b.py:9(f)");
  const std::string text = kTop + kColumns +
                           "2\t1\t\t\ta.py:100\n1\t1\t3\t\ta.py:100\n7\t1\t\t\tb.py:9\n4\t1\t\tf\tb.py:9\n"
                           "17\t2\t\t\tb.py:10\n0\t1\t\t\tc.py:0\nend\t6\t31\t7\n";
  CHECK(written("sites", snapshot) == text);
  CHECK(written("sites", snapshot.totals_only()) == text);
  CHECK(written("sites", snapshot_from("")) == kTop + kColumns + "end\t0\t0\t0\n");
}

TEST_CASE("sites without a block are no lines") {
  CHECK(written("sites", snapshot_from("9 b.py:2\n8 a.py:1").where_size(9, 9)) ==
        kTop + kColumns + "9\t1\t\t\tb.py:2\nend\t1\t9\t1\n");
}

TEST_CASE("what is known of the recording stands above") {
  CHECK(written("sites", testing::full_snapshot()) ==
        kTop +
            "recorder\ttmrecord 1.0\nplatform\tlinux-x86_64\nruntime\tnative\nruntime-version\t12.2.0\n"
            "traceback-limit\t25\nsampling-interval\t524288\ndomain\t389047\tnumpy\n" +
            kColumns + "1048700\t7865\t389047\tpool::get<int; char>\tpool.c:10\nend\t1\t1048700\t7865\n");  // estimates
}

TEST_CASE("names cannot break a line, nor turn it around") {
  CHECK(line_of("a:b c.py", "f g") == one_site("f g", "a:b c.py:7"));
  CHECK(line_of("a\tb\nc\rd\\", "\x1b[2J\x7F") == one_site("\\x1b[2J\\x7f", "a\\tb\\nc\\rd\\\\:7"));
  CHECK(line_of(snapshot::text_from_bytes("caf\xE9"), "") == one_site("", "caf\\udce9:7"));
  CHECK(line_of("caf\xC3\xA9\xC2\x85\xE2\x80\xA8\xE2\x80\xAE", "") == one_site("", "caf\xC3\xA9\\x85\\u2028\\u202e:7"));
  CHECK(line_of("", "") == one_site("", ":7"));
}

TEST_CASE("a name that no line can hold is refused") {
  CHECK_THROWS_WITH_AS(line_of(std::string(std::size_t{1} << 20U, 'x'), ""), "a name is too long for a line of 1 MiB",
                       formats::FormatError);
  CHECK_NOTHROW(line_of(std::string((std::size_t{1} << 20U) - 100, 'x'), ""));
}

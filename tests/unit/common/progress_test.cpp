#include <apps/common/progress.h>
#include <apps/common/text_table.h>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

using cli::progress_line;

namespace {

constexpr std::uint64_t kMega = std::uint64_t{1} << 20U;

}  // namespace

TEST_CASE("of a known length the bar tells the part that was read") {
  CHECK(progress_line("a.pickle", kMega, 4 * kMega, 0, 80) == "a.pickle [#####               ]  25%");
  CHECK(progress_line("a.pickle", 4 * kMega, 4 * kMega, 0, 80) == "a.pickle [####################] 100%");
  // A file that grew meanwhile.
  CHECK(progress_line("a.pickle", 5 * kMega, 4 * kMega, 0, 80) == "a.pickle [####################] 100%");
}

TEST_CASE("of an unknown length it tells how much was read") {
  CHECK(progress_line("standard input", 12 * kMega + kMega / 2, 0, 7, 80) == "standard input  12.5 MiB");
}

TEST_CASE("as long as nothing is reported the bar moves, to and fro") {
  CHECK(progress_line("a.tms", 0, kMega, 0, 80) == "a.tms [####                ]");
  CHECK(progress_line("a.tms", 0, kMega, 1, 80) == "a.tms [ ####               ]");
  CHECK(progress_line("a.tms", 0, kMega, 16, 80) == "a.tms [                ####]");
  CHECK(progress_line("a.tms", 0, 0, 17, 80) == "a.tms [               #### ]");
  CHECK(progress_line("a.tms", 0, 0, 32, 80) == "a.tms [####                ]");
  std::set<std::string> lines;
  for (std::size_t tick = 0; tick < 1000; ++tick) lines.insert(progress_line("a.tms", 0, 0, tick, 80));
  CHECK(lines.size() == 17);
}

TEST_CASE("a line never reaches the last column") {
  for (const char* const name : {"a", "/a/very/long/path/to/a/snapshot.pickle", "日本語日本語日本語日本語"}) {
    for (std::size_t columns = 4; columns < 90; ++columns) {
      for (const std::uint64_t offset : {std::uint64_t{0}, kMega, 1000 * kMega}) {
        for (const std::uint64_t length : {std::uint64_t{0}, 2000 * kMega}) {
          CHECK(cli::display_width(progress_line(name, offset, length, 3, columns)) < columns);
        }
      }
    }
  }
}

TEST_CASE("where the line is short the bar goes first, then the folders of the name, then its end") {
  const std::string name = "/srv/dumps/snapshot.pickle";
  CHECK(progress_line(name, kMega, 4 * kMega, 0, 56) == name + " [#####               ]  25%");
  CHECK(progress_line(name, kMega, 4 * kMega, 0, 50) == "snapshot.pickle [#####               ]  25%");
  CHECK(progress_line(name, kMega, 4 * kMega, 0, 42) == "snapshot.p... [#####               ]  25%");
  CHECK(progress_line(name, kMega, 4 * kMega, 0, 40) == name + "  25%");
  CHECK(progress_line(name, kMega, 4 * kMega, 0, 30) == "snapshot.pickle  25%");
  CHECK(progress_line(name, kMega, 4 * kMega, 0, 16) == "snapsho...  25%");
}

#include <formats/sites/reader.h>

#include <doctest/doctest.h>
#include <formats/format_error.h>
#include <formats/load.h>
#include <tests/support/snapshot_from.h>

#include "../readers.h"
#include "../written.h"

#include <memory>
#include <random>
#include <string>

using testing::snapshot_from;
using testing::written;

namespace {

snapshot::Snapshot read(formats::ByteReader bytes, bool salvage = false, formats::Lost* lost = nullptr) {
  formats::LoadOptions options;
  options.salvage = salvage;
  formats::Loaded loaded = formats::load(std::move(bytes), std::make_shared<snapshot::Symbols>(), options);
  CHECK(loaded.format->name == "sites");
  if (lost != nullptr) *lost = loaded.lost;
  return std::move(loaded.snapshot);
}

/// Names with all that is hard in them.
std::string random_snapshot(std::mt19937_64& random) {
  std::string text;
  const char* const names[] = {"a.py", "b:1", "\\n", "\xC3\xA9", "\xED\xB3\xA9", "\x1b", "\xE2\x80\xAE", "c\\u0041"};
  for (std::size_t lines = random() % 30; lines > 0; --lines) {
    text += std::to_string(random() % 5000) + " " + names[random() % 8] + ":" + std::to_string(random() % 9);
    if (random() % 2 == 0) text += "(" + std::string(names[random() % 8]) + ")";
    if (random() % 3 == 0) text += " domain=" + std::to_string(random() % 3);
    text += "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("what is written is read again, and written again the same, from a file and from a pipe") {
  std::mt19937_64 random(5);
  for (int round = 0; round < 300; ++round) {
    const std::string text = random_snapshot(random);
    CAPTURE(text);
    const auto snapshot = snapshot_from(text);
    const std::string bytes = written("sites", snapshot);
    const auto again = read(testing::mapped(bytes));
    CHECK(testing::totals_of(again) == testing::totals_of(snapshot));
    CHECK_FALSE(again.has_traces());
    CHECK(written("sites", again) == bytes);
    CHECK(written("sites", read(testing::piped(bytes, 1 + random() % 7))) == bytes);
  }
}

TEST_CASE("what is known of the recording is read again") {
  const auto full = testing::full_snapshot();
  const auto again = read(testing::mapped(written("sites", full)));
  CHECK(again.info().recorder == full.info().recorder);
  CHECK(again.info().process.platform == full.info().process.platform);
  CHECK(again.info().process.runtime == full.info().process.runtime);
  CHECK(again.info().process.runtime_version == full.info().process.runtime_version);
  CHECK(again.info().traceback_limit == full.info().traceback_limit);
  CHECK(again.info().sampling_interval == full.info().sampling_interval);
  CHECK(again.info().domains == full.info().domains);
}

TEST_CASE("of a text that was cut short the sites before it are left, and it is said where") {
  const std::string bytes = written("sites", snapshot_from("4 a.py:1\n5 b.py:2"));
  const std::string cut = bytes.substr(0, bytes.find("end"));
  CHECK_THROWS_WITH_AS(read(testing::mapped(cut)), "line 5: the file ends before its last line", formats::FormatError);
  formats::Lost lost;
  CHECK(testing::totals_of(read(testing::mapped(cut), true, &lost)) == testing::Lines{"4 x1 a.py:1", "5 x1 b.py:2"});
  CHECK(lost == formats::Lost{"line 5: the file ends before its last line"});
  CHECK_THROWS(read(testing::mapped(bytes.substr(0, 40)), true));
}

TEST_CASE("a long line is read through a pipe in small pieces in little time") {
  const std::string name((std::size_t{1} << 20U) - 100, 'x');
  const std::string bytes = written("sites", snapshot_from("4 " + name + ":1"));
  CHECK(read(testing::piped(bytes, 61)).size() == 4);
}

#include "tests/support/sanitizer.h"
#include "tests/support/snapshot_from.h"
#include "tests/support/tms_assembler.h"
#include "tests/support/tms_random.h"
#include "tests/support/tms_text.h"

#include <doctest/doctest.h>
#include <snapshot/builder.h>
#include <snapshot/error.h>
#include <snapshot/save.h>
#include <unistd.h>

#include <array>
#include <clocale>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <locale>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using snapshot::Detail;
using snapshot::Snapshot;
using testing::saved;
using testing::text_of;

namespace {

constexpr std::array kDetails{Detail::sites, Detail::totals, Detail::sizes, Detail::types, Detail::traces};

/// Saves, loads at each detail by both ways, and saves again.
void check_round_trip(const Snapshot& snapshot, int level = 3) {
  const std::string bytes = saved(snapshot, level);
  for (const Detail detail : kDetails) {
    const std::string expected = text_of(snapshot, detail);
    const Snapshot viewed = testing::load_viewed(bytes, detail);
    CHECK(text_of(viewed, detail) == expected);
    CHECK(text_of(testing::load_received(bytes, detail, 1 + bytes.size() / 3), detail) == expected);
    const bool is_sampled = snapshot.info().sampling_interval.value_or(0) != 0;  // which is told by sizes
    CHECK(viewed.has_traces() == ((detail >= Detail::sizes || is_sampled) && snapshot.has_traces()));
    if (detail == Detail::traces) CHECK(saved(viewed, level) == bytes);
  }
  snapshot::SnapshotFile file = snapshot::SnapshotFile::view(bytes);
  CHECK_NOTHROW(file.verify());
  CHECK(file.size() == snapshot.size());
  CHECK(file.count() == snapshot.count());
  CHECK(file.lost().empty());
}

}  // namespace

TEST_CASE("a snapshot with everything comes back") {
  const testing::SnapshotSpec spec = testing::spec_of_everything();
  check_round_trip(testing::build(spec));
  check_round_trip(testing::build(spec, true));
  check_round_trip(testing::build_shuffled(spec, 1));
}

TEST_CASE("an empty snapshot comes back") {
  check_round_trip(testing::build({}));
  check_round_trip(testing::build({}, true));
}

TEST_CASE("each column comes back alone") {
  testing::SnapshotSpec spec = testing::spec_of_everything();
  using Spec = testing::SnapshotSpec;
  for (bool Spec::*column :
       {&Spec::has_address, &Spec::has_thread, &Spec::has_birth, &Spec::has_weight, &Spec::has_type}) {
    spec.has_address = spec.has_thread = spec.has_birth = spec.has_weight = spec.has_type = false;
    spec.*column = true;
    check_round_trip(testing::build(spec));
  }
}

TEST_CASE("types come back beside whatever else is known") {
  for (const char* facts : {"", " count=3", " address=0x10", " thread=main", " birth=-5 weight=7"}) {
    CAPTURE(facts);
    const auto line = [&](const std::string& trace) { return trace + facts + "\n"; };
    check_round_trip(testing::snapshot_from(line("8 a:1 type=dict") + line("8 a:1 type=list") + line("8 a:1") +
                                            line("8 a:1 type=dict") + line("9 a:1 type=a") + line("8 b:1 < a:1")));
    // All of a size and traceback are of one type, or none is known.
    check_round_trip(testing::snapshot_from(line("8 a:1 type=dict") + line("9 a:1")));
  }
  testing::SnapshotSpec spec = testing::spec_of_everything();
  for (testing::BlockSpec& block : spec.blocks) block.type.reset();
  check_round_trip(testing::build(spec));
}

TEST_CASE("a file is of the least version that has its sections, and without types what it was before there were any") {
  const auto version_of = [](const std::string& lines) {
    return snapshot::SnapshotFile::view(saved(testing::snapshot_from(lines))).minor_version();
  };
  CHECK(version_of("8 a:1 address=0x10") == 0);
  CHECK(version_of("8 a:1 address=0x10 type=dict") == 1);
  testing::SnapshotSpec spec = testing::spec_of_everything();
  const testing::FileParts typed = testing::parts_of(saved(testing::build(spec)));
  spec.has_type = false;
  const std::string bytes = saved(testing::build(spec));
  testing::FileParts untyped = typed;
  untyped.remove("tYPE");
  const testing::FileParts expected = testing::parts_of(bytes);
  REQUIRE(untyped.parts.size() == expected.parts.size());
  for (std::size_t at = 0; at < expected.parts.size(); ++at) {
    CHECK(untyped.parts[at].type == expected.parts[at].type);
    CHECK(untyped.parts[at].plain == expected.parts[at].plain);
  }
}

TEST_CASE("types are right still when one who does not know them wrote the file again") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    brute_force::Random random(seed);
    testing::SnapshotSpec spec = testing::random_spec(random, 60);
    spec.has_type = true;
    const Snapshot snapshot = testing::build(spec);
    if (snapshot.count() == 0) continue;
    const testing::FileParts parts = testing::parts_of(saved(snapshot));
    // Who does not know a section keeps it as it is, and writes anew what is known.
    testing::FileParts known = parts;
    known.remove("tYPE");
    testing::FileParts again = testing::parts_of(saved(testing::load_viewed(testing::assemble(known))));
    for (const testing::Part& part : parts.parts) {
      if (part.type == "tYPE") again.parts.push_back(part);
    }
    CHECK(text_of(testing::load_viewed(testing::assemble(again))) == text_of(snapshot));
  }
}

TEST_CASE("an extra section of a type that is known is not saved") {
  snapshot::SnapshotBuilder builder(std::make_shared<snapshot::Symbols>());
  builder.info().extra_sections = {{"tYPE", ""}};
  CHECK_THROWS_WITH_AS(saved(std::move(builder).finish()),
                       "'tYPE' is no type of a section that is not known and may be passed over", snapshot::Error);
}

TEST_CASE("a block of the largest size there can be comes back") {
  for (const char* facts : {"", " address=0x10", " weight=3"}) {
    check_round_trip(testing::snapshot_from("9223372036854775807 a:1" + std::string(facts)));
  }
  // So does one among so many empty ones that sizes stand beside the totals.
  std::string lines = "9223372036854775807 a:1 address=0x7\n";
  for (int total = 0; total < 300; ++total) lines += "0 x2 a:" + std::to_string(total % 150) + " address=0x10\n";
  check_round_trip(testing::snapshot_from(lines));
}

TEST_CASE("sums alone come back without sizes, whatever is asked for") {
  const Snapshot sums =
      testing::snapshot_from("5 x3 a:1\n6 b:2 < a:1 domain=1", std::make_shared<snapshot::Symbols>(), true);
  const std::string bytes = saved(sums);
  CHECK(!snapshot::SnapshotFile::view(bytes).has("SIZE"));
  CHECK(!testing::load_viewed(bytes).has_traces());
  check_round_trip(sums);
}

TEST_CASE("random snapshots come back, and the same one gives the same bytes in whatever order it was built") {
  constexpr std::uint64_t kSnapshots = testing::rounds(3000);
  for (std::uint64_t seed = 0; seed < kSnapshots; ++seed) {
    CAPTURE(seed);
    brute_force::Random random(seed);
    const testing::SnapshotSpec spec = testing::random_spec(random, seed % 50 == 0 ? 2000 : 30);
    const Snapshot snapshot = testing::build(spec, seed % 7 == 0);
    check_round_trip(snapshot, 1 + static_cast<int>(seed % 5));
    if (seed % 7 != 0) CHECK(saved(testing::build_shuffled(spec, seed)) == saved(snapshot));
  }
}

TEST_CASE("blocks of many pages come back") {
  brute_force::Random random(5);
  testing::SnapshotSpec spec = testing::random_spec(random, 0);
  const auto places = testing::spec_of_everything().blocks;
  spec.has_address = spec.has_weight = spec.has_type = true;
  for (std::uint64_t at = 0; at < 40'000; ++at) {
    testing::BlockSpec block = places[random.below(3)];
    block.size = static_cast<std::int64_t>(16 * random.below(4));
    block.address = 64 * random.below(50'000);
    if (random.below(3) == 0) block.type = random.below(2) == 0 ? "list" : "dict";
    spec.blocks.push_back(block);
  }
  const Snapshot snapshot = testing::build(spec);
  check_round_trip(snapshot);
  CHECK(saved(testing::build_shuffled(spec, 1)) == saved(snapshot));
}

TEST_CASE("a part of a snapshot is saved as if the rest had never been") {
  const auto all = testing::snapshot_from("1 a.py:1 address=0x10\n2 b.py:2 address=0x20\n3 c.py:3 address=0x30");
  const std::string expected = saved(testing::snapshot_from("2 b.py:2 address=0x20"));
  CHECK(saved(all.where_size(2, 2)) == expected);
  CHECK(saved(all.where_total({false, true, false})) == expected);
}

TEST_CASE("a snapshot read into Symbols that hold others is the same") {
  const auto symbols = std::make_shared<snapshot::Symbols>();
  testing::snapshot_from("1 z:1(f) < a:2\n1 list.c:17", symbols);
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    brute_force::Random random(seed);
    const Snapshot snapshot = testing::build(testing::random_spec(random, 20));
    CHECK(text_of(snapshot::SnapshotFile::view(saved(snapshot)).load(symbols)) == text_of(snapshot));
  }
}

TEST_CASE("neither locale nor time zone nor working directory changes a byte") {
  const testing::SnapshotSpec spec = testing::spec_of_everything();
  const std::string bytes = saved(testing::build(spec));
  const std::string directory = std::filesystem::current_path();
  const std::locale before;
  for (const char* name : {"C", "C.UTF-8", "POSIX", "de_DE.UTF-8", "tr_TR.UTF-8", "en_US.UTF-8"}) {
    if (std::setlocale(LC_ALL, name) == nullptr) continue;
    try {
      std::locale::global(std::locale(name));
    } catch (const std::runtime_error&) {
      continue;  // C has it and C++ does not
    }
    ::setenv("TZ", "Asia/Kathmandu", 1);
    ::tzset();
    std::filesystem::current_path("/");
    CHECK(saved(testing::build(spec)) == bytes);
    CHECK(text_of(testing::load_viewed(bytes)) == text_of(testing::build(spec)));
  }
  // A locale that groups digits, which is always there.
  struct Grouping : std::numpunct<char> {
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
  };
  std::locale::global(std::locale(before, new Grouping));
  CHECK(saved(testing::build(spec)) == bytes);
  std::locale::global(before);
  std::setlocale(LC_ALL, "C");
  ::unsetenv("TZ");
  ::tzset();
  std::filesystem::current_path(directory);
}

TEST_CASE("a file on the disk holds the bytes that a pipe gets") {
  const auto path = std::filesystem::temp_directory_path() / ("save_test_" + std::to_string(::getpid()) + ".tms");
  const Snapshot snapshot = testing::build(testing::spec_of_everything());
  snapshot::save(snapshot, path.string(), {3});
  std::ifstream file(path, std::ios::binary);
  CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == saved(snapshot, 3));
  CHECK(text_of(snapshot::load(path, std::make_shared<snapshot::Symbols>())) == text_of(snapshot));
  CHECK(text_of(snapshot::SnapshotFile::open(path).load(std::make_shared<snapshot::Symbols>(), Detail::sizes),
                Detail::sizes) == text_of(snapshot, Detail::sizes));
  std::filesystem::remove(path);
}

TEST_CASE("a level beyond zstd's, and a section that no reader could pass over, are refused") {
  const Snapshot snapshot = testing::build({});
  for (const int level : {0, 23, -1}) CHECK_THROWS_AS(saved(snapshot, level), snapshot::Error);
  for (const int level : {1, 22}) CHECK_NOTHROW(saved(snapshot, level));
  for (const char* type : {"META", "XTRA", "abc", "abcde", "ab1d", ""}) {
    CAPTURE(type);
    testing::SnapshotSpec spec;
    spec.info.extra_sections = {{type, "x"}};
    CHECK_THROWS_AS(saved(testing::build(spec)), snapshot::Error);
  }
}

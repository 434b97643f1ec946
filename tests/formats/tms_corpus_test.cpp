// The seeds of tests/fuzz/corpus/tms: small sound files of every kind, as files and as sections (tms_input.h). UPDATE=1
// in the environment makes them again. What a fuzzer found stands beside them.
#include "folder.h"
#include "outcome.h"
#include "tests/support/snapshot_from.h"
#include "tests/support/tms_input.h"
#include "tests/support/tms_random.h"
#include "tests/support/tms_text.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>

namespace {

std::map<std::string, std::string> seed_files() {
  std::map<std::string, std::string> files;
  const auto add = [&](const std::string& name, const snapshot::Snapshot& snapshot) {
    files[name] = testing::saved(snapshot, 1);
  };
  add("everything", testing::build(testing::spec_of_everything()));
  add("sums-alone", testing::build(testing::spec_of_everything(), true));
  add("empty", testing::build({}));
  add("sizes", testing::snapshot_from("8 x3 a.py:1\n16 a.py:1 < b.py:2 nframe=9\n24 count=5 a.py:1 domain=2"));
  add("arena", testing::snapshot_from("4096 a:1 address=0x1000\n16 a:2 < a:1 address=0x1010\n16 b:3 address=0x1020"));
  add("equal-addresses", testing::snapshot_from("8 a:1 address=0x10\n4 b:1 address=0x10\n0 c:1 address=0x10"));
  add("threads", testing::snapshot_from("8 a:1 thread=main\n8 a:1 thread=9\n8 a:1"));
  add("births", testing::snapshot_from("8 a:1 birth=-5\n8 a:1 birth=7"));
  add("weights", testing::snapshot_from("8 f.c:1(f)@libf.so < main.c:2(main) weight=512\n9 g.c:1(g) weight=0"));
  add("types",
      testing::snapshot_from("8 a:1 address=0x10 type=dict\n8 a:1 address=0x20 type=list\n"
                             "8 a:1 address=0x30 type=dict\n8 a:1 address=0x40 type=dict\n9 b:1 address=0x50"));
  add("types-of-sizes", testing::snapshot_from("8 x3 a:1 type=dict\n8 a:1 type=list\n8 a:1\n9 b:1 < a:1 type=dict"));
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    brute_force::Random random(seed);
    add("random-" + std::to_string(seed), testing::build(testing::random_spec(random, 12)));
  }
  return files;
}

void write(const std::string& name, const std::string& bytes) {
  std::ofstream(TMTOOLS_TMS_CORPUS "/" + name, std::ios::binary) << bytes;
}

}  // namespace

TEST_SUITE("formats.tms") {
  TEST_CASE("the fuzzer's seeds hold the snapshots that they are made of") {
    for (const auto& named : seed_files()) {
      const auto& [name, file] = named;
      CAPTURE(named.first);
      if (std::getenv("UPDATE") != nullptr) {
        write(name + ".tms", file);
        write(name + ".sections", testing::input_of_file(file));
      }
      const std::string expected = testing::text_of(testing::load_viewed(file));
      for (const char* kind : {".tms", ".sections"}) {
        const std::string seed = formats_test::read_whole_file(TMTOOLS_TMS_CORPUS "/" + name + kind);
        CHECK(testing::text_of(testing::load_viewed(testing::file_of_input(seed))) == expected);
      }
    }
  }

  TEST_CASE("the fuzzer's corpus stays small") {
    std::uintmax_t bytes = 0;
    for (const auto& file : formats_test::files_of(TMTOOLS_TMS_CORPUS)) bytes += std::filesystem::file_size(file);
    CHECK(bytes < 300'000);
  }
}

// Hostile .tms files, whose frame and checksums are right: each gives what tms_bad_messages.txt says, and nothing worse
// than snapshot::Error. UPDATE=1 in the environment writes that list again.
#include "outcome.h"
#include "tests/support/snapshot_from.h"
#include "tests/support/tms_text.h"
#include "tms_bad_cases.h"

#include <doctest/doctest.h>

#include <snapshot/error.h>
#include <snapshot/file.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

using snapshot::Detail;
using snapshot::SnapshotFile;

namespace {

/// What comes of the bytes: "loads", or the message.
template <typename Use>
std::string outcome_of(Use use) {
  try {
    use();
    return "loads";
  } catch (const snapshot::Error& error) {
    return error.what();
  }
}

/// What a file gives; and a pipe, and verify(), where they say otherwise.
std::string line_of(const std::string& name, const std::string& bytes) {
  const std::string viewed = outcome_of([&] { testing::load_viewed(bytes); });
  const std::string received = outcome_of([&] { testing::load_received(bytes); });
  const std::string verified = outcome_of([&] { SnapshotFile::view(bytes).verify(); });
  std::string line = name + " | " + viewed;
  if (received != viewed) line += " | pipe: " + received;
  if (verified != viewed) line += " | verify: " + verified;
  return line;
}

tms_bad::Cases all_cases() {
  tms_bad::Cases cases;
  for (const auto& some : {tms_bad::container_cases(), tms_bad::symbol_cases(), tms_bad::total_cases(),
                           tms_bad::block_cases(), tms_bad::type_cases()}) {
    cases.insert(cases.end(), some.begin(), some.end());
  }
  return cases;
}

std::vector<std::string> recorded_lines() {
  std::istringstream text(formats_test::read_whole_file(TMTOOLS_TMS_BAD_MESSAGES));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_SUITE("formats.tms") {
  TEST_CASE("the file that lies are made of is sound") {
    const std::string bytes = testing::assemble(tms_bad::sound());
    const auto expected = testing::snapshot_from(
        "16 a.py:1 address=0x1000 thread=main\n32 b.py:2 < a.py:1 address=0x1020\n"
        "48 b.py:2 < a.py:1 address=0x1050\n8 c.py:3 domain=2 address=0x2000");
    CHECK(testing::text_of(testing::load_viewed(bytes)) == testing::text_of(expected));
    CHECK(testing::text_of(testing::load_received(bytes)) == testing::text_of(expected));
    CHECK_NOTHROW(SnapshotFile::view(bytes).verify());
  }

  TEST_CASE("and so is the one with types") {
    const std::string bytes = testing::assemble(tms_bad::sound_types());
    const auto expected = testing::snapshot_from(
        "16 a.py:1 address=0x1000 type=dict\n16 a.py:1 address=0x1010 type=list\n"
        "16 a.py:1 address=0x1020 type=dict\n8 b.py:2 address=0x1030");
    CHECK(testing::text_of(testing::load_viewed(bytes)) == testing::text_of(expected));
    CHECK(testing::text_of(testing::load_received(bytes)) == testing::text_of(expected));
    CHECK_NOTHROW(SnapshotFile::view(bytes).verify());
  }

  TEST_CASE("every file that lies gives exactly its recorded message") {
    std::vector<std::string> lines;
    for (const auto& [name, bytes] : all_cases()) lines.push_back(line_of(name, bytes));
    if (std::getenv("UPDATE") != nullptr) {
      std::ofstream list(TMTOOLS_TMS_BAD_MESSAGES);
      for (const std::string& line : lines) list << line << '\n';
    }
    const std::vector<std::string> recorded = recorded_lines();
    for (std::size_t at = 0; at < lines.size(); ++at) CHECK(lines[at] == (at < recorded.size() ? recorded[at] : ""));
    CHECK(lines.size() == recorded.size());
  }

  TEST_CASE("a file that lies can be looked at, salvaged and searched without harm") {
    for (const auto& named : all_cases()) {
      CAPTURE(named.first);
      const std::string& bytes = named.second;
      for (const bool salvage : {false, true}) {
        for (const Detail detail : {Detail::sites, Detail::totals, Detail::sizes, Detail::types, Detail::traces}) {
          const auto use = [&](SnapshotFile file) {
            snapshot::Symbols symbols;
            for (const std::uint64_t address : {std::uint64_t{0}, std::uint64_t{0x1030}, ~std::uint64_t{0}})
              outcome_of([&] { static_cast<void>(file.find_block(address, symbols)); });
            const auto loaded = file.load(std::make_shared<snapshot::Symbols>(), detail);
            outcome_of([&] { file.verify(); });
            outcome_of([&] { testing::saved(loaded); });
          };
          outcome_of([&] { use(SnapshotFile::view(bytes, salvage)); });
          outcome_of([&] { use(SnapshotFile::receive(testing::pipe_of(bytes, 99), detail, salvage)); });
        }
      }
    }
  }

  TEST_CASE("every message of a file that lies is one short line in lower case without a full stop") {
    for (const std::string& line : recorded_lines()) {
      CAPTURE(line);
      const std::string message = line.substr(line.find(" | ") + 3);
      CHECK((message.starts_with("offset ") || message.starts_with("loads")));
      CHECK(message.size() <= 240);
      CHECK(message.back() != '.');
    }
  }
}

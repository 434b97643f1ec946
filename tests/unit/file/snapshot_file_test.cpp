#include <snapshot/file.h>

#include "tests/support/snapshot_from.h"
#include "tests/support/tms_assembler.h"
#include "tests/support/tms_random.h"
#include "tests/support/tms_text.h"

#include <doctest/doctest.h>
#include <snapshot/error.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using snapshot::Detail;
using snapshot::Snapshot;
using snapshot::SnapshotFile;
using testing::saved;
using testing::text_of;

namespace {

std::shared_ptr<snapshot::Symbols> fresh() { return std::make_shared<snapshot::Symbols>(); }

std::string everything() { return saved(testing::build(testing::spec_of_everything())); }

/// A file one of whose sections has a wrong byte.
std::string damaged(std::string bytes, std::string_view type) {
  const SnapshotFile file = SnapshotFile::view(bytes);
  for (const snapshot::Section& section : file.sections()) {
    char& byte = bytes[section.offset + section.stored - 1];
    if (section.type == type) byte = static_cast<char>(byte ^ 1);
  }
  return bytes;
}

SnapshotFile salvage(std::string_view bytes, bool piped) {
  return piped ? SnapshotFile::receive(testing::pipe_of(bytes, 50), Detail::traces, true)
               : SnapshotFile::view(bytes, true);
}

/// Whether just one line of lost() tells of the section.
bool tells_of(const SnapshotFile& file, const std::string& type) {
  return file.lost().size() == 1 && file.lost()[0].find("section " + type) != std::string::npos;
}

}  // namespace

TEST_CASE("a file tells of itself before anything is loaded") {
  const testing::SnapshotSpec spec = testing::spec_of_everything();
  const Snapshot snapshot = testing::build(spec);
  const std::string bytes = saved(snapshot);
  const SnapshotFile file = SnapshotFile::view(bytes);
  CHECK(file.major_version() == 1);
  CHECK(file.minor_version() == 1);
  CHECK(file.size() == snapshot.size());
  CHECK(file.count() == 9);
  CHECK(file.info().threads == spec.info.threads);
  CHECK(file.info().extra_sections.empty());
  std::string types;
  for (const snapshot::Section& section : file.sections()) types += section.type + " ";
  CHECK(types == "META STRS FRMS TRCB TOTL SIZE BIDX BLKS tYPE note nOTE note ");
  CHECK(file.has("nOTE"));
  CHECK(!file.has("DIRE"));
}

TEST_CASE("a file can be moved and loaded more than once") {
  const std::string bytes = everything();
  SnapshotFile first = SnapshotFile::view(bytes);
  SnapshotFile file = std::move(first);
  const auto symbols = fresh();
  const std::string text = text_of(file.load(symbols));
  CHECK(text_of(file.load(symbols)) == text);
  CHECK(text_of(file.load(fresh())) == text);
}

TEST_CASE("a pipe that is wanted for its sums keeps neither sizes nor blocks") {
  const std::string bytes = everything();
  SnapshotFile file = SnapshotFile::receive(testing::pipe_of(bytes, 10), Detail::totals);
  CHECK(file.sections().size() == 12);
  CHECK(text_of(file.load(fresh(), Detail::totals), Detail::totals) ==
        text_of(testing::build(testing::spec_of_everything()), Detail::totals));
}

TEST_CASE("what a later minor version adds is passed over and kept") {
  testing::FileParts parts = testing::parts_of(everything());
  parts.minor = 7;
  parts.parts.push_back({"zNEW", "new"});
  const std::string bytes = testing::assemble(parts);
  CHECK(SnapshotFile::view(bytes).minor_version() == 7);
  const Snapshot snapshot = testing::load_viewed(bytes);
  REQUIRE(snapshot.info().extra_sections.size() == 4);
  CHECK(snapshot.info().extra_sections.back() == snapshot::ExtraSection{"zNEW", "new"});
  CHECK(text_of(testing::load_received(saved(snapshot))) == text_of(snapshot));
}

TEST_CASE("salvage of a sound file loses nothing") {
  const std::string bytes = everything();
  for (const bool piped : {false, true}) {
    SnapshotFile file = salvage(bytes, piped);
    CHECK(text_of(file.load(fresh())) == text_of(testing::build(testing::spec_of_everything())));
    CHECK(file.lost().empty());
  }
}

TEST_CASE("with blocks damaged, their sizes are salvaged; with sizes damaged, the sums") {
  const Snapshot whole = testing::build(testing::spec_of_everything());
  for (const bool piped : {false, true}) {
    for (const char* type : {"BIDX", "BLKS"}) {
      const std::string bytes = damaged(everything(), type);
      CHECK_THROWS_AS(static_cast<void>(testing::load_viewed(bytes)), snapshot::Error);
      SnapshotFile file = salvage(bytes, piped);
      const Snapshot snapshot = file.load(fresh());
      CHECK(text_of(snapshot, Detail::types) == text_of(whole, Detail::types));
      CHECK(tells_of(file, type));
    }
    const std::string bytes = damaged(everything(), "SIZE");
    SnapshotFile file = salvage(bytes, piped);
    const Snapshot snapshot = file.load(fresh());
    CHECK(!snapshot.has_traces());
    CHECK(text_of(snapshot, Detail::totals) == text_of(whole, Detail::totals));
    CHECK(tells_of(file, "SIZE"));
  }
}

TEST_CASE("with types damaged, the blocks are salvaged without them") {
  const Snapshot whole = testing::build(testing::spec_of_everything());
  const std::string bytes = damaged(everything(), "tYPE");
  CHECK_THROWS_AS(static_cast<void>(testing::load_viewed(bytes)), snapshot::Error);
  CHECK_NOTHROW(static_cast<void>(testing::load_viewed(bytes, Detail::sizes)));
  for (const bool piped : {false, true}) {
    SnapshotFile file = salvage(bytes, piped);
    const Snapshot snapshot = file.load(fresh());
    CHECK(text_of(snapshot) == text_of(whole, Detail::traces, false));
    CHECK(tells_of(file, "tYPE"));
  }
  SnapshotFile file = SnapshotFile::view(bytes, true);
  snapshot::Symbols symbols;
  const auto found = file.find_block(0x3001, symbols);
  REQUIRE(found);
  CHECK(found->type == snapshot::kUnknownString);
  CHECK(tells_of(file, "tYPE"));
}

TEST_CASE("with what was known of the process damaged, the rest is salvaged") {
  testing::SnapshotSpec spec = testing::spec_of_everything();
  spec.has_thread = false;
  const std::string bytes = damaged(saved(testing::build(spec)), "META");
  CHECK_THROWS_AS(SnapshotFile::view(bytes), snapshot::Error);
  spec.info = {};
  spec.info.extra_sections = testing::spec_of_everything().info.extra_sections;
  for (const bool piped : {false, true}) {
    SnapshotFile file = salvage(bytes, piped);
    CHECK(text_of(file.load(fresh())) == text_of(testing::build(spec)));
    CHECK(tells_of(file, "META"));
  }
}

TEST_CASE("with an optional section damaged, the others are salvaged") {
  const std::string bytes = damaged(everything(), "nOTE");
  SnapshotFile file = SnapshotFile::view(bytes, true);
  CHECK(file.load(fresh()).info().extra_sections.size() == 2);
  CHECK(tells_of(file, "nOTE"));
}

TEST_CASE("without what sums need nothing can be salvaged") {
  for (const char* type : {"STRS", "FRMS", "TRCB", "TOTL"}) {
    const std::string bytes = damaged(everything(), type);
    SnapshotFile file = SnapshotFile::view(bytes, true);
    CHECK_THROWS_AS(static_cast<void>(file.load(fresh())), snapshot::Error);
  }
}

TEST_CASE("a file that is cut short gives its sums as soon as they are whole") {
  const std::string bytes = everything();
  const Snapshot whole = testing::build(testing::spec_of_everything());
  const SnapshotFile sound = SnapshotFile::view(bytes);
  const snapshot::Section& totals = sound.sections()[4];
  const snapshot::Section& sizes = sound.sections()[5];
  REQUIRE(sizes.type == "SIZE");
  for (std::size_t length = totals.offset + totals.stored; length < bytes.size(); ++length) {
    CAPTURE(length);
    SnapshotFile file = salvage(std::string_view(bytes).substr(0, length), length % 2 == 0);
    const Snapshot snapshot = file.load(fresh());
    CHECK(!file.lost().empty());
    CHECK(text_of(snapshot, Detail::totals) == text_of(whole, Detail::totals));
    CHECK(snapshot.has_traces() == (length >= sizes.offset + sizes.stored));
  }
}

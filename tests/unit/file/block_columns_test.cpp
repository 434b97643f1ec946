#include "tests/support/snapshot_from.h"
#include "tests/support/tms_text.h"

#include <doctest/doctest.h>
#include <snapshot/error.h>
#include <snapshot/file.h>

#include <string>

using snapshot::BlockColumns;
using snapshot::SnapshotFile;
using testing::saved;
using testing::snapshot_from;

namespace {

/// A letter for each column.
std::string letters(const BlockColumns& columns) {
  return std::string(columns.address ? "a" : "") + (columns.thread ? "t" : "") + (columns.birth ? "b" : "") +
         (columns.weight ? "w" : "") + (columns.type ? "y" : "");
}

std::string columns_of(const std::string& trace) {
  const std::string bytes = saved(snapshot_from(trace));
  std::string viewed = letters(SnapshotFile::view(bytes).block_columns());
  CHECK(letters(SnapshotFile::receive(testing::pipe_of(bytes, 10), snapshot::Detail::traces).block_columns()) ==
        viewed);
  return viewed;
}

}  // namespace

TEST_CASE("a file says what it tells of single blocks") {
  CHECK(columns_of("4 a.py:1") == "");
  CHECK(columns_of("4 a.py:1 address=0x10") == "a");
  CHECK(columns_of("4 a.py:1 thread=main weight=7") == "tw");
  CHECK(columns_of("4 a.py:1 address=0x10 thread=main birth=-5 weight=7") == "atbw");
  CHECK(columns_of("4 a.py:1 address=0x10 type=dict") == "ay");
  CHECK(columns_of("4 a.py:1 count=3 type=dict") == "y");
}

TEST_CASE("a damaged index is an error, or lost") {
  std::string bytes = saved(snapshot_from("4 a.py:1 address=0x10"));
  const SnapshotFile whole = SnapshotFile::view(bytes);
  for (const snapshot::Section& section : whole.sections()) {
    char& last = bytes[section.offset + section.stored - 1];
    if (section.type == "BIDX") last = static_cast<char>(last ^ 1);
  }
  SnapshotFile strict = SnapshotFile::view(bytes);
  CHECK_THROWS_AS(static_cast<void>(strict.block_columns()), snapshot::Error);
  SnapshotFile salvaged = SnapshotFile::view(bytes, true);
  CHECK(letters(salvaged.block_columns()) == "");
  CHECK(salvaged.lost().size() == 1);
}

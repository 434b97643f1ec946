#include "file/meta.h"

#include "tests/support/tms_assembler.h"
#include "tests/support/tms_random.h"

#include <doctest/doctest.h>
#include <snapshot/error.h>

#include <bit>
#include <string>

using snapshot::SnapshotInfo;
using snapshot::file::Meta;
using snapshot::file::PlainReader;
using testing::svarint;
using testing::text;
using testing::varint;

namespace {

Meta read(std::string_view bytes) {
  PlainReader in("META", 36, bytes);
  return snapshot::file::read_meta(in);
}

std::string message(const std::string& fields) {
  try {
    static_cast<void>(read(varint(0) + varint(0) + fields));
  } catch (const snapshot::Error& error) {
    return error.what();
  }
  return "read";
}

std::string field(char tag, const std::string& value) { return std::string(1, tag) + value; }

/// What comes back of an info.
SnapshotInfo again(const SnapshotInfo& info) {
  testing::SnapshotSpec spec;
  spec.info = info;
  return read(snapshot::file::write_meta(testing::build(spec))).info;
}

}  // namespace

TEST_CASE("every fact comes back, but for sections of their own") {
  const testing::SnapshotSpec spec = testing::spec_of_everything();
  const snapshot::Snapshot snapshot = testing::build(spec);
  Meta meta = read(snapshot::file::write_meta(snapshot));
  CHECK(meta.size == snapshot.size());
  CHECK(meta.count == 9);
  // A NaN is not equal to itself: its bits are looked at.
  SnapshotInfo expected = spec.info;
  REQUIRE(meta.info.metrics.size() == expected.metrics.size());
  const auto bits = [](SnapshotInfo& info) {
    auto& value = info.metrics[1].value;
    const auto result = std::bit_cast<std::uint64_t>(std::get<double>(value));
    value = 0.0;
    return result;
  };
  CHECK(bits(meta.info) == bits(expected));
  CHECK(std::bit_cast<std::uint64_t>(std::get<double>(meta.info.metrics[3].value)) == 0x8000000000000000);
  expected.extra_sections.clear();
  CHECK(meta.info == expected);
}

TEST_CASE("each fact comes back alone") {
  const SnapshotInfo all = testing::spec_of_everything().info;
  SnapshotInfo one;
  CHECK(again(one) == one);
  const auto check = [&](auto member) {
    SnapshotInfo info;
    info.*member = all.*member;
    CHECK(again(info) == info);
    CHECK(again(info) != SnapshotInfo{});
  };
  check(&SnapshotInfo::time);
  check(&SnapshotInfo::recorder);
  check(&SnapshotInfo::process);
  check(&SnapshotInfo::traceback_limit);
  check(&SnapshotInfo::sampling_interval);
  check(&SnapshotInfo::traced_memory);
  check(&SnapshotInfo::recorder_memory);
  check(&SnapshotInfo::domains);
  check(&SnapshotInfo::threads);
  check(&SnapshotInfo::modules);
}

TEST_CASE("what is known to be 0 differs from what is not known") {
  SnapshotInfo info;
  info.time = 0;
  info.process.pid = 0;
  info.process.start_time = 0;
  info.process.command = {""};
  info.traceback_limit = 0;
  info.sampling_interval = 0;
  info.traced_memory = snapshot::TracedMemory{0, 0};
  info.recorder_memory = 0;
  CHECK(again(info) == info);
}

TEST_CASE("fields are written as the format says") {
  testing::SnapshotSpec spec;
  spec.info.time = -1;
  spec.info.recorder = "r";
  spec.info.process.command = {"a", "b"};
  spec.info.traced_memory = snapshot::TracedMemory{1, 2};
  spec.info.metrics = {{"m", 1.0, "int"}, {"n", std::int64_t{-2}, ""}};
  const std::string expected = varint(0) + varint(0) + field(1, svarint(-1)) + field(2, text("r")) +
                               field(4, text("a")) + field(4, text("b")) + field(13, varint(1) + varint(2)) +
                               field(19, text("m") + testing::fixed(0x3FF0000000000000, 8) + text("int")) +
                               field(18, text("n") + svarint(-2) + text(""));
  CHECK(snapshot::file::write_meta(testing::build(spec)) == expected);
}

TEST_CASE("fields in another order, twice, or of another version are refused") {
  CHECK(message("") == "read");
  CHECK(message(field(3, varint(1)) + field(1, svarint(1))) ==
        "offset 36: section META, byte 5: fields are not in order");
  CHECK(message(field(3, varint(1)) + field(3, varint(1))) ==
        "offset 36: section META, byte 5: fields are not in order");
  CHECK(message(field(13, varint(1) + varint(1)) + field(13, varint(1) + varint(1))) ==
        "offset 36: section META, byte 6: fields are not in order");
  CHECK(message(field(19, text("") + testing::fixed(0, 8) + text("")) + field(17, "")) ==
        "offset 36: section META, byte 14: fields are not in order");
  CHECK(message(field(0, "")) == "offset 36: section META, byte 3: field 0 is not known");
  CHECK(message(field(20, "")) == "offset 36: section META, byte 3: field 20 is not known");
  CHECK(message(field(4, text("a")) + field(4, text("b"))) == "read");
}

TEST_CASE("values that cannot be are refused") {
  const std::string large = varint(std::uint64_t{1} << 32U);
  CHECK(message(field(11, large)) ==
        "offset 36: section META, byte 8: 4294967296 is more than 4294967295 that a traceback limit can be");
  CHECK(message(field(15, large + text(""))) ==
        "offset 36: section META, byte 8: 4294967296 is more than 4294967295 that a domain can be");
  for (const char tag : {'\2', '\4', '\5', '\6', '\7', '\10', '\11'}) {
    CAPTURE(tag);
    CHECK(message(field(tag, text("\xFF"))) == "offset 36: section META, byte 5: a text is not UTF-8");
  }
  CHECK(message(field(17, text("\xFF") + text("") + varint(0) + varint(0))) ==
        "offset 36: section META, byte 5: a text is not UTF-8");
  CHECK(message(field(17, text("") + text("\xFF") + varint(0) + varint(0))) == "read");  // a build-id is bytes
  CHECK(message(field(2, varint(1000) + "r")) ==
        "offset 36: section META, byte 5: 1000 bytes are wanted, but 1 are left");
  const std::string most = varint(std::uint64_t{1} << 63U);
  CHECK_THROWS_WITH(read(most + varint(0)),
                    "offset 36: section META, byte 10: 9223372036854775808 is more than 9223372036854775807 bytes");
  CHECK_THROWS_WITH(read(varint(0) + most),
                    "offset 36: section META, byte 11: 9223372036854775808 is more than 9223372036854775807 blocks");
}

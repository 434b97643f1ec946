#include "file/container_reader.h"
#include "file/container_writer.h"
#include "file/layout.h"
#include "tests/support/tms_assembler.h"
#include "tests/support/tms_text.h"

#include <doctest/doctest.h>
#include <snapshot/error.h>

#include <string>
#include <string_view>
#include <vector>

using snapshot::file::Container;

namespace {

const std::string kEmptyHead("\x8DTMS\r\n\x1A\n\1\0\0\0\0\0\0\0", 16);

std::string written(const std::vector<std::pair<std::string, std::vector<std::string>>>& sections) {
  testing::StringSink sink;
  snapshot::file::ContainerWriter writer(sink, 3, 0);
  for (const auto& [type, columns] : sections) writer.add(type, columns);
  writer.finish();
  return sink.bytes();
}

Container read(std::string_view bytes) {
  Container container;
  snapshot::file::read_directory(bytes, container);
  return container;
}

std::string plain(const Container& container, std::size_t at) {
  return snapshot::file::Decompressor().section(container.sections[at], container.stored[at]);
}

}  // namespace

TEST_CASE("the frame of a file is as the format says, byte for byte") {
  const std::string stored = testing::zstd_frame("abc");
  const std::string chunk = "note" + testing::fixed(stored.size(), 8) + testing::fixed(3, 8) + stored;
  const std::string entries = testing::directory_entry("note", 36, stored.size(), 3);
  testing::StringSink sink;
  snapshot::file::Compressor compressor(3);
  std::string directory;
  compressor.append(entries, directory);
  directory = "DIRE" + testing::fixed(directory.size(), 8) + testing::fixed(28, 8) + directory;
  const std::uint64_t at = kEmptyHead.size() + chunk.size();
  const std::string trailer = testing::fixed(at, 8) + testing::fixed(~at, 8) + "\x8DTMSEND\n";
  CHECK(written({{"note", {"abc"}}}) == kEmptyHead + chunk + directory + trailer);
}

TEST_CASE("sections come back in their order") {
  const std::string large(5000, 'y');
  const std::string bytes = written({{"META", {"a"}}, {"STRS", {"", large, "b", "c", large}}, {"note", {""}}});
  const Container container = read(bytes);
  CHECK(container.major == 1);
  CHECK(container.minor == 0);
  REQUIRE(container.sections.size() == 3);
  CHECK(plain(container, 0) == "a");
  CHECK(plain(container, 1) == large + "bc" + large);
  CHECK(plain(container, 2).empty());
  CHECK(container.find("STRS") == 1);
  CHECK(container.find("note") == 2);
  CHECK(container.find("TOTL") == 3);
  CHECK(container.sections[0].offset == 36);
  CHECK(container.sections[1].offset == 36 + container.sections[0].stored + 20);
  CHECK_NOTHROW(snapshot::file::check_chunk_headers(bytes, container));
}

TEST_CASE("a file without sections is a frame all the same") { CHECK(read(written({})).sections.empty()); }

TEST_CASE("large columns have frames of their own, small ones share one") {
  const std::string large(5000, 'y');
  const auto stored_of = [](const std::vector<std::string>& columns) {
    return read(written({{"STRS", columns}})).sections[0].stored;
  };
  using testing::zstd_frame;
  CHECK(stored_of({"abc", "def"}) == zstd_frame("abcdef").size());
  CHECK(stored_of({large, large}) > stored_of({large}) + 13);
}

TEST_CASE("a pipe keeps what is wanted, and the places of the rest") {
  const std::string bytes = written({{"META", {"a"}}, {"SIZE", {std::string(3'000'000, 'z')}}, {"note", {"b"}}});
  for (const std::size_t most : {std::size_t{1}, std::size_t{7}, std::size_t{1} << 22U}) {
    CAPTURE(most);
    Container container;
    snapshot::file::receive(
        testing::pipe_of(bytes, most), [](std::string_view type) { return type != "SIZE"; }, container, nullptr);
    REQUIRE(container.sections.size() == 3);
    CHECK(plain(container, 0) == "a");
    CHECK(container.stored[1].empty());
    CHECK(container.sections[1].plain == 3'000'000);
    CHECK(plain(container, 2) == "b");
  }
}

TEST_CASE("without a directory, sections are found from the front as far as they are whole") {
  const std::string bytes = written({{"META", {"a"}}, {"STRS", {"b"}}, {"note", {"c"}}});
  const Container whole = read(bytes);
  for (std::size_t length = 16; length < bytes.size(); ++length) {
    CAPTURE(length);
    Container container;
    std::vector<std::string> lost;
    snapshot::file::scan_chunks(std::string_view(bytes).substr(0, length), container, lost);
    std::size_t expected = 0;
    while (expected < 3 && whole.sections[expected].offset + whole.sections[expected].stored <= length) ++expected;
    CHECK(container.sections.size() == expected);
    for (std::size_t at = 0; at < expected; ++at) CHECK(plain(container, at) == plain(whole, at));
    const bool directory_seen = expected == 3 && length >= whole.sections[2].offset + whole.sections[2].stored + 20;
    CHECK(lost.empty() == directory_seen);
  }
}

TEST_CASE("a header is told from other bytes") {
  CHECK(snapshot::SnapshotFile::recognises(kEmptyHead));
  CHECK(snapshot::SnapshotFile::recognises(std::string_view(kEmptyHead).substr(0, 8)));
  CHECK(!snapshot::SnapshotFile::recognises(std::string_view(kEmptyHead).substr(0, 7)));
  CHECK(!snapshot::SnapshotFile::recognises("\x80\x04"));
  std::string changed = kEmptyHead;
  changed.erase(4, 1);  // CR LF made LF
  CHECK_THROWS_WITH(read(changed + std::string(100, '\0')),
                    "offset 0: not a .tms file, or one that was changed by a transfer as text");
}

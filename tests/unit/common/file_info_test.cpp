#include <apps/common/file_info.h>

#include "tests/support/snapshot_from.h"
#include "tests/support/tms_random.h"
#include "tests/support/tms_text.h"

#include <doctest/doctest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

using cli::FileInfo;
using testing::saved;

namespace {

/// A file with these bytes, as long as this lives.
class File {
 public:
  explicit File(const std::string& bytes) {
    std::string name = (std::filesystem::temp_directory_path() / "file_info.XXXXXX").string();
    std::fclose(::fdopen(::mkstemp(name.data()), "w"));
    path_ = name;
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  ~File() { std::filesystem::remove(path_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  FileInfo info(bool salvage = false) const { return cli::read_file_info(path_.string(), options(salvage)); }
  void verify() const { cli::verify_file(path_.string(), options(false)); }

 private:
  static formats::LoadOptions options(bool salvage) { return {{formats::Detail::totals, salvage}, nullptr}; }
  std::filesystem::path path_;
};

std::string everything() { return saved(testing::build(testing::spec_of_everything())); }

}  // namespace

TEST_CASE("a .tms file is told by its directory, its META and its tables") {
  const testing::SnapshotSpec spec = testing::spec_of_everything();
  const File file(everything());
  const FileInfo info = file.info();
  CHECK(info.format == "tms");
  CHECK(info.version == "1.1");
  CHECK(info.bytes == everything().size());
  CHECK(!info.unpacked);
  CHECK(info.count == 9);
  CHECK(info.info.threads == spec.info.threads);
  CHECK(info.info.metrics.size() == spec.info.metrics.size());
  CHECK(info.has_sizes);
  CHECK(
      (info.columns.address && info.columns.thread && info.columns.birth && info.columns.weight && info.columns.type));
  CHECK(info.sections.size() == 12);
  CHECK(info.lost.empty());
  CHECK_NOTHROW(file.verify());
}

TEST_CASE("rows are counted that blocks use") {
  const FileInfo info = File(saved(testing::snapshot_from("5 x2 a.py:1 < b.py:2\n"
                                                          "7 a.py:1 < b.py:2 domain=3\n"
                                                          "9 a.py:4(f)@lib < b.py:2 < b.py:2")))
                            .info();
  REQUIRE(info.tables);
  CHECK(info.tables->totals == 3);
  CHECK(info.tables->tracebacks == 2);
  CHECK(info.tables->longest_traceback == 3);
  CHECK(info.tables->frames == 3);
  CHECK(info.tables->strings == 4);
  REQUIRE(info.domains.size() == 2);
  CHECK(info.domains[0].size == 19);
  CHECK(info.domains[0].count == 3);
  CHECK(info.domains[1].id == 3);
  CHECK(info.domains[1].count == 1);
}

TEST_CASE("a domain that has a name and no block is told, too") {
  testing::SnapshotSpec spec = testing::spec_of_everything();
  spec.info.domains.push_back({77, "idle"});
  for (const cli::DomainSum& domain : File(saved(testing::build(spec))).info().domains) {
    if (domain.id != 77) continue;
    CHECK(domain.name == "idle");
    CHECK(domain.size == 0);
    CHECK(domain.count == 0);
    return;
  }
  FAIL("it is missing");
}

TEST_CASE("of every prefix of a file is told what is whole, or an error") {
  const std::string bytes = everything();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    CAPTURE(length);
    const File file(bytes.substr(0, length));
    CHECK_THROWS_AS(static_cast<void>(file.info()), std::runtime_error);
    CHECK_THROWS_AS(file.verify(), std::runtime_error);
    try {
      const FileInfo info = file.info(true);
      CHECK(!info.lost.empty());
      CHECK(info.count == 9);
      CHECK(info.info.recorder == "tmrecord 1.0");
      if (!info.tables) CHECK(!info.domains.empty());
    } catch (const std::runtime_error&) {
      CHECK(length < 400);  // META is not whole
    }
  }
}

#include <apps/trend/inputs.h>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using cli::compare_natural;
using cli::find_inputs;
using Names = std::vector<std::string>;

namespace {

/// An empty directory that goes with this.
class Folder {
 public:
  Folder() {
    std::string name = std::filesystem::temp_directory_path() / "inputs-XXXXXX";
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void add(const Names& names) const {
    for (const std::string& name : names) std::ofstream(path_ / name) << name;
  }
  std::string path(const std::string& name = "") const {
    return name.empty() ? path_.string() : (path_ / name).string();
  }

  /// What is found, without the folder's own name.
  Names find(const Names& paths, const std::optional<std::string>& pattern) const {
    Names found = find_inputs(paths, pattern);
    for (std::string& name : found) name = std::filesystem::path(name).filename();
    return found;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("names are ordered as people do: by the numbers in them") {
  constexpr std::array<std::string_view, 12> kOrdered{"",
                                                      "-",
                                                      "0",
                                                      "01",
                                                      "1",
                                                      "a",
                                                      "z-2",
                                                      "z-02b",
                                                      "z-10",
                                                      "z-10.5",
                                                      "z-99999999999999999998",
                                                      "z-99999999999999999999"};
  for (std::size_t a = 0; a < kOrdered.size(); ++a) {
    for (std::size_t b = 0; b < kOrdered.size(); ++b) {
      CAPTURE(kOrdered[a]);
      CAPTURE(kOrdered[b]);
      const int answer = compare_natural(kOrdered[a], kOrdered[b]);
      CHECK((answer < 0) == (a < b));
      CHECK((answer > 0) == (a > b));
    }
  }
}

TEST_CASE("of a directory its files are found, in natural order, without those that begin with a dot") {
  const Folder folder;
  folder.add({"z-10", "z-9", ".hidden", "z-1"});
  std::filesystem::create_directory(folder.path("a-directory"));
  CHECK(folder.find({folder.path()}, {}) == Names{"z-1", "z-9", "z-10"});
}

TEST_CASE("a pattern is matched to names, not to files that were named") {
  const Folder folder;
  folder.add({"z-1.tms", "z-2.tms", "notes.txt"});
  CHECK(folder.find({folder.path()}, "z-*") == Names{"z-1.tms", "z-2.tms"});
  CHECK(folder.find({folder.path("notes.txt"), folder.path()}, "*2*") == Names{"notes.txt", "z-2.tms"});
  CHECK(folder.find({}, folder.path("z-[2-9]*")) == Names{"z-2.tms"});
}

TEST_CASE("what is no directory stays as it is, if it is there or not") {
  CHECK(find_inputs({"no-such-file", "-"}, {}) == Names{"no-such-file", "-"});
}

TEST_CASE("a directory without a file to read is an error") {
  const Folder folder;
  CHECK_THROWS_WITH(find_inputs({folder.path()}, {}), (folder.path() + ": no file in it").c_str());
  CHECK_THROWS_WITH(find_inputs({folder.path()}, "*.tms"), (folder.path() + ": no file matches '*.tms'").c_str());
  CHECK_THROWS_WITH(find_inputs({}, folder.path("gone/*")),
                    (folder.path("gone") + ": No such file or directory").c_str());
}

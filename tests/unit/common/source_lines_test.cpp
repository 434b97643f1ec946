#include <apps/common/source_lines.h>

#include <doctest/doctest.h>
#include <snapshot/utf8.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

using cli::SourceLines;

namespace {

/// A folder with some files, gone with the object.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "unit.XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  std::string path(const std::string& name = "") const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("lines are counted from 1 and lose the white space around them") {
  const Folder folder;
  folder.write("app.py", "first\n  second  \n\t\tthird\r\n\n \t \nlast");
  SourceLines lines("");
  const std::string name = folder.path("app.py");
  CHECK(lines.line(name, 0) == "");
  CHECK(lines.line(name, 1) == "first");
  CHECK(lines.line(name, 2) == "second");
  CHECK(lines.line(name, 3) == "third");
  CHECK(lines.line(name, 4) == "");
  CHECK(lines.line(name, 5) == "");
  CHECK(lines.line(name, 6) == "last");
  CHECK(lines.line(name, 7) == "");
  CHECK(lines.line(name, 4294967295U) == "");
}

TEST_CASE("what is not a file at hand has no lines") {
  const Folder folder;
  folder.write("sub/app.py", "text");
  SourceLines here("");
  CHECK(here.line(folder.path("none.py"), 1) == "");
  CHECK(here.line(folder.path("sub"), 1) == "");
  CHECK(here.line("<frozen importlib>", 1) == "");
  CHECK(here.line("", 1) == "");
  CHECK(here.line("/dev/zero", 1) == "");
  SourceLines there(folder.path());
  CHECK(there.line("", 1) == "");
  CHECK(there.line("/", 1) == "");
  CHECK(there.line("sub", 1) == "");
  CHECK(there.line("sub/", 1) == "");
}

TEST_CASE("under a root a file is found by ever fewer of its leading directories") {
  const Folder folder;
  folder.write("srv/shop/app.py", "the whole path");
  folder.write("shop/app.py", "one directory less");
  folder.write("cart.py", "the name alone");
  folder.write("shop/users.py", "users");
  SourceLines lines(folder.path());
  CHECK(lines.line("/srv/shop/app.py", 1) == "the whole path");
  CHECK(lines.line("srv/shop/app.py", 1) == "the whole path");
  CHECK(lines.line("/home/shop/app.py", 1) == "one directory less");
  CHECK(lines.line("//srv//shop//users.py", 1) == "users");
  CHECK(lines.line("/srv/shop/cart.py", 1) == "the name alone");
  CHECK(lines.line("cart.py", 1) == "the name alone");
  CHECK(lines.line("/srv/shop/none.py", 1) == "");
}

TEST_CASE("a root is enough: files outside it are not read") {
  const Folder outside;
  outside.write("app.py", "outside");
  const Folder root;
  SourceLines lines(root.path());
  CHECK(lines.line(outside.path("app.py"), 1) == "");
}

TEST_CASE("names and lines that are not UTF-8 are found and kept") {
  const Folder folder;
  folder.write("caf\xE9.py", "x = '\xE9'\n");
  SourceLines lines(folder.path());
  CHECK(lines.line(snapshot::text_from_bytes("/srv/caf\xE9.py"), 1) == snapshot::text_from_bytes("x = '\xE9'"));
}

TEST_CASE("a file is read once") {
  const Folder folder;
  folder.write("app.py", "before");
  SourceLines lines("");
  CHECK(lines.line(folder.path("app.py"), 1) == "before");
  folder.write("app.py", "after");
  CHECK(lines.line(folder.path("app.py"), 1) == "before");
}

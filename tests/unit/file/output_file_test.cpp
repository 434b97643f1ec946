#include <snapshot/output_file.h>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <snapshot/error.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

// The kill -9, the full disks and the like are tested in tests/faults, where processes can die.

using snapshot::OutputFile;

namespace {

namespace fs = std::filesystem;

/// An empty directory, gone in the end.
struct Directory {
  fs::path path;

  Directory() {
    std::string name = (fs::temp_directory_path() / "output_file_XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Directory() { fs::remove_all(path); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  std::string operator/(const std::string& name) const { return path / name; }

  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }
};

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_plainly(const fs::path& path, std::string_view text) { std::ofstream(path, std::ios::binary) << text; }

void write_whole(const std::string& path, std::string_view text) {
  OutputFile file(path);
  file.write(text);
  file.commit();
}

unsigned mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

/// ".NAME.0123456789abcdef.tmp", as a dead writer leaves it.
std::string litter(const std::string& name) { return "." + name + ".0123456789abcdef.tmp"; }

}  // namespace

TEST_CASE("a file is there after commit() and not before, and nothing besides it") {
  const Directory directory;
  {
    OutputFile file(directory / "a.tms");
    file.write("one ");
    file.write("two");
    CHECK_FALSE(fs::exists(directory / "a.tms"));
    file.commit();
  }
  CHECK(contents(directory / "a.tms") == "one two");
  CHECK(directory.entries() == 1);
}

TEST_CASE("without commit() the old file stays, and no other") {
  const Directory directory;
  write_whole(directory / "a.tms", "old");
  {
    OutputFile file(directory / "a.tms");
    file.write(std::string(1000000, 'x'));
    CHECK(contents(directory / "a.tms") == "old");
  }
  CHECK(contents(directory / "a.tms") == "old");
  CHECK(directory.entries() == 1);
  write_whole(directory / "a.tms", "");
  CHECK(contents(directory / "a.tms").empty());
}

TEST_CASE("pieces of every size come out in their order") {
  const Directory directory;
  std::string all;
  OutputFile file(directory / "a");
  for (const std::size_t size : {1, 65535, 1, 65536, 0, 65537, 3, 40000, 40000, 300000, 65536, 65536}) {
    const std::string piece(size, static_cast<char>('a' + all.size() % 26));
    file.write(piece);
    all += piece;
  }
  file.commit();
  CHECK(contents(directory / "a") == all);
}

TEST_CASE("a committed file takes no more") {
  const Directory directory;
  OutputFile file(directory / "a");
  file.commit();
  CHECK_THROWS_WITH_AS(file.write("x"), "the file is closed", snapshot::Error);
  CHECK_THROWS_WITH_AS(file.commit(), "the file is closed", snapshot::Error);
  CHECK(contents(directory / "a").empty());
}

TEST_CASE("what cannot be a file is refused before anything is written") {
  const Directory directory;
  const auto refusal = [](const std::string& path) {
    try {
      const OutputFile file(path);
    } catch (const snapshot::Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  fs::create_symlink("loop", directory / "loop");
  write_whole(directory / "file", "");
  CHECK(refusal("") == "the file name is empty");
  CHECK(refusal(std::string("a\0b", 3)) == "the file name holds a zero byte");
  CHECK(refusal(directory.path) == "Is a directory");
  CHECK(refusal(directory / "new/") == "Is a directory");
  CHECK(refusal(directory / "none/a") == "No such file or directory");
  CHECK(refusal(directory / "file/a") == "Not a directory");
  CHECK(refusal(directory / "loop") == "Too many levels of symbolic links");
  CHECK(refusal(directory / std::string(256, 'n')) == "File name too long");
  CHECK(directory.entries() == 2);
}

TEST_CASE("permissions are those of the file that is replaced, else what the umask leaves") {
  const Directory directory;
  const mode_t old = ::umask(027);
  write_whole(directory / "new", "");
  CHECK(mode_of(directory / "new") == 0640);
  for (const mode_t mode : {0600U, 0666U, 0755U, 0644U, 0200U}) {
    REQUIRE(::chmod((directory / "new").c_str(), mode) == 0);
    write_whole(directory / "new", "again");
    CHECK(mode_of(directory / "new") == mode);
  }
  ::umask(old);
}

TEST_CASE("owner and group are kept by root") {
  if (::geteuid() != 0) return;
  const Directory directory;
  write_whole(directory / "a", "old");
  REQUIRE(::chown((directory / "a").c_str(), 1234, 4321) == 0);
  write_whole(directory / "a", "new");
  struct stat status {};
  REQUIRE(::stat((directory / "a").c_str(), &status) == 0);
  CHECK(status.st_uid == 1234);
  CHECK(status.st_gid == 4321);
}

TEST_CASE("a link stays a link, and what it names is written, there or not") {
  const Directory directory;
  fs::create_directory(directory / "far");
  write_plainly(directory / "far/there", "old");
  fs::create_symlink("far/there", directory / "link");
  fs::create_symlink(directory / "link", directory / "link to link");
  fs::create_symlink("far/dangling", directory / "dangling");
  fs::create_symlink("far", directory / "folder");

  write_whole(directory / "link to link", "new");
  CHECK(contents(directory / "far/there") == "new");
  CHECK(fs::is_symlink(directory / "link"));
  CHECK(fs::is_symlink(directory / "link to link"));
  write_whole(directory / "dangling", "made");
  CHECK(contents(directory / "far/dangling") == "made");
  CHECK(fs::is_symlink(directory / "dangling"));
  write_whole(directory / "folder/there", "again");
  CHECK(contents(directory / "far/there") == "again");
  CHECK(directory.entries() == 5);
}

TEST_CASE("a relative name means the directory in which the file was opened") {
  const Directory directory;
  const fs::path before = fs::current_path();
  fs::current_path(directory.path);
  OutputFile file("a");
  fs::current_path(before);
  file.write("here");
  file.commit();
  CHECK(contents(directory / "a") == "here");
}

TEST_CASE("names as long as a file system has them still work") {
  const Directory directory;
  std::string umlauts = "x";
  while (umlauts.size() < 255) umlauts += "ü";
  for (const std::string& name : {std::string(255, 'n'), std::string(234, 'n'), std::string(233, 'n'), umlauts}) {
    write_whole(directory / name, "old");
    write_whole(directory / name, "new");
    CHECK(contents(directory / name) == "new");
  }
  CHECK(directory.entries() == 4);
}

TEST_CASE("a dead writer's temporary files are removed, a living one's are not, and nobody else's") {
  const Directory directory;
  write_plainly(directory / litter("a"), "dead");
  write_plainly(directory / ".a.ffffffffffffffff.tmp", "alive");
  const std::vector<std::string> others{
      litter("b"), litter("aa"), ".a.tmp", ".a.backup.tmp", ".a.0123456789ABCDEF.tmp", ".a.0123456789abcdef.tmp~"};
  for (const std::string& name : others) write_plainly(directory / name, "another's");
  const int alive = ::open((directory / ".a.ffffffffffffffff.tmp").c_str(), O_RDONLY);
  REQUIRE(::flock(alive, LOCK_EX) == 0);

  write_whole(directory / "a", "new");
  CHECK_FALSE(fs::exists(directory / litter("a")));
  CHECK(fs::exists(directory / ".a.ffffffffffffffff.tmp"));
  for (const std::string& name : others) CHECK(fs::exists(directory / name));
  ::close(alive);
  write_whole(directory / "a", "newer");
  CHECK_FALSE(fs::exists(directory / ".a.ffffffffffffffff.tmp"));
  CHECK(directory.entries() == others.size() + 1);
}

TEST_CASE("what is no file but is named like one is left alone") {
  const Directory directory;
  const std::string fifo = directory / ".a.0123456789abcdef.tmp";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  fs::create_symlink("elsewhere", directory / ".a.1123456789abcdef.tmp");
  fs::create_directory(directory / ".a.2123456789abcdef.tmp");
  write_plainly(directory / "elsewhere", "");
  write_whole(directory / "a", "new");
  CHECK(directory.entries() == 5);
}

TEST_CASE("of writers at once each is whole, and the last one wins") {
  const Directory directory;
  OutputFile first(directory / "a");
  first.write("first");
  OutputFile second(directory / "a");
  second.write("second");
  write_whole(directory / "a", "third");
  second.commit();
  CHECK(contents(directory / "a") == "second");
  first.commit();
  CHECK(contents(directory / "a") == "first");
  CHECK(directory.entries() == 1);
}

TEST_CASE("many threads write one file") {
  const Directory directory;
  std::vector<std::thread> threads;
  for (char letter = 'a'; letter < 'i'; ++letter) {
    threads.emplace_back([&, letter] {
      for (int round = 0; round < 20; ++round) write_whole(directory / "a", std::string(100000, letter));
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string text = contents(directory / "a");
  CHECK(text == std::string(100000, text[0]));
  CHECK(directory.entries() == 1);
}

TEST_CASE("a directory that goes away while its file is written is an error") {
  const Directory directory;
  fs::create_directory(directory / "gone");
  OutputFile file(directory / "gone/a");
  file.write("x");
  fs::remove_all(directory / "gone");
  CHECK_THROWS_WITH_AS(file.commit(), "No such file or directory", snapshot::Error);
  CHECK_THROWS_WITH_AS(file.commit(), "the file is closed", snapshot::Error);
  CHECK(directory.entries() == 0);
}

TEST_CASE("a file that became a directory meanwhile is an error, and no litter stays") {
  const Directory directory;
  OutputFile file(directory / "a");
  fs::create_directory(directory / "a");
  CHECK_THROWS_WITH_AS(file.commit(), "Is a directory", snapshot::Error);
  CHECK(fs::is_directory(directory / "a"));
  CHECK(directory.entries() == 1);
}

TEST_CASE("a pipe and a device are written as it comes") {
  const Directory directory;
  const std::string fifo = directory / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  std::string read;
  std::thread reader([&] { read = contents(fifo); });
  write_whole(fifo, std::string(300000, 'p'));
  reader.join();
  CHECK(read == std::string(300000, 'p'));
  CHECK(fs::is_fifo(fifo));
  CHECK(directory.entries() == 1);

  write_whole("/dev/null", "x");
  CHECK(fs::is_character_file("/dev/null"));
  OutputFile full("/dev/full");
  full.write("x");
  CHECK_THROWS_WITH_AS(full.commit(), "No space left on device", snapshot::Error);
}

TEST_CASE("an open file is written through its descriptor's name, behind what it holds") {
  const Directory directory;
  write_plainly(directory / "log", "before ");
  const int log = ::open((directory / "log").c_str(), O_WRONLY | O_APPEND);
  const std::string name = "/dev/fd/" + std::to_string(log);
  write_whole(name, "now ");
  CHECK(::write(log, "after", 5) == 5);
  ::close(log);
  CHECK(contents(directory / "log") == "before now after");
  CHECK(directory.entries() == 1);
}

TEST_CASE("after a write that failed nothing more is taken") {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  OutputFile file("/dev/fd/" + std::to_string(ends[1]));
  ::close(ends[0]);
  const auto before = ::signal(SIGPIPE, SIG_IGN);
  CHECK_THROWS_WITH_AS(file.write(std::string(100000, 'x')), "Broken pipe", snapshot::Error);
  ::signal(SIGPIPE, before);
  CHECK_THROWS_WITH_AS(file.write("x"), "the file is closed", snapshot::Error);
  CHECK_THROWS_WITH_AS(file.commit(), "the file is closed", snapshot::Error);
  ::close(ends[1]);
}

TEST_CASE("a file that its owner protected is not replaced") {
  if (::geteuid() == 0) return;  // whom nothing stops; tests/faults tries it as somebody else
  const Directory directory;
  write_whole(directory / "a", "old");
  REQUIRE(::chmod((directory / "a").c_str(), 0444) == 0);
  CHECK_THROWS_WITH_AS(OutputFile(directory / "a"), "Permission denied", snapshot::Error);
  CHECK(contents(directory / "a") == "old");
}

#include <snapshot/library_paths.h>

#include <doctest/doctest.h>
#include <tests/support/brute_paths.h>
#include <tests/support/sanitizer.h>
#include <tests/support/snapshot_from.h>

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

using snapshot::Origin;
using snapshot::origin_of;

namespace {

constexpr Origin kOurs = Origin::project;
constexpr Origin kSite = Origin::site_packages;
constexpr Origin kLibrary = Origin::standard_library;
constexpr Origin kGenerated = Origin::generated;

struct Path {
  const char* name;
  Origin origin;
  const char* package;
};

// As interpreters and compilers report them.
constexpr std::array kPaths{
    // Debian's, pyenv's, a venv within a project, macOS, Windows.
    Path{"/usr/lib/python3.11/json/decoder.py", kLibrary, "json"},
    Path{"/usr/lib/python3.11/os.py", kLibrary, "os"},
    Path{"/usr/lib/python3.11/lib-dynload/_json.cpython-311-x86_64-linux-gnu.so", kLibrary, "_json"},
    Path{"/usr/lib/python3/dist-packages/numpy/core/numeric.py", kSite, "numpy"},
    Path{"/usr/lib/python3/dist-packages/six.py", kSite, "six"},
    Path{"/usr/local/lib/python3.11/dist-packages/attr/_make.py", kSite, "attr"},
    Path{"/usr/local/lib/python3.11/asyncio/events.py", kLibrary, "asyncio"},
    Path{"/home/me/.pyenv/versions/3.12.1/lib/python3.12/asyncio/base_events.py", kLibrary, "asyncio"},
    Path{"/home/me/.pyenv/versions/3.12.1/lib/python3.12/site-packages/pip/_internal/cli/main.py", kSite, "pip"},
    Path{"/home/me/.local/lib/python3.9/site-packages/click.py", kSite, "click"},
    Path{"/srv/shop/venv/lib/python3.11/site-packages/flask/app.py", kSite, "flask"},
    Path{"/srv/shop/venv/lib64/python3.11/site-packages/flask/app.py", kSite, "flask"},
    Path{"venv/lib/python3.11/site-packages/flask/app.py", kSite, "flask"},
    Path{"/opt/python/lib/python3.13t/json/__init__.py", kLibrary, "json"},
    Path{"/opt/pypy/lib/pypy3.9/json/__init__.py", kLibrary, "json"},
    Path{"/Library/Frameworks/Python.framework/Versions/3.11/lib/python3.11/json/decoder.py", kLibrary, "json"},
    Path{"C:\\Python311\\Lib\\json\\decoder.py", kLibrary, "json"},
    Path{"C:\\Users\\me\\AppData\\Local\\Programs\\Python\\Python311\\Lib\\os.py", kLibrary, "os"},
    Path{"C:\\Python311\\Lib\\site-packages\\flask\\app.py", kSite, "flask"},
    Path{"C:/Python311/Lib/json/decoder.py", kLibrary, "json"},
    // Eggs, and a library in an archive.
    Path{"/usr/lib/python3.8/site-packages/old-1.0-py3.8.egg/old/core.py", kSite, "old"},
    Path{"/usr/lib/python3.8/site-packages/old-1.0-py3.8.egg/old.py", kSite, "old"},
    Path{"/usr/lib/python311.zip/json/decoder.py", kLibrary, "json"},
    Path{"C:\\app\\python311.zip\\json\\decoder.py", kLibrary, "json"},
    // No files.
    Path{"<frozen importlib._bootstrap>", kLibrary, "importlib"},
    Path{"<frozen importlib._bootstrap_external>", kLibrary, "importlib"},
    Path{"<frozen os>", kLibrary, "os"},
    Path{"<string>", kGenerated, "<string>"},
    Path{"<stdin>", kGenerated, "<stdin>"},
    Path{"<unknown>", kGenerated, "<unknown>"},
    Path{"<>", kGenerated, "<>"},
    Path{"<half", kOurs, "<half"},
    // The compiler's and the system's.
    Path{"/usr/include/c++/12/bits/stl_vector.h", kLibrary, "bits"},
    Path{"/usr/include/stdio.h", kLibrary, "include"},
    Path{"/usr/lib/x86_64-linux-gnu/libc.so.6", kLibrary, "x86_64-linux-gnu"},
    Path{"/lib/ld-linux.so.2", kLibrary, "lib"},
    Path{"/lib64/ld-linux-x86-64.so.2", kLibrary, "lib64"},
    Path{"/library/x.c", kOurs, "library"},
    Path{"/usr/lib", kOurs, "usr"},  // a file of that name
    Path{"/usr/local/bin/tool", kOurs, "bin"},
    // Somebody's own.
    Path{"/srv/shop/app.py", kOurs, "shop"},
    Path{"/srv/shop/web/views.py", kOurs, "web"},
    Path{"/srv/python3.11/app.py", kOurs, "python3.11"},  // no lib above
    Path{"/srv/lib/python/app.py", kOurs, "python"},      // no version
    Path{"/srv/Lib/app.py", kOurs, "Lib"},
    Path{"/srv/site-packages", kOurs, "srv"},
    Path{"C:\\shop\\web\\views.py", kOurs, "web"},
    Path{"shop/web/views.py", kOurs, "shop"},
    Path{"./shop/app.py", kOurs, "shop"},
    Path{"././app.py", kOurs, "app"},
    Path{"app.py", kOurs, "app"},
    Path{"app", kOurs, "app"},
    Path{".hidden.py", kOurs, ".hidden"},
    Path{"/app.py", kOurs, "app"},
    Path{"", kOurs, ""},
};

template <typename Value, std::size_t count>
const Value& one_of(brute_force::Random& random, const std::array<Value, count>& values) {
  return random.choice(std::span<const Value>(values));
}

/// A path of the parts that mean something, in any order.
std::string any_path(brute_force::Random& random) {
  static const std::array<std::string, 28> kParts{"lib",
                                                  "lib64",
                                                  "lib-dynload",
                                                  "Lib",
                                                  "python3.11",
                                                  "python3",
                                                  "python",
                                                  "pypy3.9",
                                                  "Python311",
                                                  "Python",
                                                  "python311.zip",
                                                  "usr",
                                                  "include",
                                                  "site-packages",
                                                  "dist-packages",
                                                  "x.egg",
                                                  ".",
                                                  "..",
                                                  "",
                                                  "json",
                                                  "decoder.py",
                                                  "a.b.c",
                                                  ".x",
                                                  "C:",
                                                  "srv",
                                                  "shop",
                                                  "<frozen os>",
                                                  "<string>"};
  std::string path = random.one_in(3) ? "/" : random.one_in(4) ? "/usr/" : random.one_in(4) ? "./" : "";
  for (std::uint64_t left = random.below(7); left > 0; --left) {
    path += one_of(random, kParts);
    if (left > 1 || random.one_in(10)) path += random.one_in(6) ? '\\' : '/';
  }
  return path.empty() ? "app.py" : path;
}

std::optional<std::string> below_text(const std::string& directory, const std::string& path) {
  const std::string_view rest = snapshot::below(directory, path);
  return rest.data() == nullptr ? std::nullopt : std::optional(std::string(rest));
}

snapshot::Frame frame_of(snapshot::Symbols& symbols, const brute_force::Frame& frame) {
  return {symbols.intern(frame.filename), frame.lineno, snapshot::kUnknownString,
          frame.module ? symbols.intern(*frame.module) : snapshot::kUnknownString};
}

bool is_ours(const brute_force::Frame& frame, const std::vector<std::string>& projects) {
  snapshot::Symbols symbols;
  return is_of_project(symbols, frame_of(symbols, frame), projects);
}

}  // namespace

TEST_CASE("the names of files tell whose they are, and which package holds them") {
  for (const Path& path : kPaths) {
    CAPTURE(path.name);
    CHECK(origin_of(path.name) == path.origin);
    CHECK(snapshot::package_of(path.name, {}) == path.package);
  }
}

TEST_CASE("a file of a project belongs to the first part below the project's directory") {
  const auto package = [](const char* name, const std::vector<std::string>& projects) {
    return std::string(snapshot::package_of(name, projects));
  };
  CHECK(package("/srv/shop/web/views/cart.py", {"/srv/shop"}) == "web");
  CHECK(package("/srv/shop/web/views/cart.py", {"/srv/shop/"}) == "web");
  CHECK(package("/srv/shop/app.py", {"/srv/shop"}) == "app");
  CHECK(package("/srv/shop2/web/app.py", {"/srv/shop"}) == "web");
  CHECK(package("/srv/shop/web/app.py", {"/opt", "/srv"}) == "shop");
  CHECK(package("/srv/shop/web/app.py", {"/srv/shop/web", "/srv"}) == "app");
  CHECK(package("shop/web/app.py", {"./shop"}) == "web");
  CHECK(package("./shop/web/app.py", {"shop"}) == "web");
  CHECK(package("shop/web/app.py", {"."}) == "shop");
  CHECK(package("C:\\shop\\web\\views.py", {"C:\\shop"}) == "web");
  CHECK(package("/srv/shop/venv/lib/python3.11/site-packages/flask/app.py", {"/srv/shop"}) == "flask");
  CHECK(package("/usr/lib/python3.11/json/decoder.py", {"/usr/lib/python3.11"}) == "json");
  CHECK(package("<string>", {"."}) == "<string>");
}

TEST_CASE("what is below a directory is the rest of the path") {
  CHECK(below_text("/srv/shop", "/srv/shop/app.py") == "app.py");
  CHECK(below_text("/srv/shop//", "/srv/shop/app.py") == "app.py");
  CHECK(below_text("/srv/shop", "/srv/shop\\app.py") == "app.py");
  CHECK(below_text("/srv/shop", "/srv/shop2/app.py") == std::nullopt);
  CHECK(below_text("/srv/shop", "/srv/shop") == std::nullopt);
  CHECK(below_text("/srv/shop", "/srv/shop/") == "");
  CHECK(below_text("/", "/a/b") == "a/b");
  CHECK(below_text("/", "a/b") == std::nullopt);
  CHECK(below_text("", "/a/b") == "/a/b");
  CHECK(below_text(".", "a/b") == "a/b");
  CHECK(below_text("./", "./a/b") == "a/b");
  CHECK(below_text("./src", "src/a.c") == "a.c");
  CHECK(below_text("src", "././src/a.c") == "a.c");
}

TEST_CASE("a project's frames are those of no library, or of its directories without what is installed there") {
  CHECK(is_ours({"/srv/shop/app.py"}, {}));
  CHECK_FALSE(is_ours({"<string>"}, {}));
  CHECK_FALSE(is_ours({"<frozen os>"}, {}));
  CHECK_FALSE(is_ours({"/usr/lib/python3/dist-packages/six.py"}, {}));
  // The binary says more than the file, whatever its source is called; but not one of the project's own.
  CHECK_FALSE(is_ours({"malloc/malloc.c", 1, {}, "/usr/lib/x86_64-linux-gnu/libc.so.6"}, {}));
  CHECK(is_ours({"src/main.c", 1, {}, "/srv/shop/bin/app"}, {}));
  CHECK_FALSE(is_ours({"/usr/include/c++/12/bits/stl_vector.h", 1, {}, "/srv/shop/bin/app"}, {}));

  CHECK(is_ours({"/srv/shop/app.py"}, {"/opt", "/srv/shop"}));
  CHECK_FALSE(is_ours({"/srv/shop2/app.py"}, {"/srv/shop"}));
  CHECK_FALSE(is_ours({"/srv/shop/venv/lib/python3.11/site-packages/flask/app.py"}, {"/srv/shop"}));
  CHECK_FALSE(is_ours({"/srv/shop/venv/lib/python3.11/os.py"}, {"/srv/shop"}));
  CHECK(is_ours({"/usr/lib/python3/dist-packages/numpy/x.py"}, {"/usr/lib/python3/dist-packages/numpy"}));
  CHECK_FALSE(is_ours({"<string>"}, {"."}));
}

TEST_CASE("a binary of the system's is a library, and one of Python's packages there is installed") {
  snapshot::Symbols symbols;
  const auto origin = [&](const char* filename, const char* module) {
    return origin_of(symbols, frame_of(symbols, {filename, 1, {}, module}));
  };
  CHECK(origin("malloc.c", "/usr/lib/x86_64-linux-gnu/libc.so.6") == kLibrary);
  CHECK(origin("src/umath.c", "/usr/lib/python3/dist-packages/numpy/core/_multiarray.so") == kSite);
  CHECK(origin("/usr/include/c++/12/bits/stl_vector.h", "/srv/app") == kLibrary);
  CHECK(origin("main.c", "/srv/app") == kOurs);
}

TEST_CASE("random paths mean what the brute force reads in them") {
  static const std::array<std::string, 9> kProjects{"/srv/shop",           ".", "", "/", "lib", "/usr/lib", "shop/",
                                                    "/usr/lib/python3.11", "C:"};
  brute_force::Random random(11);
  for (int round = 0; round < testing::rounds(20000); ++round) {
    const std::string path = any_path(random);
    CAPTURE(round);
    CAPTURE(path);
    std::vector<std::string> projects;
    for (std::uint64_t left = random.below(3); left > 0; --left) projects.push_back(one_of(random, kProjects));
    brute_force::Frame frame{path};
    if (random.one_in(3)) frame.module = any_path(random);
    const auto origin = static_cast<brute_force::Owner>(static_cast<int>(origin_of(path)));
    if (origin != brute_force::owner_of(path)) FAIL("another origin");
    const std::string package(snapshot::package_of(path, projects));
    const std::string expected = brute_force::package_of(path, projects);
    if (package != expected) FAIL("package " << package << ", not " << expected);
    if (is_ours(frame, projects) != brute_force::is_mine(frame, projects)) FAIL("another project");
    const std::string directory = random.one_in(2) ? any_path(random) : one_of(random, kProjects);
    if (below_text(directory, path) != brute_force::rest_below(directory, path)) FAIL("below " << directory);
  }
}

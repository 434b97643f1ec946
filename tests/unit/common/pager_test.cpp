#include <apps/common/pager.h>

#include <doctest/doctest.h>

#include <poll.h>
#include <pty.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

using cli::Pager;

namespace {

/// An environment variable, for as long as this lives; null: not set.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    set(value);
  }
  ~Variable() { set(before_ ? before_->c_str() : nullptr); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  void set(const char* value) { value != nullptr ? ::setenv(name_, value, 1) : ::unsetenv(name_); }

  const char* name_;
  std::optional<std::string> before_;
};

std::optional<std::string> command_for(const char* pager) {
  const Variable variable("PAGER", pager);
  return cli::pager_command();
}

/// Where a pager of a test leaves what it read.
class Kept {
 public:
  Kept() {
    const int descriptor = ::mkstemp(path_.data());
    REQUIRE(descriptor >= 0);
    ::close(descriptor);
  }
  ~Kept() { ::unlink(path_.c_str()); }
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;

  const std::string& path() const { return path_; }
  std::string text() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::string path_ = "/tmp/tmtools-pager-XXXXXX";
};

}  // namespace

TEST_CASE("PAGER says what shows long output") {
  CHECK(command_for(nullptr) == "less");
  CHECK(command_for("most -s") == "most -s");
  CHECK(command_for(" less -S ") == "less -S");
  CHECK(command_for("cats") == "cats");
}

TEST_CASE("an empty PAGER, or cat, says that nothing does") {
  CHECK(command_for("") == std::nullopt);
  CHECK(command_for(" \t") == std::nullopt);
  CHECK(command_for("cat") == std::nullopt);
  CHECK(command_for(" cat ") == std::nullopt);
}

TEST_CASE("what goes to no terminal is not paged") {
  const Variable variable("PAGER", "less");
  CHECK_FALSE(cli::paging(true));
}

TEST_CASE("a pager gets all of the text") {
  const Kept kept;
  std::string text;
  for (int line = 0; line < 50000; ++line) text += "line " + std::to_string(line) + "\n";
  const auto pager = Pager::start("cat > " + kept.path());
  REQUIRE(pager);
  CHECK(pager->write(text));
  CHECK(pager->write("the end\n"));
  CHECK(pager->finish() == "");
  CHECK(kept.text() == text + "the end\n");
}

TEST_CASE("a pager that was left reads no more, and nothing is printed again") {
  const auto pager = Pager::start("exit 0");
  REQUIRE(pager);
  while (pager->write("text\n")) {
  }
  CHECK(pager->finish() == "");
}

TEST_CASE("what a program that is not there should have shown comes back") {
  const auto pager = Pager::start("/no/such/program 2> /dev/null");
  REQUIRE(pager);
  std::string text;
  do text += "text\n";
  while (pager->write("text\n"));
  CHECK(pager->finish() == text);
  // As long as it was never written to, too.
  const auto idle = Pager::start("/no/such/program 2> /dev/null");
  CHECK(idle->finish() == "");
}

TEST_CASE("what a pager has read does not come back, whatever it ends with") {
  const auto pager = Pager::start("cat > /dev/null; exit 127");
  REQUIRE(pager);
  CHECK(pager->write(std::string(1U << 20U, 'x')));
  CHECK(pager->finish() == "");
}

TEST_CASE("while a pager runs, interrupts are its own, and afterwards ours again") {
  const auto is = [](int signal, void (*handler)(int)) {
    struct sigaction action {};
    ::sigaction(signal, nullptr, &action);
    return action.sa_handler == handler;
  };
  const auto handler = [](int /*signal*/) {};
  const auto interrupt_before = std::signal(SIGINT, handler);
  const auto broken_pipe_before = std::signal(SIGPIPE, handler);
  {
    const auto pager = Pager::start("cat > /dev/null");
    CHECK(is(SIGINT, SIG_IGN));
    CHECK(is(SIGPIPE, SIG_IGN));
  }
  CHECK(is(SIGINT, handler));
  CHECK(is(SIGPIPE, handler));
  std::signal(SIGINT, interrupt_before);
  std::signal(SIGPIPE, broken_pipe_before);
}

TEST_CASE("what a terminal's stderr is told while a pager runs comes afterwards") {
  int terminal = -1;
  int screen = -1;
  REQUIRE(::openpty(&terminal, &screen, nullptr, nullptr, nullptr) == 0);
  const int before = ::dup(STDERR_FILENO);
  ::dup2(screen, STDERR_FILENO);
  const auto shown = [&](std::string_view end, int milliseconds) {
    std::string text;
    for (pollfd ready{terminal, POLLIN, 0}; !text.ends_with(end) && ::poll(&ready, 1, milliseconds) == 1;) {
      char byte = 0;
      if (::read(terminal, &byte, 1) == 1) text += byte;
    }
    return text;
  };
  constexpr int kPatience = 10000;
  std::fputs("before;", stderr);
  const std::string first = shown(";", kPatience);
  const auto pager = Pager::start("cat > /dev/null; echo pager >&2");
  std::fputs("meanwhile", stderr);
  const std::string second = shown("meanwhile", 100);
  pager->finish();
  std::fputs(";after", stderr);
  const std::string third = shown("after", kPatience);
  ::dup2(before, STDERR_FILENO);
  for (const int descriptor : {terminal, screen, before}) ::close(descriptor);
  CHECK(first == "before;");
  CHECK(second == "");
  CHECK(third == "pager\r\nmeanwhile;after");
}

TEST_CASE("less is told to pass colours and to end where all fits, unless the user told it other things") {
  const auto less_is = [](const char* value) {
    const Variable variable("LESS", value);
    const Kept kept;
    Pager::start("printf %s \"$LESS\" > " + kept.path())->finish();
    return kept.text();
  };
  CHECK(less_is(nullptr) == "FRX");
  CHECK(less_is("-S") == "-S");
  CHECK(less_is("") == "");
}

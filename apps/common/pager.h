#pragma once

#include "held_errors.h"
#include "terminal.h"

#include <sys/types.h>

#include <csignal>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cli {

class CommandLine;

/// --no-pager, for tools that print rows or text for people to read.
void add_pager(CommandLine& command, bool& no_pager);

/// How output that is longer than the screen is shown.
struct Paging {
  Screen screen;
  std::string pager;  ///< a command of sh
};

/// Nothing where output is not paged: it goes to no terminal, or nobody wants it.
std::optional<Paging> paging(bool no_pager);

/// PAGER, else less; nothing where PAGER is empty or `cat`.
std::optional<std::string> pager_command();

/// A program that shows text on the terminal. While it runs, Ctrl-C is for it and not for us, and what we have to say
/// on a terminal's stderr waits.
class Pager {
 public:
  /// Null when it cannot be started.
  static std::unique_ptr<Pager> start(const std::string& command);
  ~Pager();
  Pager(const Pager&) = delete;
  Pager& operator=(const Pager&) = delete;

  /// Hands text on. False when nobody reads any more.
  bool write(std::string_view text);

  /// Waits until the user quits. Returns the text when the shell could not start the program, so that nobody saw it.
  std::string finish();

 private:
  /// A signal that is none of ours for a time.
  class Ignored {
   public:
    explicit Ignored(int signal);
    ~Ignored();
    Ignored(const Ignored&) = delete;
    Ignored& operator=(const Ignored&) = delete;

   private:
    int signal_;
    struct sigaction before_ {};
  };

  Pager(pid_t process, int pipe);
  int wait();

  pid_t process_;
  int pipe_;
  std::size_t capacity_;  // of the pipe: once it took more, the program has read something
  std::size_t written_ = 0;
  std::string unread_;  // all text, as long as nobody may have read any
  bool started_ = false;
  std::optional<HeldErrors> errors_{std::in_place};
  Ignored interrupt_{SIGINT};
  Ignored broken_pipe_{SIGPIPE};
};

}  // namespace cli

#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace cli {

/// Something on the command line that cannot be: one line, status 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A tool's options, as they are declared and parsed; the only user of CLI11. Declaring does no work and opens no file.
/// `names` are those of CLI11: "-n,--limit". The variables get their values in parse() and must live until then.
class CommandLine {
 public:
  CommandLine(const std::string& tool, const std::string& description);
  ~CommandLine();

  void flag(const std::string& names, bool& value, const std::string& help);

  /// An option with a value, which `set` takes; it throws UsageError for one that cannot be. `many`: may be given
  /// again.
  void option(const std::string& names, const std::string& value_name, std::function<void(const std::string&)> set,
              const std::string& help, bool many = false);

  /// The arguments without a name: at least `least` and at most `most` of them (0: any number).
  void arguments(const std::string& name, std::vector<std::string>& values, std::size_t least, std::size_t most,
                 const std::string& help);

  /// A program to run, with its arguments: they begin at the first argument that is no option of this tool, or behind
  /// "--", and are not looked at.
  void program(const std::string& name, std::vector<std::string>& values, const std::string& help);

  /// `check` looks at options together, once all have their values, and throws UsageError.
  void after_parse(std::function<void()> check);

  /// False when all is done already: --help or --version were asked for, and printed. Throws UsageError.
  bool parse(int argc, const char* const* argv);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace cli

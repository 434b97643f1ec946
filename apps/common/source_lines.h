#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cli {

/// Lines of the source files that tracebacks name, where they are at hand. Each file is read once.
class SourceLines {
 public:
  /// Under `root` a file is looked for by its whole path, and then by ever fewer of its leading directories:
  /// /srv/shop/app.py is root/srv/shop/app.py, root/shop/app.py or root/app.py. Without a root: where it says.
  explicit SourceLines(std::string root) : root_(std::move(root)) {}

  /// The line without the white space around it; empty when there is none. `filename` as in Symbols.
  std::string_view line(std::string_view filename, std::uint32_t lineno);

 private:
  std::vector<std::string> read(std::string_view filename) const;

  std::string root_;
  std::map<std::string, std::vector<std::string>, std::less<>> files_;
};

}  // namespace cli

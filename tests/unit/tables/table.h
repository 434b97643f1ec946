#pragma once

#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace testing {

/// The lines of a file of this folder, each cut at its tabs. Throws when it is not there.
inline std::vector<std::vector<std::string>> read_table(const std::string& name) {
  std::ifstream file(std::string(UNIT_TABLES "/") + name);
  if (!file) throw std::runtime_error("cannot read the table " + name);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string>& cells = rows.emplace_back();
    for (std::size_t start = 0; start != std::string::npos;) {
      const std::size_t tab = line.find('\t', start);
      cells.push_back(line.substr(start, tab == std::string::npos ? tab : tab - start));
      start = tab == std::string::npos ? tab : tab + 1;
    }
  }
  return rows;
}

}  // namespace testing

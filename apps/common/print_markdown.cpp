#include "printer.h"
#include "text_table.h"

#include <snapshot/utf8.h>

namespace cli {
namespace {

/// Text inside a cell: "|" would end it, and "<" would begin HTML.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char character : text) {
    if (character == '|' || character == '\\') result += '\\';
    if (character == '<') {
      result += "&lt;";
    } else {
      result += character;
    }
  }
  return result;
}

}  // namespace

void print_markdown(const Report& report, const PrintOptions& options, Output& output) {
  const TextTable table = make_text_table(report, options);
  std::string header = "|";
  std::string rule = "|";
  for (std::size_t at = 0; at < table.headers.size(); ++at) {
    header += " " + std::string(table.headers[at]) + " |";
    rule += report.compares && at == 0 ? " --- |" : " ---: |";
  }
  output.write(header + " site |\n" + rule + " --- |\n");
  for (const TextTable::Row& row : table.rows) {
    std::string line = "|";
    for (const std::string& cell : row.cells) line += " " + escaped(cell) + " |";
    line += " " + escaped(row.group != nullptr ? site_text(report, *row.group, options, std::nullopt) : row.label);
    const std::string_view source = row.group != nullptr ? source_of(*row.group, options) : "";
    if (!source.empty()) line += " — " + escaped(snapshot::printable(source));
    output.write(line + " |\n");
  }
}

}  // namespace cli

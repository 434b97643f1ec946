#include "printer.h"
#include "row_text.h"
#include "text_table.h"

#include <snapshot/utf8.h>

namespace cli {

std::string markdown_code(std::string_view text) {
  std::string fence = "`";
  while (text.find(fence) != std::string_view::npos) fence += '`';
  std::string result;
  for (const char character : text) result += character == '|' ? std::string("\\|") : std::string(1, character);
  const bool quoted = fence.size() > 1;
  return fence + (quoted ? " " : "") + result + (quoted ? " " : "") + fence;
}

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
    for (const std::string& cell : row.cells) line += " " + cell + " |";
    line += row.level > 0 ? " &emsp;" : " ";
    line += (row.group != nullptr ? markdown_code(site_text(*row.group, options, std::nullopt)) : row.label);
    const std::string_view source = row.group != nullptr ? source_of(*row.group, options) : "";
    if (!source.empty()) line += " " + markdown_code(snapshot::printable(source));
    output.write(line + " |\n");
  }
}

}  // namespace cli

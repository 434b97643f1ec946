#include "column_layout.h"

#include <numeric>

namespace cli {

std::string pad(std::string_view cell, std::size_t width, bool to_left) {
  const std::string space(width - display_width(cell), ' ');
  return to_left ? std::string(cell) + space : space + std::string(cell);
}

std::size_t line_without_site(const std::vector<std::size_t>& widths) {
  return std::accumulate(widths.begin(), widths.end(), widths.size() * kGap.size());
}

std::optional<std::size_t> site_width(const std::vector<std::size_t>& widths, std::optional<std::size_t> line) {
  if (!line) return std::nullopt;
  const std::size_t used = line_without_site(widths);
  return std::max(kLeastSite, *line > used ? *line - used : 0);
}

}  // namespace cli

#include "trace_text.h"

#include "size_text.h"

#include <fmt/format.h>

namespace cli {

std::string bytes_text(std::int64_t size, bool exact) { return exact ? fmt::format("{} B", size) : size_text(size); }

std::string blocks_text(std::int64_t count) { return fmt::format("{} block{}", count, count == 1 ? "" : "s"); }

std::string outside_text(const std::optional<Amounts>& outside, bool exact) {
  if (!outside) return "";
  return fmt::format("outside the project: {}, {}\n", bytes_text(outside->size, exact), blocks_text(outside->count));
}

std::string share_text(std::int64_t size, std::int64_t total, std::string_view frame) {
  if (total == 0) return "";
  const double share = 100.0 * static_cast<double>(size) / static_cast<double>(total);
  return fmt::format(fmt::runtime(frame), fmt::format("{:.1f}%", share));
}

}  // namespace cli

#include "sparkline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <vector>

namespace cli {
namespace {

constexpr std::array<std::string_view, 8> kBlocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<std::string_view, 8> kAscii{"_", ".", ":", "-", "=", "+", "*", "#"};
constexpr double kLeastRange = 0.25;  // of the largest amount

std::vector<double> means(std::span<const std::int64_t> values, std::size_t columns) {
  const std::size_t bars = std::min(values.size(), columns);
  std::vector<double> result;
  for (std::size_t bar = 0; bar < bars; ++bar) {
    const std::size_t begin = bar * values.size() / bars;
    const std::size_t end = (bar + 1) * values.size() / bars;
    double sum = 0;
    for (const std::int64_t value : values.subspan(begin, end - begin)) sum += static_cast<double>(value);
    result.push_back(sum / static_cast<double>(end - begin));
  }
  return result;
}

}  // namespace

std::string sparkline(std::span<const std::int64_t> values, std::size_t columns, bool ascii) {
  const std::vector<double> bars = means(values, columns);
  if (bars.empty()) return "";
  const auto& levels = ascii ? kAscii : kBlocks;
  const auto [low, high] = std::ranges::minmax(bars);
  const double range = std::max(high - low, kLeastRange * std::abs(high));
  std::string line;
  for (const double bar : bars) {
    const double level = range > 0 ? (bar - low) / range * static_cast<double>(levels.size() - 1) : 0;
    line += levels[static_cast<std::size_t>(std::lround(level))];
  }
  return line;
}

}  // namespace cli

#include "size_text.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstddef>

namespace cli {
namespace {

__extension__ using UnsignedInt128 = unsigned __int128;

std::string scaled_text(double size, bool sign) {
  constexpr std::array kUnits{"B", "KiB", "MiB", "GiB", "TiB"};
  for (std::size_t unit = 0;; ++unit, size /= 1024) {
    const bool last = unit + 1 == kUnits.size();
    const bool one_digit = std::abs(size) < 100 && unit != 0;
    if (!one_digit && std::abs(size) >= 10 * 1024 && !last) continue;
    return sign ? fmt::format("{:+.{}f} {}", size, one_digit ? 1 : 0, kUnits[unit])
                : fmt::format("{:.{}f} {}", size, one_digit ? 1 : 0, kUnits[unit]);
  }
}

}  // namespace

double average(std::int64_t size, std::int64_t count) {
  // Converting both to double first would round up to three times.
  // At least 55 significant bits, of which the lowest says whether anything remained (below 2^-9, where fewer are left,
  // all is "0 B").
  constexpr int kShift = 64;
  const auto dividend = static_cast<UnsignedInt128>(size) << static_cast<unsigned>(kShift);
  const auto divisor = static_cast<UnsignedInt128>(count);
  const bool rest = dividend % divisor != 0;
  return std::ldexp(static_cast<double>((dividend / divisor) | static_cast<UnsignedInt128>(rest)), -kShift);
}

std::string size_text(std::int64_t size, bool sign) { return scaled_text(static_cast<double>(size), sign); }

std::string size_text_of(double size) { return scaled_text(size, false); }

std::string average_text(std::int64_t size, std::int64_t count) { return scaled_text(average(size, count), false); }

}  // namespace cli

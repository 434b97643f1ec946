#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace cli {

/// The series as a row of at most `columns` bars, each the mean of the amounts that share it. The lowest and the
/// highest bar are the least and the largest amount, but at least a quarter of the largest apart, so that noise looks
/// small.
std::string sparkline(std::span<const std::int64_t> values, std::size_t columns, bool ascii);

}  // namespace cli

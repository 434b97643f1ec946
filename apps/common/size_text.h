#pragma once

#include <cstdint>
#include <string>

namespace cli {

/// A size as tracemalloc writes it: "1234 B", "12.5 KiB", "+3985 B" with `sign`. The same digits as
/// tracemalloc._format_size gives, to the last rounding.
std::string size_text(std::int64_t size, bool sign = false);

/// The same of a number that need not be whole, nor below 2^63.
std::string size_text_of(double size);

/// size / count, rounded once, as Python's division of integers is. `count` is not 0.
double average(std::int64_t size, std::int64_t count);

/// The average the way of size_text.
std::string average_text(std::int64_t size, std::int64_t count);

}  // namespace cli

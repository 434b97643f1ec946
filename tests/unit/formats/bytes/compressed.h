#pragma once

#include <string>
#include <string_view>

namespace testing {

/// One gzip member.
std::string gzip(std::string_view text);

/// One zstd frame: with the checksum that the zstd command writes by default, or without, as libraries do.
std::string zstd(std::string_view text, bool checksum);

}  // namespace testing

#pragma once

#include <string>

namespace cli {

/// All bytes of a small text file, with any compression; "-" is standard input. Throws std::runtime_error with its
/// name, beyond 16 MiB too.
std::string read_text_file(const std::string& path);

}  // namespace cli

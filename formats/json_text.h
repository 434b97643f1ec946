#pragma once

#include <string>
#include <string_view>

namespace formats {

/// Generalised UTF-8 as a JSON string with its quotes, in ASCII's escapes and UTF-8; lone surrogates as "\udcXX", from
/// which Python's json makes the same file name again. (nlohmann::json refuses those, and would hold all rows at once:
/// so this is written here.)
std::string json_string(std::string_view text);

}  // namespace formats

#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace cli {

/// A test whether a text has a match of the regular expression anywhere (RE2's syntax), in time linear in the text
/// whatever the expression. Throws UsageError.
std::function<bool(std::string_view)> compile_regex(const std::string& pattern);

}  // namespace cli

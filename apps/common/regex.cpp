#include "regex.h"

#include "command_line.h"

#ifdef TMTOOLS_REGEX
#include <re2/re2.h>

#include <memory>
#endif

namespace cli {

#ifdef TMTOOLS_REGEX

std::function<bool(std::string_view)> compile_regex(const std::string& pattern) {
  RE2::Options options;
  options.set_log_errors(false);
  const auto regex = std::make_shared<RE2>(pattern, options);
  if (!regex->ok()) throw UsageError("--regex: '" + pattern + "' is not a regular expression: " + regex->error());
  return [regex](std::string_view text) { return RE2::PartialMatch({text.data(), text.size()}, *regex); };
}

#else

std::function<bool(std::string_view)> compile_regex(const std::string& /*pattern*/) {
  throw UsageError("--regex: not in this build, which was configured with TMTOOLS_REGEX=OFF");
}

#endif

}  // namespace cli

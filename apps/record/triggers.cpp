#include "triggers.h"

#include "common/parse_value.h"

#include <strings.h>

#include <algorithm>
#include <csignal>
#include <cstring>

namespace cli {
namespace {

enum class Kind { exit, peak, signal, growth, rss };

void add_one(Triggers& triggers, const std::string& text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  const auto kind = parse_choice<Kind>(text.substr(0, colon), {{"exit", Kind::exit},
                                                               {"peak", Kind::peak},
                                                               {"signal", Kind::signal},
                                                               {"growth", Kind::growth},
                                                               {"rss", Kind::rss}});
  const std::string value = text.substr(std::min(colon + 1, text.size()));
  const bool takes_value = kind != Kind::exit && kind != Kind::peak;
  if (takes_value && value.empty()) throw UsageError("'" + text + "' needs a value, as in " + text + ":...");
  if (!takes_value && colon != text.size()) throw UsageError("'" + text.substr(0, colon) + "' takes no value");
  switch (kind) {
    case Kind::exit: triggers.exit = true; break;
    case Kind::peak: triggers.peak = true; break;
    case Kind::signal: triggers.signal = parse_signal(value); break;
    case Kind::growth: triggers.growth = std::max<std::int64_t>(1, parse_size(value)); break;
    case Kind::rss: triggers.rss = parse_size(value); break;
  }
}

}  // namespace

int parse_signal(const std::string& name) {
  const char* const bare = ::strncasecmp(name.c_str(), "SIG", 3) == 0 ? name.c_str() + 3 : name.c_str();
  for (int number = 1; number < NSIG; ++number) {
    const char* const known = ::sigabbrev_np(number);
    if ((known == nullptr || ::strcasecmp(known, bare) != 0) && name != std::to_string(number)) continue;
    // The program would not live to be recorded, or could not handle it.
    constexpr int kNot[] = {SIGKILL, SIGSTOP, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS, SIGCHLD};
    if (std::ranges::find(kNot, number) != std::end(kNot)) throw UsageError("'" + name + "' cannot ask for a snapshot");
    return number;
  }
  throw UsageError("'" + name + "' is no signal, such as USR2");
}

void Triggers::add(const std::string& list) {
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    add_one(*this, list.substr(begin, end - begin));
    begin = end + 1;
  }
}

}  // namespace cli

#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace cli {

/// What makes tmrecord write a snapshot, besides time and requests.
struct Triggers {
  bool exit = false;
  bool peak = false;
  std::optional<int> signal;
  std::optional<std::int64_t> growth;  ///< of traced memory, in bytes
  std::optional<std::int64_t> rss;     ///< bytes

  /// Adds those of a list: "exit,peak,signal:USR2,growth:64MiB,rss:2GiB". Throws UsageError.
  void add(const std::string& list);
};

/// The number of a signal by its name, with or without "SIG", or by its number. Throws UsageError.
int parse_signal(const std::string& name);

}  // namespace cli

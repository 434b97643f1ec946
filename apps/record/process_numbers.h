#pragma once

#include "options.h"

#include <snapshot/info.h>

#include <sys/resource.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace cli {

/// Numbers of a living process, from /proc; those that cannot be read are left out.
std::vector<snapshot::Metric> process_metrics(std::uint32_t pid, const MetricChoice& choice);

/// What is known of one that has ended.
std::vector<snapshot::Metric> usage_metrics(const rusage& usage, const MetricChoice& choice);

/// Bytes of memory that a process has resident.
std::optional<std::int64_t> resident_memory(std::uint32_t pid);

/// Whether there is such a process, which has not ended.
bool is_alive(std::uint32_t pid);

}  // namespace cli

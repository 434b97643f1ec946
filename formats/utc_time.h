#pragma once

#include <cstdint>
#include <string>

namespace formats {

/// "2026-01-02T03:04:05.25Z" (ISO 8601) of nanoseconds since 1970; whole seconds have no fraction. Exact, so that the
/// text says no less than the number; all of int64 is in the years 1677 to 2262.
std::string utc_time(std::int64_t nanoseconds);

}  // namespace formats

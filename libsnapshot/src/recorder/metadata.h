#pragma once

#include "recorder/region.h"

#include <cstdint>

namespace snapshot::recorder {

// What the program tells its recorder besides blocks. Safe in signal handlers: no locks, a slot that another writer has
// is left alone.

/// The row of a domain in Header::domains, counted from 1; made when there is none. 0 when there is no room. `name` may
/// be null: keep what there is.
std::uint32_t domain_row(Header& header, std::uint32_t id, const char* name);
std::uint32_t find_domain_row(const Header& header, std::uint32_t id);

/// False when there is no room.
bool set_metric_row(Header& header, const char* name, std::uint64_t bits, bool is_real, const char* format);
bool add_filter_row(Header& header, bool inclusive, const char* pattern, std::uint32_t lineno = 0,
                    bool all_frames = false);

/// The counters of all threads together.
struct Sums {
  std::int64_t traced;  ///< bytes
  std::int64_t peak;
};
Sums sum_up(RegionMap region);

void reset_peak_of(RegionMap region);

}  // namespace snapshot::recorder

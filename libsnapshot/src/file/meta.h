#pragma once

#include "plain_reader.h"

#include <snapshot/snapshot.h>

#include <cstdint>
#include <string>

namespace snapshot::file {

/// META: what is known without looking at any table.
struct Meta {
  std::int64_t size = 0;   ///< bytes of all blocks
  std::int64_t count = 0;  ///< blocks
  SnapshotInfo info;       ///< without extra_sections, which are sections of their own
};

std::string write_meta(const Snapshot& snapshot);
Meta read_meta(PlainReader& in);

}  // namespace snapshot::file

#pragma once

#include <formats/registry.h>

#include <string>
#include <string_view>

namespace testing {

/// What a format makes of a snapshot.
std::string written(std::string_view format, const snapshot::Snapshot& snapshot,
                    const formats::WriteOptions& options = {});

/// A snapshot that has every part a snapshot with single blocks can have: two blocks of a native program.
snapshot::Snapshot full_snapshot();

}  // namespace testing

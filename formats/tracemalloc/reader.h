#pragma once

#include "../bytes/byte_reader.h"
#include "../read_options.h"
#include "../sniff.h"

#include <snapshot/builder.h>

#include <memory>
#include <string_view>

namespace formats::tracemalloc {

/// Whether bytes that begin so are a pickle, and one of tracemalloc's.
Sniff sniff(std::string_view head);

/// Reads the dump of a tracemalloc.Snapshot (FORMAT.md). Throws FormatError. O(length), in memory for the distinct
/// tracebacks and, unless `totals_only`, 8 bytes a trace; more where the dump came through a pipe or shares what
/// CPython does not share.
snapshot::Snapshot read(ByteReader& bytes, const std::shared_ptr<snapshot::Symbols>& symbols,
                        const ReadOptions& options, Lost& lost);

}  // namespace formats::tracemalloc

#pragma once

#include "../bytes/byte_reader.h"
#include "../read_options.h"
#include "../sniff.h"

#include <snapshot/builder.h>

#include <memory>
#include <string_view>

namespace formats::sites {

/// Whether bytes that begin so are a text of sites.
Sniff sniff(std::string_view head);

/// Reads such a text (FORMAT.md): a Snapshot without has_traces(), of tracebacks of one frame. Throws FormatError.
/// O(length), in memory for the names and the sites.
snapshot::Snapshot read(ByteReader& bytes, const std::shared_ptr<snapshot::Symbols>& symbols,
                        const ReadOptions& options, Lost& lost);

}  // namespace formats::sites

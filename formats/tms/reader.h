#pragma once

#include "../bytes/byte_reader.h"
#include "../read_options.h"
#include "../sniff.h"

#include <snapshot/file.h>

#include <memory>
#include <string_view>

namespace formats::tms {

/// Whether bytes that begin so are a .tms file.
Sniff sniff(std::string_view head);

/// Opens a file, of which sections are read when they are asked for, where it is mapped; else reads the sections that
/// `options` asks for. `bytes` must outlive the result. Throws snapshot::Error.
snapshot::SnapshotFile open(ByteReader& bytes, const ReadOptions& options);

/// Reads a snapshot of such a file. Throws snapshot::Error.
snapshot::Snapshot read(ByteReader& bytes, const std::shared_ptr<snapshot::Symbols>& symbols,
                        const ReadOptions& options, Lost& lost);

}  // namespace formats::tms

#pragma once

#include "destination.h"

#include <formats/registry.h>

#include <string>

namespace cli {

/// The format of this name that is written. Throws UsageError.
const formats::Format* parse_writer(const std::string& name);

/// The format to write: `chosen`, or when that is null the one that the name of the file says; .tms to standard output.
/// Throws UsageError when nothing says it.
const formats::Format& output_format(const formats::Format* chosen, const Destination& out);

/// Says on stderr what the snapshot has and the format cannot carry.
void tell_left_out(const snapshot::Snapshot& snapshot, const formats::Format& format, const Destination& out);

}  // namespace cli

#pragma once

#include "timing.h"

#include <formats/load.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cli {

/// What a message calls a file: "-" is standard input.
std::string input_name(const std::string& path);

/// Throws UsageError for what cannot be read twice.
void refuse_twice(const std::vector<std::string>& paths);

/// Opens a file for `read` to read, with a bar of progress where somebody waits for it; "-" is standard input. Throws
/// std::runtime_error with its name.
void read_input(const std::string& path, const std::function<void(formats::ByteReader&)>& read);

/// Reads one file; "-" is standard input. Throws std::runtime_error with its name.
formats::Loaded load_file(const std::string& path, formats::LoadOptions options,
                          const std::shared_ptr<snapshot::Symbols>& symbols, Timing& timing);

}  // namespace cli

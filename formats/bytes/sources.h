#pragma once

#include "byte_reader.h"
#include "byte_source.h"
#include "read_progress.h"

#include <memory>
#include <string>
#include <string_view>

namespace formats {

/// Reads an open descriptor, which it owns. Its reads throw FormatError.
std::unique_ptr<ByteSource> make_descriptor_source(int descriptor);

/// Decompress what `input` still holds; throw FormatError on damage. Concatenated members or frames are read as one.
std::unique_ptr<ByteSource> make_gzip_source(ByteReader input);
std::unique_ptr<ByteSource> make_zstd_source(ByteReader input);

/// Opens a file ("-" is standard input), mapped where it is a regular one, and peels off a compression that its first
/// bytes show. Throws FormatError when it cannot be opened, is a directory, or is empty. Reading it is reported to
/// `progress`, if there is one, which outlives the reader.
ByteReader open_bytes(const std::string& path, ReadProgress* progress = nullptr);

}  // namespace formats

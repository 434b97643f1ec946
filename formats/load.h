#pragma once

#include "bytes/byte_reader.h"
#include "registry.h"

#include <snapshot/snapshot.h>

#include <memory>

namespace formats {

struct LoadOptions : ReadOptions {
  const Format* format = nullptr;  ///< recognised by content when null
};

struct Loaded {
  snapshot::Snapshot snapshot;
  const Format* format;
  Lost lost;
};

/// The format of bytes that begin at the cursor: the one that says yes, else the one that says maybe. Throws
/// FormatError.
const Format& recognise(ByteReader& bytes);

/// Reads a whole snapshot whose values go into `symbols`. Throws FormatError, or snapshot::Error when the model refuses
/// it.
Loaded load(ByteReader bytes, const std::shared_ptr<snapshot::Symbols>& symbols, const LoadOptions& options = {});

}  // namespace formats

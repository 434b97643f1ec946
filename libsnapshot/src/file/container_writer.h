#pragma once

#include "compression.h"

#include <snapshot/output_file.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace snapshot::file {

/// Writes header, chunks, directory and trailer in one forward pass.
class ContainerWriter {
 public:
  /// `minor` is the minor version, which says what sections there may be.
  ContainerWriter(ByteSink& sink, int level, std::uint16_t minor);

  /// Writes a section whose plain bytes are the columns, one after the other.
  void add(std::string_view type, std::span<const std::string> columns);

  /// Writes a section that was compressed already.
  void add_stored(std::string_view type, std::string_view stored, std::uint64_t plain);

  /// Writes directory and trailer. To be called once, at the end.
  void finish();

  Compressor& compressor() { return compressor_; }

 private:
  void write(std::string_view bytes);

  ByteSink& sink_;
  Compressor compressor_;
  std::uint64_t offset_ = 0;
  std::vector<Section> sections_;
};

}  // namespace snapshot::file

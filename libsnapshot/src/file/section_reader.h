#pragma once

#include "container_reader.h"
#include "plain_reader.h"

#include <snapshot/file.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

namespace snapshot::file {

/// Has a section read from its first to its last byte.
template <typename Parse>
auto read_section(Container& container, std::string_view type, Parse parse) {
  const std::size_t at = container.need(type);
  const Section& section = container.sections[at];
  PlainReader in(section.type, section.offset, container.decompressor.unpack(section, container.stored[at]));
  if constexpr (std::is_void_v<decltype(parse(in))>) {
    parse(in);
    in.finish();
  } else {
    auto result = parse(in);
    in.finish();
    return result;
  }
}

/// A section that is kept, to be read in part, or more than once.
class KeptSection {
 public:
  KeptSection(Container& container, std::string_view type)
      : section_(container.sections[container.need(type)]),
        plain_(container.decompressor.section(section_, container.stored[container.need(type)])) {}

  PlainReader reader() const { return {section_.type, section_.offset, plain_}; }

 private:
  const Section& section_;
  std::string plain_;
};

}  // namespace snapshot::file

#include "load.h"

#include "format_error.h"

#include <utility>

namespace formats {

const Format& recognise(ByteReader& bytes) {
  constexpr std::size_t kHead = 4096;
  bytes.ensure(kHead);
  const std::string_view head = bytes.window().substr(0, kHead);
  const Format* candidate = nullptr;
  for (const Format& format : all_formats()) {
    if (format.sniff == nullptr) continue;
    const Sniff answer = format.sniff(head);
    if (answer == Sniff::yes) return format;
    if (answer == Sniff::maybe && candidate == nullptr) candidate = &format;
  }
  if (candidate != nullptr) return *candidate;
  throw FormatError("not a snapshot of a known format (" + format_names() + ")");
}

Loaded load(ByteReader bytes, const std::shared_ptr<snapshot::Symbols>& symbols, const LoadOptions& options) {
  const Format& format = options.format != nullptr ? *options.format : recognise(bytes);
  Lost lost;
  snapshot::Snapshot snapshot = format.read(bytes, symbols, options, lost);
  return {std::move(snapshot), &format, std::move(lost)};
}

}  // namespace formats

// Any bytes as a text of sites: they load or are refused, by the same words on every way in; and what loads is written
// so that it loads again, and is then the same bytes. Links with libFuzzer, or with replay.cpp for the corpus.
#include "../formats/outcome.h"
#include "require.h"

#include <formats/registry.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace {

using formats::Detail;
using fuzz::require;

class Text final : public snapshot::ByteSink {
 public:
  void write(std::string_view bytes) override { text += bytes; }
  std::string text;
};

std::string written(const snapshot::Snapshot& snapshot) {
  Text sink;
  formats::find_writer("sites")->write(snapshot, {}, sink);
  return sink.text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Under the first line, without which nothing is a text of sites.
  const std::string bytes = "tmtools sites 1\n" + std::string(reinterpret_cast<const char*>(data), size);
  const auto symbols = std::make_shared<snapshot::Symbols>();
  const auto mapped = formats_test::load_mapped(bytes, symbols, Detail::totals);
  const auto streamed = formats_test::load_streamed(bytes, 1 + size % 61, symbols, Detail::traces);
  require(formats_test::agree(mapped, streamed), "a pipe agrees with a file");
  if (!mapped.snapshot) return 0;
  const std::string text = written(*mapped.snapshot);
  const auto again = formats_test::load_mapped(text, symbols, Detail::totals);
  require(again.snapshot && formats_test::agree(mapped, again), "what was written says the same");
  require(written(*again.snapshot) == text, "and is written again the same");
  return 0;
}

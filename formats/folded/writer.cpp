#include "writer.h"

#include <fmt/format.h>
#include <snapshot/utf8.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace formats::folded {
namespace {

/// Text without what means something in a line, ';' and control characters, and in UTF-8 proper.
std::string clean(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const char32_t code_point = snapshot::decode_utf8(text, at);
    if (code_point == U';') {
      result += ':';
    } else if (code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0)) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned>(code_point));
    } else if ((code_point >= 0xD800 && code_point <= 0xDFFF) || code_point == 0x2028 || code_point == 0x2029) {
      result += fmt::format("\\u{:04x}", static_cast<unsigned>(code_point));
    } else {
      result += text.substr(start, at - start);
    }
  }
  return result;
}

/// The text of each frame, made once.
class FrameTexts {
 public:
  explicit FrameTexts(const snapshot::Symbols& symbols) : symbols_(symbols), texts_(symbols.frame_count()) {}

  const std::string& of(snapshot::FrameId id) {
    std::string& text = texts_[row(id)];
    if (text.empty()) text = make(symbols_.frame(id));
    return text;
  }

 private:
  std::string make(snapshot::Frame frame) const {
    std::string line = fmt::format("{}:{}", clean(symbols_.text(frame.filename)), frame.lineno);
    if (frame.function == snapshot::kUnknownString) return line;
    return fmt::format("{} ({})", clean(symbols_.text(frame.function)), line);
  }

  const snapshot::Symbols& symbols_;
  std::vector<std::string> texts_;
};

}  // namespace

void write(const snapshot::Snapshot& snapshot, const WriteOptions& options, snapshot::ByteSink& sink) {
  if (snapshot.has_samples()) return write(snapshot.estimated(), options, sink);
  const bool by_size = options.amount.value_or(Amount::size) == Amount::size;
  FrameTexts frames(snapshot.symbols());
  std::unordered_map<std::string, std::int64_t> numbers;
  for (const snapshot::Total& total : snapshot.totals()) {
    if (total.count == 0) continue;
    std::string line;
    for (const snapshot::FrameId frame : snapshot.symbols().traceback(total.traceback)) {
      line += (line.empty() ? "" : ";") + frames.of(frame);
    }
    numbers[std::move(line)] += by_size ? total.size : total.count;
  }
  std::vector<std::pair<std::string_view, std::int64_t>> lines(numbers.begin(), numbers.end());
  std::ranges::sort(lines);
  for (const auto& [line, number] : lines) sink.write(fmt::format("{} {}\n", line, number));
}

}  // namespace formats::folded

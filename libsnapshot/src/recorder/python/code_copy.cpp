#include "recorder/python/code_copy.h"

#include "recorder/python/line_number.h"

#include <snapshot/utf8.h>

#include <algorithm>
#include <cstring>

namespace snapshot::recorder {

std::string text_of_code(std::string_view text) {
  return is_generalised_utf8(text) ? std::string(text) : text_from_bytes(text);
}

CodeCopy::CodeCopy(const RegionFile& region, const PythonPart& part)
    : is_there_(part.minor.load() != 0), line_table_(part.line_table) {
  const std::size_t types = std::min<std::size_t>(part.type_count.load(), kMaxTypes);
  types_.assign(part.type_names, part.type_names + types);
  codes_.resize(std::min<std::size_t>(part.code_count.load(), kMaxCodes));
  texts_.resize(std::min<std::size_t>(std::size_t{part.text_used.load()} * kTextUnit, kTextBytes));
  region.read(Layout::kCodes, codes_.data(), codes_.size() * sizeof(CodeRow));
  region.read(Layout::kTexts, texts_.data(), texts_.size());
}

std::string_view CodeCopy::text(std::uint32_t place) const {
  const std::size_t begin = std::size_t{place} * kTextUnit;
  TextRow row{};
  if (begin > texts_.size() || texts_.size() - begin < sizeof row) return {};
  std::memcpy(&row, texts_.data() + begin, sizeof row);
  const std::size_t most = texts_.size() - begin - sizeof row;
  return {texts_.data() + begin + sizeof row, std::min<std::size_t>(row.size, most)};
}

std::uint32_t CodeCopy::line(std::uint64_t frame) const {
  if (!has(frame)) return 0;
  const std::string_view table = text(row(frame).lines);
  return line_number(line_table_, reinterpret_cast<const unsigned char*>(table.data()), table.size(),
                     row(frame).first_line, instruction_of(frame));
}

}  // namespace snapshot::recorder

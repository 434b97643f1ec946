#include "tms_input.h"

#include "tms_assembler.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace testing {
namespace {

constexpr std::size_t kTypes = kInputTypes.size() / 4;
constexpr char kFileMark = '\x8D';

std::string type_of(char which) {
  if (which == 't') return "tYPE";
  return std::string(kInputTypes.substr(4 * (static_cast<unsigned char>(which) % kTypes), 4));
}

/// The next 2 bytes of length and what they say, which is taken from the front.
std::string_view take_counted(std::string_view& input) {
  const auto byte = [&](std::size_t at) {
    return at < input.size() ? static_cast<std::size_t>(static_cast<unsigned char>(input[at])) : 0;
  };
  const std::size_t length = byte(0) + 256 * byte(1);
  input.remove_prefix(std::min<std::size_t>(2, input.size()));
  const std::string_view taken = input.substr(0, length);
  input.remove_prefix(taken.size());
  return taken;
}

/// The bytes of the varint at the front, which is taken.
std::string take_varint(std::string_view& bytes) {
  std::size_t length = 0;
  while (length < bytes.size() && static_cast<unsigned char>(bytes[length]) >= 0x80) ++length;
  const std::string taken(bytes.substr(0, length + 1));
  bytes.remove_prefix(taken.size());
  return taken;
}

constexpr std::size_t kIndexHead = 5;  // numbers before those of pages

/// Puts in the lengths of pages, or takes them out.
std::string with_page_lengths(std::string_view index, const std::vector<std::string>& lengths, bool put_in) {
  std::string result;
  bool has_address = false;
  for (std::size_t at = 0; at < kIndexHead; ++at) {
    const std::string number = take_varint(index);
    if (at == 1) has_address = !number.empty() && (number[0] & 1) != 0;
    result += number;
  }
  for (const std::string& length : lengths) {
    if (put_in) {
      result += length;
    } else {
      take_varint(index);
    }
    if (has_address) result += take_varint(index) + take_varint(index);
  }
  return result.append(index);
}

}  // namespace

std::string file_of_input(std::string_view input) {
  if (input.starts_with(kFileMark)) return std::string(input);
  FileParts parts;
  std::vector<std::string> lengths;
  input.remove_prefix(std::min<std::size_t>(1, input.size()));
  while (!input.empty()) {
    const std::string type = type_of(input[0]);
    input.remove_prefix(1);
    Part part{type, std::string(take_counted(input))};
    if (part.type == "BLKS") {
      std::string stored;
      std::string plain;
      for (std::string_view pages = part.plain; !pages.empty();) {
        const std::string_view page = take_counted(pages);
        const std::string frame = zstd_frame(page);
        lengths.push_back(varint(frame.size()));
        stored += frame;
        plain += page;
      }
      part = {"BLKS", plain, stored};
    }
    parts.parts.push_back(std::move(part));
  }
  for (Part& part : parts.parts) {
    if (part.type == "BIDX") part.plain = with_page_lengths(part.plain, lengths, true);
  }
  return assemble(parts);
}

std::string input_of_file(std::string_view file) {
  std::string input(1, '\0');
  std::vector<std::string> lengths;
  const FileParts parts = parts_of(file);
  std::vector<std::string> pages;
  for (const Part& part : parts.parts) {
    if (part.type == "BLKS") pages = frames_of(*part.stored);
  }
  for (const Part& part : parts.parts) {
    std::string plain = part.plain;
    if (part.type == "BIDX") plain = with_page_lengths(plain, std::vector<std::string>(pages.size()), false);
    if (part.type == "BLKS") {
      plain.clear();
      for (const std::string& page : pages) plain += fixed(page.size(), 2) + page;
    }
    char which = 0;
    while (type_of(which) != part.type) ++which;
    input += which;
    input += fixed(plain.size(), 2) + plain;
  }
  return input;
}

}  // namespace testing

#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace testing {

// .tms files made by hand, so that they can lie: by FILE_FORMAT.md, and with nothing of the codec.

std::string varint(std::uint64_t value);
std::string svarint(std::int64_t value);
std::string varints(std::initializer_list<std::uint64_t> values);
std::string fixed(std::uint64_t value, std::size_t size);  ///< lowest byte first
std::string text(std::string_view value);                  ///< behind its length

/// `head`, then the lengths of the columns, then they.
std::string columns(std::string head, std::initializer_list<std::string> columns);

/// A zstd frame with its content size and its checksum; or without that.
std::string zstd_frame(std::string_view plain, bool checksum = true);

struct Part {
  std::string type;
  std::string plain;
  std::optional<std::string> stored = {};            ///< in place of a frame of `plain`
  std::optional<std::uint64_t> says_plain = {};      ///< in place of its length
  std::optional<std::uint64_t> directory_says = {};  ///< the same, in the directory alone
};

struct FileParts {
  std::vector<Part> parts;
  std::uint16_t major = 1;
  std::uint16_t minor = 0;

  Part& operator[](std::string_view type);  ///< throws where there is none
  void remove(std::string_view type);
  void replace(std::string_view type, std::string plain) { (*this)[type].plain = std::move(plain); }
};

/// What each of the frames holds.
std::vector<std::string> frames_of(std::string_view stored);

/// The parts of a sound file, unpacked.
FileParts parts_of(std::string_view file);

/// A plain entry of a directory: type, offset, stored length, plain length.
std::string directory_entry(std::string_view type, std::uint64_t offset, std::uint64_t stored, std::uint64_t plain);

/// A file of these parts, in their order. With `directory` that one, whatever it says.
std::string assemble(const FileParts& parts, const std::optional<std::string>& directory = {});

}  // namespace testing

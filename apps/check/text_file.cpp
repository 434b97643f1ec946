#include "text_file.h"

#include "common/load_file.h"

#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace cli {

std::string read_text_file(const std::string& path) {
  std::error_code error;
  // To read_input() an empty file is a fault, which it is not here.
  if (path != "-" && std::filesystem::is_regular_file(path, error) && std::filesystem::file_size(path, error) == 0) {
    return {};
  }
  std::string text;
  read_input(path, [&](formats::ByteReader& bytes) {
    constexpr std::size_t kMost = std::size_t{16} << 20U;
    while (bytes.ensure(1)) {
      text += bytes.window();
      bytes.advance(bytes.window().size());
      if (text.size() > kMost) throw std::runtime_error("is larger than 16 MiB");
    }
  });
  return text;
}

}  // namespace cli

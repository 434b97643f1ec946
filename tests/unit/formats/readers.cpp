#include "readers.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace testing {
namespace {

class PieceSource final : public formats::ByteSource {
 public:
  PieceSource(std::string bytes, std::size_t step) : bytes_(std::move(bytes)), step_(step) {}

  std::size_t read(std::span<std::byte> into) override {
    const std::size_t count = std::min({into.size(), step_, bytes_.size() - at_});
    std::memcpy(into.data(), bytes_.data() + at_, count);
    at_ += count;
    return count;
  }

 private:
  std::string bytes_;
  std::size_t step_;
  std::size_t at_ = 0;
};

}  // namespace

formats::ByteReader mapped(std::string_view bytes) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), &std::fclose);
  if (!file || std::fwrite(bytes.data(), 1, bytes.size(), file.get()) != bytes.size() || std::fflush(file.get()) != 0) {
    throw std::runtime_error("cannot write a temporary file");
  }
  return formats::ByteReader(snapshot::Mapping(::fileno(file.get()), bytes.size()));
}

formats::ByteReader piped(std::string bytes, std::size_t step) {
  return formats::ByteReader(std::make_unique<PieceSource>(std::move(bytes), step));
}

std::string drained(formats::ByteSource& source, std::size_t step) {
  std::string all;
  std::vector<std::byte> piece(step);
  for (;;) {
    const std::size_t got = source.read(piece);
    if (got == 0) return all;
    all.append(reinterpret_cast<const char*>(piece.data()), got);
  }
}

}  // namespace testing

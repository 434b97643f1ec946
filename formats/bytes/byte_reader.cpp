#include "byte_reader.h"

#include <algorithm>
#include <span>
#include <utility>

namespace formats {
namespace {

constexpr std::size_t kBufferSize = std::size_t{256} << 10U;
constexpr std::size_t kMappedWindow = std::size_t{1} << 20U;

}  // namespace

ByteReader::ByteReader(snapshot::Mapping mapping) : mapping_(std::move(mapping)) {
  mapping_.expect_sequential();
  begin_ = cursor_ = end_ = dropped_ = mapping_.bytes().data();
}

ByteReader::ByteReader(std::unique_ptr<ByteSource> source) : source_(std::move(source)), buffer_(kBufferSize) {
  begin_ = cursor_ = end_ = buffer_.data();
}

std::optional<std::string_view> ByteReader::mapped() const {
  if (source_ || cursor_ != begin_) return std::nullopt;
  return std::string_view(mapping_.bytes().data(), mapping_.bytes().size());
}

void ByteReader::rewind() {
  if (source_) {
    *this = std::function<ByteReader()>(std::move(reopen_))();
  } else {
    cursor_ = end_ = dropped_ = begin_;
  }
}

void ByteReader::report_to(ReadProgress* progress) {
  progress_ = progress;
  if (progress_ == nullptr) return;
  progress_->length = remaining().value_or(0);
  report(offset());
}

void ByteReader::report(std::uint64_t offset) {
  if (progress_ != nullptr) progress_->offset.store(offset, std::memory_order_relaxed);
}

bool ByteReader::refill(std::size_t count) {
  if (source_) {
    fill_buffer(count);
  } else {
    slide_mapping(count);
  }
  return static_cast<std::size_t>(end_ - cursor_) >= count;
}

void ByteReader::slide_mapping(std::size_t count) {
  const auto left = static_cast<std::size_t>(begin_ + mapping_.bytes().size() - cursor_);
  end_ = cursor_ + std::min(left, std::max(count, kMappedWindow));
  mapping_.drop(dropped_, cursor_);
  dropped_ = cursor_;
  report(offset());
}

void ByteReader::fill_buffer(std::size_t count) {
  const auto visible = static_cast<std::size_t>(end_ - cursor_);
  base_ = offset();
  std::copy(cursor_, end_, buffer_.data());
  if (buffer_.size() < count) buffer_.resize(count);
  std::size_t filled = visible;
  while (filled < count && !source_ended_) {
    const std::size_t got = source_->read(std::as_writable_bytes(std::span(buffer_).subspan(filled)));
    filled += got;
    source_ended_ = got == 0;
    report(base_ + filled);
  }
  begin_ = cursor_ = buffer_.data();
  end_ = begin_ + filled;
}

bool ByteReader::skip(std::uint64_t count) {
  if (const auto left = remaining(); left && count > *left) return false;
  while (count > 0) {
    if (!ensure(1)) return false;
    const std::uint64_t step = std::min<std::uint64_t>(count, window().size());
    advance(step);
    count -= step;
  }
  return true;
}

std::optional<std::uint64_t> ByteReader::remaining() const {
  if (source_) return std::nullopt;
  return static_cast<std::uint64_t>(begin_ + mapping_.bytes().size() - cursor_);
}

}  // namespace formats

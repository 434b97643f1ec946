#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace snapshot {

/// A growing array of plain values, for columns of millions of rows. Unlike std::vector it grows by realloc, which for
/// large blocks moves pages and not bytes: no second copy at the peak, and half the page faults, which took a fifth of
/// the time of reading a dump.
template <typename Value>
class Column {
  static_assert(std::is_trivially_copyable_v<Value> && alignof(Value) <= alignof(std::max_align_t));

 public:
  Column() = default;
  Column(std::initializer_list<Value> values) { append(std::span(values.begin(), values.size())); }
  Column(const Column& other) { append(other.values()); }
  Column(Column&& other) noexcept { swap(other); }
  Column& operator=(Column other) noexcept {
    swap(other);
    return *this;
  }
  ~Column() { std::free(data_); }

  void push_back(const Value& value) {
    const Value copy = value;  // it may be one of ours
    if (size_ == capacity_) grow(size_ + 1);
    data_[size_++] = copy;
  }

  /// `values` are not of this column.
  void append(std::span<const Value> values) {
    if (values.empty()) return;
    if (capacity_ - size_ < values.size()) grow(size_ + values.size());
    std::memcpy(static_cast<void*>(data_ + size_), values.data(), values.size_bytes());
    size_ += values.size();
  }

  /// New rows are value-initialised.
  void resize(std::size_t rows) {
    if (rows > capacity_) grow(rows);
    for (std::size_t at = size_; at < rows; ++at) data_[at] = Value{};
    size_ = rows;
  }

  Value& operator[](std::size_t at) { return data_[at]; }
  const Value& operator[](std::size_t at) const { return data_[at]; }
  std::span<const Value> values() const { return {data_, size_}; }
  std::span<Value> values() { return {data_, size_}; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

 private:
  void grow(std::size_t least) {
    const std::size_t capacity = std::max({least, 2 * capacity_, std::size_t{16}});
    void* data = capacity > PTRDIFF_MAX / sizeof(Value) ? nullptr : std::realloc(data_, capacity * sizeof(Value));
    if (data == nullptr) throw std::bad_alloc();
    data_ = static_cast<Value*>(data);
    capacity_ = capacity;
  }

  void swap(Column& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

  Value* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace snapshot

#pragma once

#include "layout.h"
#include "plain_reader.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

namespace snapshot::file {

/// What a row of TOTL is of, as it stands.
struct TotalKey {
  std::uint32_t traceback;  ///< row of TRCB
  std::uint64_t nframe;     ///< total_nframe, coded
  std::uint32_t domain;
};

struct TotalSums {
  std::int64_t size;   ///< bytes
  std::int64_t count;  ///< blocks
};

/// The rows of TOTL, one after the other. Keys and sums are in different columns, so that either can be read alone.
class TotalRows {
 public:
  /// `tracebacks` is how many there are, if that is known.
  explicit TotalRows(PlainReader& in, std::uint64_t tracebacks = kMostRows)
      : rows_(in.varint()),
        columns_(in.columns<6>()),
        tracebacks_(tracebacks),
        count_(columns_[0].check_rows(rows_, kMostRows, "totals")) {}

  std::uint32_t count() const { return count_; }

  TotalKey next_key() {
    constexpr std::uint32_t kMost = std::numeric_limits<std::uint32_t>::max();
    traceback_ += columns_[0].varint(tracebacks_, "tracebacks");
    if (traceback_ >= tracebacks_) {
      fail(name(keys_) + " names traceback " + std::to_string(traceback_) + ", but there are " +
           std::to_string(tracebacks_));
    }
    ++keys_;
    const std::uint64_t nframe = columns_[1].varint();
    return {static_cast<std::uint32_t>(traceback_), nframe, columns_[2].varint32(kMost, "that a domain can be")};
  }

  /// That of the key that was read last, whose traceback has so many frames.
  std::uint32_t total_nframe(const TotalKey& key, std::size_t length) const {
    constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
    if (key.nframe == 0) return 0;
    const std::uint64_t excess = key.nframe - 1;
    const std::int64_t sign = static_cast<std::int64_t>(excess >> 1U) ^ -static_cast<std::int64_t>(excess & 1U);
    std::int64_t nframe = 0;
    if (__builtin_add_overflow(sign, static_cast<std::int64_t>(length), &nframe) || nframe <= 0 || nframe > kMost)
      columns_[1].fail(name(keys_ - 1) + " has an impossible total_nframe");
    return static_cast<std::uint32_t>(nframe);
  }

  /// All sums together are no more than 63 bits.
  TotalSums next_sums() {
    constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
    const auto count = 1 + static_cast<std::int64_t>(columns_[3].varint(kMost - 1, "blocks"));
    const auto average = static_cast<std::int64_t>(columns_[4].varint(kMost, "bytes"));
    const auto remainder =
        static_cast<std::int64_t>(columns_[5].varint(static_cast<std::uint64_t>(count - 1), "bytes"));
    std::int64_t size = 0;
    if (__builtin_mul_overflow(average, count, &size) || __builtin_add_overflow(size, remainder, &size))
      columns_[4].fail(name(sums_) + " is more than 63 bits");
    if (__builtin_add_overflow(size_, size, &size_) || __builtin_add_overflow(blocks_, count, &blocks_))
      columns_[4].fail("the totals add up to more than 63 bits");
    ++sums_;
    return {size, count};
  }

  void finish() const {
    for (const PlainReader& column : columns_) column.finish();
  }

  [[noreturn]] void fail(const std::string& what) const { columns_[0].fail(what); }

 private:
  static std::string name(std::uint32_t row) { return "total " + std::to_string(row); }

  std::uint64_t rows_;
  std::array<PlainReader, 6> columns_;  // traceback, nframe, domain, count, average, remainder
  std::uint64_t tracebacks_;
  std::uint32_t count_;
  std::uint32_t keys_ = 0;       // that were read
  std::uint64_t traceback_ = 0;  // of the key before
  std::uint32_t sums_ = 0;       // that were read
  std::int64_t size_ = 0;        // all of them together
  std::int64_t blocks_ = 0;
};

}  // namespace snapshot::file

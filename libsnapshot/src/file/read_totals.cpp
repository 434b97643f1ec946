#include "layout.h"
#include "total_sections.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <tuple>

namespace snapshot::file {
namespace {

constexpr std::uint32_t kMost32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::int64_t kMost63 = std::numeric_limits<std::int64_t>::max();

/// The reverse of what write_totals() puts for frames beyond those that are kept; nothing when there is no such number.
std::optional<std::uint32_t> total_nframe(std::uint64_t coded, std::size_t length) {
  if (coded == 0) return 0;
  const std::uint64_t excess = coded - 1;
  const std::int64_t sign = static_cast<std::int64_t>(excess >> 1U) ^ -static_cast<std::int64_t>(excess & 1U);
  std::int64_t nframe = 0;
  if (__builtin_add_overflow(sign, static_cast<std::int64_t>(length), &nframe)) return std::nullopt;
  if (nframe <= 0 || nframe > std::int64_t{kMost32}) return std::nullopt;
  return static_cast<std::uint32_t>(nframe);
}

std::string row_text(const char* what, std::size_t row) { return std::string(what) + " " + std::to_string(row); }

}  // namespace

void read_totals(PlainReader& in, const Tracebacks& tracebacks, const std::function<void(const Total&)>& use) {
  const std::uint64_t rows = in.varint();
  auto [numbers, nframes, domains, counts, averages, remainders] = in.columns<6>();
  const std::uint32_t count = numbers.check_rows(rows, kMostRows, "totals");
  Total before{};
  std::uint64_t number = 0;
  std::int64_t sum = 0;     // bytes
  std::int64_t blocks = 0;  // of all totals
  for (std::uint32_t at = 0; at < count; ++at) {
    const std::uint64_t step = numbers.varint(tracebacks.ids.size(), "tracebacks");
    number += step;
    if (number >= tracebacks.ids.size()) {
      numbers.fail(row_text("total", at) + " names traceback " + std::to_string(number) + ", but there are " +
                   std::to_string(tracebacks.ids.size()));
    }
    Total total{tracebacks.ids[number], 0, 0, 0, 0};
    const auto nframe = total_nframe(nframes.varint(), tracebacks.lengths[number]);
    if (!nframe) nframes.fail(row_text("total", at) + " has an impossible total_nframe");
    total.total_nframe = *nframe;
    total.domain = domains.varint32(kMost32, "that a domain can be");
    const auto key = [](const Total& row) { return std::tuple(row.total_nframe, row.domain); };
    if (at > 0 && step == 0 && key(before) >= key(total)) numbers.fail("totals are not in order");
    total.count = 1 + static_cast<std::int64_t>(counts.varint(std::uint64_t{kMost63} - 1, "blocks"));
    const auto average = static_cast<std::int64_t>(averages.varint(std::uint64_t{kMost63}, "bytes"));
    const auto remainder =
        static_cast<std::int64_t>(remainders.varint(static_cast<std::uint64_t>(total.count - 1), "bytes"));
    if (__builtin_mul_overflow(average, total.count, &total.size) ||
        __builtin_add_overflow(total.size, remainder, &total.size)) {
      averages.fail(row_text("total", at) + " is more than 63 bits");
    }
    if (__builtin_add_overflow(sum, total.size, &sum) || __builtin_add_overflow(blocks, total.count, &blocks)) {
      averages.fail("the totals add up to more than 63 bits");
    }
    use(total);
    before = total;
  }
  for (const PlainReader& column : {numbers, nframes, domains, counts, averages, remainders}) column.finish();
}

std::vector<SizeRow> read_sizes(PlainReader& in, std::span<const Total> totals) {
  auto [distinct, sizes, counts] = in.columns<3>();
  std::vector<SizeRow> rows;
  rows.reserve(totals.size() + std::min<std::size_t>(sizes.left(), kMostRows));
  for (std::uint32_t at = 0; at < totals.size(); ++at) {
    const Total& total = totals[at];
    const std::uint64_t others = distinct.varint(kMostBlocks, "sizes of one total");
    if (others > counts.left()) distinct.fail(row_text("total", at) + " has more sizes than there are");
    std::int64_t size = others == 0 ? total.size / total.count : -1;
    std::int64_t blocks = total.count;
    std::int64_t bytes = 0;
    for (std::uint64_t number = 0; number <= others; ++number) {
      bool fits = true;
      if (others > 0) {
        const auto step = static_cast<std::int64_t>(sizes.varint(std::uint64_t{kMost63} - 1, "bytes"));
        fits = !__builtin_add_overflow(size, step + 1, &size);
      }
      // The last has what is left.
      const std::int64_t count =
          number == others ? blocks
                           : 1 + static_cast<std::int64_t>(counts.varint(std::uint64_t{kMost63} - 1, "blocks"));
      blocks -= count;
      std::int64_t together = 0;
      fits = fits && count > 0 && blocks >= 0 && !__builtin_mul_overflow(size, count, &together) &&
             !__builtin_add_overflow(bytes, together, &bytes);
      if (!fits) sizes.fail("the sizes of " + row_text("total", at) + " do not add up to it");
      rows.push_back({at, size, count});
    }
    if (bytes != total.size) sizes.fail("the sizes of " + row_text("total", at) + " do not add up to it");
  }
  for (const PlainReader& column : {distinct, sizes, counts}) column.finish();
  return rows;
}

}  // namespace snapshot::file

#include "layout.h"
#include "total_rows.h"
#include "total_sections.h"

#include <limits>
#include <tuple>

namespace snapshot::file {
namespace {

constexpr std::int64_t kMost63 = std::numeric_limits<std::int64_t>::max();

std::string row_text(const char* what, std::size_t row) { return std::string(what) + " " + std::to_string(row); }

}  // namespace

void read_totals(PlainReader& in, const Tracebacks& tracebacks, const std::function<void(const Total&)>& use) {
  TotalRows rows(in, tracebacks.ids.size());
  std::tuple<std::uint32_t, std::uint32_t, std::uint32_t> before;
  for (std::uint32_t at = 0; at < rows.count(); ++at) {
    const TotalKey key = rows.next_key();
    const std::uint32_t nframe = rows.total_nframe(key, tracebacks.lengths[key.traceback]);
    const std::tuple here(key.traceback, nframe, key.domain);
    if (at > 0 && before >= here) rows.fail("totals are not in order");
    before = here;
    const TotalSums sums = rows.next_sums();
    use({tracebacks.ids[key.traceback], nframe, key.domain, sums.size, sums.count});
  }
  rows.finish();
}

SizeRows read_sizes(PlainReader& in, std::span<const Total> totals) {
  auto [distinct, sizes, counts] = in.columns<3>();
  SizeRows rows;
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

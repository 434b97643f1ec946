#include "writer.h"

#include "../format_error.h"
#include "pickle_output.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace formats::tracemalloc {
namespace {

constexpr std::int64_t kMostTraces = std::int64_t{1} << 31U;  // as the reader
constexpr std::size_t kBatch = 1000;                          // list items an APPENDS, as CPython's pickler

/// Memo numbers of the rows of a table, for those that were written.
class Written {
 public:
  explicit Written(std::size_t rows) : numbers_(rows, kNone) {}

  /// Puts the value of a row on the stack: the memoized one, or the one that `write` writes.
  template <typename Write>
  void put(PickleOutput& out, std::uint32_t row, Write write) {
    if (numbers_[row] != kNone) return out.get(numbers_[row]);
    write();
    numbers_[row] = out.memoize();
  }

 private:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> numbers_;
};

/// Whether traces are written as CPython 3.9 does, with a total_nframe, or as those before, without. The one cannot
/// analyse the dumps of the other, so an old dump stays an old dump; a dump tells of no runtime.
bool has_four_fields(const snapshot::Snapshot& snapshot) {
  const auto knows_total_nframe = [](const snapshot::Total& total) { return total.total_nframe != 0; };
  return !snapshot.info().process.runtime.empty() || std::ranges::any_of(snapshot.totals(), knows_total_nframe);
}

class Writer {
 public:
  Writer(const snapshot::Snapshot& snapshot, snapshot::ByteSink& sink)
      : snapshot_(snapshot),
        symbols_(snapshot.symbols()),
        out_(sink),
        filenames_(symbols_.string_count()),
        tracebacks_(symbols_.traceback_count()),
        four_fields_(has_four_fields(snapshot)) {}

  void write() {
    const std::uint32_t module = put_new("tracemalloc");
    begin_object("Snapshot");
    out_.add(Opcode::mark);
    put_new("traces");
    out_.get(module);
    begin_object("_Traces");
    put_new("_traces");
    put_traces();
    out_.add(Opcode::set_item);
    out_.add(Opcode::build);
    put_new("traceback_limit");
    put_traceback_limit();
    out_.add(Opcode::set_items);
    out_.add(Opcode::build);
    out_.stop();
  }

 private:
  /// Returns its memo number.
  std::uint32_t put_new(std::string_view text) {
    out_.add(text);
    return out_.memoize();
  }

  /// Puts a new object of a class, whose module is on the stack, and the dict of its attributes.
  void begin_object(std::string_view name) {
    put_new(name);
    out_.add(Opcode::global);
    out_.memoize();
    out_.add(Opcode::empty_tuple);
    out_.add(Opcode::newobj);
    out_.memoize();
    out_.add(Opcode::empty_dict);
    out_.memoize();
  }

  void put_traces() {
    out_.add(Opcode::empty_list);
    out_.memoize();
    const snapshot::TraceColumns& traces = snapshot_.traces();
    std::size_t in_batch = 0;
    for (std::size_t row = 0; row < traces.rows(); ++row) {
      const snapshot::Total& total = snapshot_.totals()[traces.total[row]];
      for (std::int64_t block = traces.count_of(row); block > 0; --block) {
        if (in_batch == 0) out_.add(Opcode::mark);
        put_trace(total, traces.size[row]);
        in_batch = (in_batch + 1) % kBatch;
        if (in_batch == 0) out_.add(Opcode::append_all);
        out_.flush_full();
      }
    }
    if (in_batch > 0) out_.add(Opcode::append_all);
  }

  void put_trace(const snapshot::Total& total, std::int64_t size) {
    if (four_fields_) out_.add(Opcode::mark);
    out_.add(std::int64_t{total.domain});
    out_.add(size);
    tracebacks_.put(out_, row(total.traceback), [&] { put_traceback(symbols_.traceback(total.traceback)); });
    if (four_fields_) put_total_nframe(total.total_nframe);
    out_.add(four_fields_ ? Opcode::tuple : Opcode::tuple3);
    out_.memoize();
  }

  void put_total_nframe(std::uint32_t total_nframe) {
    if (total_nframe == 0) return out_.add(Opcode::none);
    out_.add(std::int64_t{total_nframe});
  }

  void put_traceback(std::span<const snapshot::FrameId> frames) {
    constexpr std::array kTuples{Opcode::empty_tuple, Opcode::tuple1, Opcode::tuple2, Opcode::tuple3};
    const bool marked = frames.size() >= kTuples.size();
    if (marked) out_.add(Opcode::mark);
    for (std::size_t at = frames.size(); at-- > 0;) {  // the most recent first
      put_frame(symbols_.frame(frames[at]));
      out_.flush_full();
    }
    out_.add(marked ? Opcode::tuple : kTuples[frames.size()]);
  }

  void put_frame(snapshot::Frame frame) {
    filenames_.put(out_, row(frame.filename), [&] { out_.add(symbols_.text(frame.filename)); });
    out_.add(std::int64_t{frame.lineno});
    out_.add(Opcode::tuple2);
    out_.memoize();
  }

  void put_traceback_limit() {
    if (!snapshot_.info().traceback_limit) return out_.add(Opcode::none);
    out_.add(std::int64_t{*snapshot_.info().traceback_limit});
  }

  const snapshot::Snapshot& snapshot_;
  const snapshot::Symbols& symbols_;
  PickleOutput out_;
  Written filenames_;
  Written tracebacks_;
  bool four_fields_;
};

}  // namespace

void write(const snapshot::Snapshot& snapshot, const WriteOptions& /*options*/, snapshot::ByteSink& sink) {
  if (!snapshot.has_traces() && snapshot.count() > 0) {
    throw FormatError("a tracemalloc pickle holds single blocks, of which only sums are known");
  }
  if (snapshot.count() > kMostTraces) {
    throw FormatError("a tracemalloc pickle tells every block, and " + std::to_string(snapshot.count()) +
                      " are more than 2147483648");
  }
  Writer(snapshot, sink).write();
}

}  // namespace formats::tracemalloc

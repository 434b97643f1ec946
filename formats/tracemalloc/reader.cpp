#include "reader.h"

#include "../format_error.h"
#include "machine.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

namespace formats::tracemalloc {
namespace {

bool is_identifier_line(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  return !line.empty() && line.size() < text.size() && std::ranges::all_of(line, [](char c) {
    return c == '_' || c == '.' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
}

/// Protocols 0 and 1 have no header: an object begins with a GLOBAL, a container with itself and the first memo number.
bool begins_like_old_pickle(std::string_view head) {
  if (head.starts_with("(lp0\n") || head.starts_with("(dp0\n")) return true;
  if (head.starts_with(std::string_view("]q\0", 3)) || head.starts_with(std::string_view("}q\0", 3))) return true;
  return head.starts_with('c') && is_identifier_line(head.substr(1)) &&
         is_identifier_line(head.substr(head.find('\n') + 1));
}

[[noreturn]] void refuse_item(const Machine& machine, const Sequence& traces) {
  const std::string trace = "trace " + std::to_string(traces.stranger_at);
  if (traces.stranger.kind != Kind::tuple) {
    throw FormatError(traces.stranger_offset, trace + " is " + machine.describe(traces.stranger) +
                                                  ", not a tuple ([domain,] size, traceback[, total_nframe])");
  }
  const OtherTuple& tuple = machine.other_tuple(traces.stranger);
  if (tuple.flaw != nullptr) throw FormatError(tuple.offset, trace + ": " + tuple.flaw);
  throw FormatError(tuple.offset,
                    trace + " is " + machine.shape(tuple) + ", not ([domain,] size, traceback[, total_nframe])");
}

const Attributes& attributes_of(const Machine& machine, Value value, Class type, const std::string& what) {
  if (value.kind != Kind::object || machine.object(value).type != type) {
    throw FormatError(machine.offset(), what + machine.describe(value) + ", not a tracemalloc." +
                                            (type == Class::snapshot ? "Snapshot" : "_Traces"));
  }
  return machine.object(value).attributes;
}

/// Reads the whole pickle. Throws NotLean when a lean machine is not enough.
void fill(ByteReader& bytes, snapshot::SnapshotBuilder& builder, bool lean, bool salvage) {
  Machine machine(bytes, builder, lean, salvage);
  const Value root = machine.run();
  const Attributes& snapshot = attributes_of(machine, root, Class::snapshot, "holds ");
  if (snapshot.traces.kind == Kind::none) throw FormatError(machine.offset(), "the snapshot has no traces");
  const Attributes& wrapper = attributes_of(machine, snapshot.traces, Class::traces, "the snapshot's traces are ");

  if (wrapper.raw_traces.kind == Kind::none) throw FormatError(machine.offset(), "the snapshot has no traces");
  const Sequence* traces = machine.sequence(wrapper.raw_traces);
  if (traces == nullptr) {
    throw FormatError(machine.offset(),
                      "the traces are " + machine.describe(wrapper.raw_traces) + ", not a list or tuple of traces");
  }
  if (traces->stranger_offset != 0) refuse_item(machine, *traces);
  const bool all = traces->length == builder.trace_count() && traces->traces.size() <= 1;
  if (!all && builder.totals_only()) throw NotLean{};
  if (!all) builder.keep(traces->traces);

  const Value limit = snapshot.traceback_limit;
  if (limit.kind == Kind::integer && limit.payload > 0 && limit.payload <= std::numeric_limits<std::uint32_t>::max()) {
    builder.info().traceback_limit = static_cast<std::uint32_t>(limit.payload);
  }
}

snapshot::Snapshot read_once(ByteReader& bytes, snapshot::SnapshotBuilder builder, bool lean, bool salvage,
                             Lost& lost) {
  try {
    fill(bytes, builder, lean, salvage);
  } catch (const FormatError& error) {
    if (!salvage || builder.trace_count() == 0) throw;
    lost.emplace_back(error.what());  // the traces before it are there
  }
  return std::move(builder).finish();
}

}  // namespace

Sniff sniff(std::string_view head) {
  const bool has_header = head.size() >= 2 && head[0] == '\x80' && head[1] >= 2 && head[1] <= 9;
  if (!has_header && !begins_like_old_pickle(head)) return Sniff::no;
  return head.find("tracemalloc") == std::string_view::npos ? Sniff::maybe : Sniff::yes;
}

snapshot::Snapshot read(ByteReader& bytes, const std::shared_ptr<snapshot::Symbols>& symbols,
                        const ReadOptions& options, Lost& lost) {
  const bool totals_only = options.detail <= Detail::totals;
  if (bytes.can_rewind()) {
    try {
      return read_once(bytes, snapshot::SnapshotBuilder(symbols, totals_only), true, options.salvage, lost);
    } catch (const NotLean&) {
      bytes.rewind();
    }
  }
  return read_once(bytes, snapshot::SnapshotBuilder(symbols), false, options.salvage, lost);
}

}  // namespace formats::tracemalloc

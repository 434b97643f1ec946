#include "container_writer.h"
#include "layout.h"
#include "meta.h"
#include "symbol_sections.h"
#include "total_sections.h"
#include "trace_sizes.h"
#include "type_section.h"
#include "used_symbols.h"
#include "write_blocks.h"

#include <snapshot/error.h>
#include <snapshot/save.h>

#include <optional>

namespace snapshot {

void save(const Snapshot& snapshot, ByteSink& sink, const SaveOptions& options) {
  using namespace file;
  if (options.level < SaveOptions::kLeastLevel || options.level > SaveOptions::kMostLevel) {
    throw Error("level " + std::to_string(options.level) + " is not one of 1 to 22");
  }
  const UsedSymbols used(snapshot);
  const std::vector<std::uint32_t> order = order_of_totals(snapshot, used);
  const bool has_types = !snapshot.traces().type.empty();
  ContainerWriter out(sink, options.level, has_types ? kTypesMinor : kMinor);
  out.add(kMeta, std::vector{write_meta(snapshot)});
  out.add(kStrings, write_strings(snapshot.symbols(), used));
  out.add(kFrames, write_frames(snapshot.symbols(), used));
  out.add(kTracebacks, write_tracebacks(snapshot.symbols(), used));
  out.add(kTotals, write_totals(snapshot, used, order));
  if (snapshot.has_traces()) {
    const TraceSizes sizes = trace_sizes(snapshot, order);
    out.add(kSizes, write_sizes(order.size(), sizes.rows));
    const TraceColumns& traces = snapshot.traces();
    const TypeNumbers types(snapshot);
    std::optional<SortedBlocks> blocks;
    if (!traces.address.empty() || !traces.thread.empty() || !traces.birth.empty() || !traces.weight.empty()) {
      blocks = sort_blocks(snapshot, order, types);
      write_blocks(traces, *blocks, sizes, out);
    }
    if (has_types) {
      const std::vector<TypeRow> rows = type_rows(snapshot, sizes, types);
      out.add(kTypes, write_types(snapshot, types, rows, sizes, blocks ? &*blocks : nullptr));
    }
  }
  for (const ExtraSection& extra : snapshot.info().extra_sections) {
    if (!is_section_type(extra.type) || !is_optional(extra.type) || is_known(extra.type))
      throw Error("'" + extra.type + "' is no type of a section that is not known and may be passed over");
    out.add(extra.type, std::span(&extra.bytes, 1));
  }
  out.finish();
}

void save(const Snapshot& snapshot, const std::string& path, const SaveOptions& options) {
  OutputFile file(path);
  save(snapshot, file, options);
  file.commit();
}

}  // namespace snapshot

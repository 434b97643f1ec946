#pragma once

#include "report.h"
#include "trace_options.h"

#include <snapshot/info.h>
#include <snapshot/symbols.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cli {

/// What a traceback holds in one domain.
struct DomainRow {
  std::uint32_t id;
  std::string name;  ///< empty where nothing names it
  std::int64_t size = 0;
  std::int64_t count = 0;
};

/// A traceback, and what it holds.
struct TracebackRow {
  snapshot::TracebackId traceback;
  std::int64_t size = 0;
  std::int64_t count = 0;
  std::vector<DomainRow> domains;  ///< ascending

  /// Frames before the traceback limit cut them off, of the blocks of which that is known.
  struct Range {
    std::uint32_t least;
    std::uint32_t most;
  };
  std::optional<Range> total_nframe;
};

/// A block that was looked for by an address within it.
struct BlockRow {
  std::uint64_t asked;
  std::uint64_t address;  ///< of its first byte
  std::int64_t size;      ///< bytes
  std::optional<snapshot::Thread> thread;
  std::optional<std::int64_t> birth;  ///< nanoseconds since 1970-01-01T00:00:00Z
  std::optional<std::uint64_t> weight;
  snapshot::StringId type = snapshot::kUnknownString;  ///< of the object in it
};

/// What tmtrace has to say, before anyone decides how it looks.
struct TraceReport {
  std::shared_ptr<const snapshot::Symbols> symbols;
  ReportSnapshot snapshot;
  Selector selector;
  bool any_frame = false;
  Amounts total;  ///< of what was selected
  Amounts cut;    ///< of these, in tracebacks whose oldest frames the limit cut off
  std::vector<TracebackRow> rows;
  Rest others;                     ///< tracebacks behind the limit
  std::optional<Amounts> outside;  ///< of what no frame is the project's: not in the total
  std::optional<BlockRow> block;   ///< then `rows` has its traceback
};

}  // namespace cli

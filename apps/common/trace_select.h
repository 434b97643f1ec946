#pragma once

#include "report.h"
#include "timing.h"
#include "trace_options.h"
#include "trace_report.h"

#include <snapshot/snapshot.h>

#include <memory>
#include <string>
#include <vector>

namespace cli {

/// The traces that were asked for.
struct SelectedTraces {
  std::shared_ptr<snapshot::Symbols> symbols;
  snapshot::Snapshot snapshot;
  ReportSnapshot file;
  std::optional<Amounts> outside;  ///< where the project's frames alone are looked at: blocks that have none
  std::vector<bool> at_place;      ///< by FrameId: whether the frame is at the place; without rows when none was named
  std::string why_empty;           ///< a line for people, where a place was named and nothing is selected
};

/// Reads the file, filters it, and selects what the place asks for. Throws std::runtime_error with the name of the
/// file.
SelectedTraces select_traces(const TraceOptions& options, Timing& timing);

/// A report on the selection, without rows.
TraceReport report_on(const SelectedTraces& selection, const TraceOptions& options);

/// Adds a row of the totals to what its traceback holds. `names`: of domains.
void add_total(TracebackRow& traceback, const snapshot::Total& total, const std::vector<snapshot::Domain>& names);

/// The tracebacks that hold the most.
TraceReport rank_tracebacks(const SelectedTraces& selection, const TraceOptions& options);

}  // namespace cli

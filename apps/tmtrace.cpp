#include "common/output.h"
#include "common/pager.h"
#include "common/timing.h"
#include "common/tool.h"
#include "common/trace_block.h"
#include "common/trace_json.h"
#include "common/trace_options.h"
#include "common/trace_select.h"
#include "common/traceback_text.h"
#include "common/tree_text.h"

#include <snapshot/call_tree.h>

#include <optional>
#include <vector>

namespace {

void print(const cli::TraceReport& report, cli::TraceOptions& options, cli::Output& output) {
  const cli::TracebackStyle style = options.traceback_style();
  switch (options.format()) {
    case cli::OutputFormat::json: print_json(report, style, output); break;
    case cli::OutputFormat::tracemalloc: print_tracemalloc(report, style, output); break;
    default: print_tracebacks(report, style, output); break;
  }
}

void print_tree(const cli::SelectedTraces& selected, const cli::TraceOptions& options, cli::Output& output,
                cli::Timing& timing) {
  using snapshot::FrameOrder;
  const cli::TreeStyle style = options.tree_style();
  // Who calls a place that need not be the most recent frame: the tree begins there.
  const bool from_place = style.callers && options.any_frame;
  const snapshot::CallTree tree(selected.snapshot,
                                style.callers ? FrameOrder::most_recent_first : FrameOrder::oldest_first,
                                from_place ? selected.at_place : std::vector<bool>());
  timing.end(cli::Step::group);
  const cli::TraceReport report = report_on(selected, options);
  if (options.format() == cli::OutputFormat::json) {
    print_tree_json(report, tree, style, output);
  } else {
    print_tree(report, tree, style, output);
  }
}

int show_block(cli::TraceOptions& options, cli::Output& output, cli::Timing& timing) {
  const std::optional<cli::TraceReport> report = find_block(options, timing);
  if (!report) {
    cli::say("no block has the byte at " + options.selector.text);
    return cli::kNo;
  }
  print(*report, options, output);
  return cli::kDone;
}

int show_traces(cli::TraceOptions& options, cli::Output& output, cli::Timing& timing) {
  const cli::SelectedTraces selected = select_traces(options, timing);
  if (!selected.why_empty.empty()) {
    cli::say(selected.why_empty);
    return cli::kNo;
  }
  if (options.tree) {
    print_tree(selected, options, output, timing);
    return cli::kDone;
  }
  const cli::TraceReport report = rank_tracebacks(selected, options);
  timing.end(cli::Step::group);
  print(report, options, output);
  return cli::kDone;
}

int run(int argc, const char* const* argv) {
  cli::TraceOptions options;
  if (!options.parse(argc, argv)) return cli::kDone;
  cli::Timing timing;
  cli::Output output(cli::paging(options.no_pager));
  const int status =
      options.selector.address ? show_block(options, output, timing) : show_traces(options, output, timing);
  output.finish();
  timing.end(cli::Step::print);
  if (options.timing) timing.report("tmtrace");
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  return cli::run_tool("tmtrace", [&] { return run(argc, argv); });
}

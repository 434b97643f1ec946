#pragma once

#include "output.h"
#include "trace_options.h"
#include "trace_report.h"

#include <snapshot/call_tree.h>

namespace cli {

/// The tree for people: what each node holds in columns, and behind them the tree itself.
void print_tree(const TraceReport& report, const snapshot::CallTree& tree, const TreeStyle& style, Output& output);

void print_tree_json(const TraceReport& report, const snapshot::CallTree& tree, const TreeStyle& style, Output& output);

}  // namespace cli

#pragma once

#include "output.h"
#include "trace_options.h"
#include "trace_report.h"

#include <snapshot/symbols.h>

#include <string>
#include <vector>

namespace cli {

/// Frames as JSON objects, each made once: there are many more frames of tracebacks than different ones.
class FrameJson {
 public:
  /// With their lines of source, where `source` is set and has them.
  explicit FrameJson(const snapshot::Symbols& symbols, SourceLines* source = nullptr)
      : symbols_(symbols), source_(source), made_(symbols.frame_count()) {}

  const std::string& of(snapshot::FrameId id);

 private:
  const snapshot::Symbols& symbols_;
  SourceLines* source_;
  std::vector<std::string> made_;  // by FrameId
};

/// Everything of a report up to its tracebacks: the members of the object that all of tmtrace's JSON has.
void print_json_head(const TraceReport& report, Output& output);

void print_json(const TraceReport& report, const TracebackStyle& style, Output& output);

}  // namespace cli

#include "parts.h"

#include <algorithm>
#include <array>
#include <span>

namespace formats {
namespace {

struct Named {
  Part part;
  std::string_view name;
};

constexpr std::array kNames{
    Named{kTracebacks, "tracebacks"},
    Named{kBlocks, "single blocks"},
    Named{kSums, "sums without blocks"},
    Named{kTotalNframe, "total_nframe"},
    Named{kDomains, "domains"},
    Named{kDomainNames, "domain names"},
    Named{kAddresses, "addresses"},
    Named{kThreads, "threads"},
    Named{kBirthTimes, "birth times"},
    Named{kWeights, "weights"},
    Named{kTypes, "types"},
    Named{kFunctions, "functions"},
    Named{kModules, "modules"},
    Named{kTime, "time"},
    Named{kRecorder, "recorder"},
    Named{kProcess, "process"},
    Named{kTracebackLimit, "traceback limit"},
    Named{kSamplingInterval, "sampling interval"},
    Named{kTracedMemory, "traced memory"},
    Named{kRecorderMemory, "recorder memory"},
    Named{kMetrics, "metrics"},
    Named{kExtraSections, "extra sections"},
};

Parts when(bool has, Parts part) { return has ? part : 0; }

Parts parts_of_traces(const snapshot::Snapshot& snapshot) {
  const snapshot::TraceColumns& traces = snapshot.traces();
  return when(snapshot.has_traces() && traces.rows() > 0, kBlocks) |
         when(!snapshot.has_traces() && snapshot.count() > 0, kSums) | when(!traces.address.empty(), kAddresses) |
         when(!traces.thread.empty(), kThreads) | when(!traces.birth.empty(), kBirthTimes) |
         when(!traces.weight.empty(), kWeights) | when(!traces.type.empty(), kTypes);
}

Parts parts_of_totals(const snapshot::Snapshot& snapshot) {
  const snapshot::Symbols& symbols = snapshot.symbols();
  Parts parts = 0;
  for (const snapshot::Total& total : snapshot.totals()) {
    parts |= when(total.total_nframe != 0, kTotalNframe) | when(total.domain != 0, kDomains);
    const std::span<const snapshot::FrameId> traceback = symbols.traceback(total.traceback);
    parts |= when(traceback.size() > 1, kTracebacks);
    for (const snapshot::FrameId id : traceback) {
      const snapshot::Frame frame = symbols.frame(id);
      parts |= when(frame.function != snapshot::kUnknownString, kFunctions) |
               when(frame.module != snapshot::kUnknownString, kModules);
    }
  }
  return parts;
}

Parts parts_of_info(const snapshot::SnapshotInfo& info) {
  return when(!info.domains.empty(), kDomainNames) | when(!info.threads.empty(), kThreads) |
         when(!info.modules.empty(), kModules) | when(info.time.has_value(), kTime) |
         when(!info.recorder.empty(), kRecorder) | when(info.process != snapshot::Process{}, kProcess) |
         when(info.traceback_limit.has_value(), kTracebackLimit) |
         when(info.sampling_interval.has_value(), kSamplingInterval) |
         when(info.traced_memory.has_value(), kTracedMemory) | when(info.recorder_memory.has_value(), kRecorderMemory) |
         when(!info.metrics.empty(), kMetrics) | when(!info.extra_sections.empty(), kExtraSections);
}

}  // namespace

Parts parts_of(const snapshot::Snapshot& snapshot) {
  return parts_of_traces(snapshot) | parts_of_totals(snapshot) | parts_of_info(snapshot.info());
}

std::vector<std::string_view> part_names(Parts parts) {
  std::vector<std::string_view> names;
  for (const Named& named : kNames) {
    if ((parts & named.part) != 0) names.push_back(named.name);
  }
  return names;
}

}  // namespace formats

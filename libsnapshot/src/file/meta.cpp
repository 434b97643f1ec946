#include "meta.h"

#include "plain_writer.h"

#include <snapshot/utf8.h>

#include <bit>
#include <limits>

namespace snapshot::file {
namespace {

// Fields stand in the order of their tags; one that is not known is not there, and one of a list is there once for each
// element. A later minor version puts what is new into a section of its own.
enum Tag : std::uint8_t {
  kTime = 1,
  kRecorder,
  kPid,
  kCommand,
  kExecutable,
  kHost,
  kPlatform,
  kRuntime,
  kRuntimeVersion,
  kStartTime,
  kTracebackLimit,
  kSamplingInterval,
  kTracedMemory,
  kRecorderMemory,
  kDomain,
  kThread,
  kModule,
  kIntegerMetric,
  kFloatMetric,
  kTagEnd,
};

void put_tag(std::string& out, Tag tag) { out += static_cast<char>(tag); }

template <typename Value>
void put_number(std::string& out, Tag tag, const std::optional<Value>& value) {
  if (!value) return;
  put_tag(out, tag);
  if constexpr (std::is_signed_v<Value>) {
    put_signed(out, *value);
  } else {
    put_varint(out, *value);
  }
}

void put_known(std::string& out, Tag tag, const std::string& text) {
  if (text.empty()) return;
  put_tag(out, tag);
  put_text(out, text);
}

void put_process(std::string& out, const Process& process) {
  put_number(out, kPid, process.pid);
  for (const std::string& argument : process.command) {
    put_tag(out, kCommand);
    put_text(out, argument);
  }
  put_known(out, kExecutable, process.executable);
  put_known(out, kHost, process.host);
  put_known(out, kPlatform, process.platform);
  put_known(out, kRuntime, process.runtime);
  put_known(out, kRuntimeVersion, process.runtime_version);
  put_number(out, kStartTime, process.start_time);
}

void put_lists(std::string& out, const SnapshotInfo& info) {
  for (const Domain& domain : info.domains) {
    put_tag(out, kDomain);
    put_varint(out, domain.id);
    put_text(out, domain.name);
  }
  for (const Thread& thread : info.threads) {
    put_tag(out, kThread);
    put_varint(out, thread.id);
    put_text(out, thread.name);
  }
  for (const Module& module : info.modules) {
    put_tag(out, kModule);
    put_text(out, module.path);
    put_text(out, module.build_id);
    put_varint(out, module.address);
    put_varint(out, module.size);
  }
  for (const Metric& metric : info.metrics) {
    const auto* integer = std::get_if<std::int64_t>(&metric.value);
    put_tag(out, integer != nullptr ? kIntegerMetric : kFloatMetric);
    put_text(out, metric.name);
    if (integer != nullptr) {
      put_signed(out, *integer);
    } else {
      put_fixed(out, std::bit_cast<std::uint64_t>(std::get<double>(metric.value)), 8);
    }
    put_text(out, metric.format);
  }
}

std::string read_text(PlainReader& in) {
  std::string text(in.text());
  if (!is_generalised_utf8(text)) in.fail("a text is not UTF-8");
  return text;
}

void read_metric(PlainReader& in, Tag tag, SnapshotInfo& info) {
  Metric metric{read_text(in), std::int64_t{0}, ""};
  if (tag == kIntegerMetric) {
    metric.value = in.signed_varint();
  } else {
    metric.value = std::bit_cast<double>(in.fixed(8));
  }
  metric.format = read_text(in);
  info.metrics.push_back(std::move(metric));
}

void read_module(PlainReader& in, SnapshotInfo& info) {
  Module module{read_text(in), "", 0, 0};
  module.build_id = in.text();
  module.address = in.varint();
  module.size = in.varint();
  info.modules.push_back(std::move(module));
}

void read_field(PlainReader& in, Tag tag, SnapshotInfo& info) {
  constexpr std::uint32_t kMost32 = std::numeric_limits<std::uint32_t>::max();
  Process& process = info.process;
  switch (tag) {
    case kTime: info.time = in.signed_varint(); break;
    case kRecorder: info.recorder = read_text(in); break;
    case kPid: process.pid = in.varint(); break;
    case kCommand: process.command.push_back(read_text(in)); break;
    case kExecutable: process.executable = read_text(in); break;
    case kHost: process.host = read_text(in); break;
    case kPlatform: process.platform = read_text(in); break;
    case kRuntime: process.runtime = read_text(in); break;
    case kRuntimeVersion: process.runtime_version = read_text(in); break;
    case kStartTime: process.start_time = in.signed_varint(); break;
    case kTracebackLimit: info.traceback_limit = in.varint32(kMost32, "that a traceback limit can be"); break;
    case kSamplingInterval: info.sampling_interval = in.varint(); break;
    case kTracedMemory: {
      const std::uint64_t size = in.varint();
      info.traced_memory = TracedMemory{size, in.varint()};
      break;
    }
    case kRecorderMemory: info.recorder_memory = in.varint(); break;
    case kDomain: {
      const std::uint32_t id = in.varint32(kMost32, "that a domain can be");
      info.domains.push_back({id, read_text(in)});
      break;
    }
    case kThread: {
      const std::uint64_t id = in.varint();
      info.threads.push_back({id, read_text(in)});
      break;
    }
    case kModule: read_module(in, info); break;
    case kIntegerMetric:
    case kFloatMetric: read_metric(in, tag, info); break;
    case kTagEnd: break;
  }
}

bool is_list(Tag tag) {
  return tag == kCommand || tag == kDomain || tag == kThread || tag == kModule || tag == kIntegerMetric ||
         tag == kFloatMetric;
}

}  // namespace

std::string write_meta(const Snapshot& snapshot) {
  const SnapshotInfo& info = snapshot.info();
  std::string out;
  put_varint(out, static_cast<std::uint64_t>(snapshot.size()));
  put_varint(out, static_cast<std::uint64_t>(snapshot.count()));
  put_number(out, kTime, info.time);
  put_known(out, kRecorder, info.recorder);
  put_process(out, info.process);
  put_number(out, kTracebackLimit, info.traceback_limit);
  put_number(out, kSamplingInterval, info.sampling_interval);
  if (info.traced_memory) {
    put_number(out, kTracedMemory, std::optional(info.traced_memory->size));
    put_varint(out, info.traced_memory->peak);
  }
  put_number(out, kRecorderMemory, info.recorder_memory);
  put_lists(out, info);
  return out;
}

Meta read_meta(PlainReader& in) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  Meta meta;
  meta.size = static_cast<std::int64_t>(in.varint(kMost, "bytes"));
  meta.count = static_cast<std::int64_t>(in.varint(kMost, "blocks"));
  std::uint64_t before = 0;
  while (in.left() > 0) {
    const std::uint64_t tag = in.fixed(1);
    if (tag == 0 || tag >= kTagEnd) in.fail("field " + std::to_string(tag) + " is not known");
    // The two kinds of metrics stand among each other.
    const bool metrics = before >= kIntegerMetric && tag >= kIntegerMetric;
    if (!metrics && (tag < before || (tag == before && !is_list(static_cast<Tag>(tag)))))
      in.fail("fields are not in order");
    before = tag;
    read_field(in, static_cast<Tag>(tag), meta.info);
  }
  return meta;
}

}  // namespace snapshot::file

#include "tms_text.h"

#include <snapshot/save.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <iomanip>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <tuple>
#include <utility>
#include <vector>

namespace testing {
namespace {

using snapshot::Detail;
using snapshot::Snapshot;
using snapshot::SnapshotInfo;

template <typename Value>
void put(std::ostringstream& out, const char* name, const std::optional<Value>& value) {
  if (value) out << name << ' ' << *value << '\n';
}

void put_metric(std::ostringstream& out, const snapshot::Metric& metric) {
  out << "metric " << std::quoted(metric.name) << ' ';
  if (const auto* integer = std::get_if<std::int64_t>(&metric.value)) {
    out << *integer;
  } else {
    out << "bits " << std::bit_cast<std::uint64_t>(std::get<double>(metric.value));
  }
  out << ' ' << std::quoted(metric.format) << '\n';
}

void put_process(std::ostringstream& out, const snapshot::Process& process) {
  put(out, "pid", process.pid);
  for (const std::string& argument : process.command) out << "argument " << std::quoted(argument) << '\n';
  out << "executable " << std::quoted(process.executable) << "\nhost " << std::quoted(process.host) << "\nplatform "
      << std::quoted(process.platform) << "\nruntime " << std::quoted(process.runtime) << ' '
      << std::quoted(process.runtime_version) << '\n';
  put(out, "start", process.start_time);
}

void put_info(std::ostringstream& out, const SnapshotInfo& info, bool extra) {
  put(out, "time", info.time);
  out << "recorder " << std::quoted(info.recorder) << '\n';
  put_process(out, info.process);
  put(out, "limit", info.traceback_limit);
  put(out, "interval", info.sampling_interval);
  if (info.traced_memory) out << "traced " << info.traced_memory->size << ' ' << info.traced_memory->peak << '\n';
  put(out, "own", info.recorder_memory);
  for (const snapshot::Domain& domain : info.domains)
    out << "domain " << domain.id << ' ' << std::quoted(domain.name) << '\n';
  for (const snapshot::Thread& thread : info.threads)
    out << "thread " << thread.id << ' ' << std::quoted(thread.name) << '\n';
  for (const snapshot::Module& module : info.modules) {
    out << "module " << std::quoted(module.path) << ' ' << std::quoted(module.build_id) << ' ' << module.address << ' '
        << module.size << '\n';
  }
  for (const snapshot::Metric& metric : info.metrics) put_metric(out, metric);
  for (const snapshot::ExtraSection& section : info.extra_sections) {
    if (extra) out << "extra " << section.type << ' ' << std::quoted(section.bytes) << '\n';
  }
}

/// With `most_recent`, as Detail::sites tells of it.
std::string place_of(const Snapshot& snapshot, const snapshot::Total& total, bool most_recent) {
  std::ostringstream out;
  const snapshot::Symbols& symbols = snapshot.symbols();
  const auto name = [&](snapshot::StringId id) {
    if (id == snapshot::kUnknownString) {
      out << " -";
    } else {
      out << ' ' << std::quoted(std::string(symbols.text(id)));
    }
  };
  const auto traceback = symbols.traceback(total.traceback);
  for (const snapshot::FrameId id : most_recent ? traceback.last(1) : traceback) {
    const snapshot::Frame frame = symbols.frame(id);
    name(frame.filename);
    out << ':' << frame.lineno;
    name(frame.function);
    name(frame.module);
    out << " <";
  }
  out << " nframe " << (most_recent ? 0 : total.total_nframe) << " domain " << total.domain;
  return out.str();
}

bool has_facts(const snapshot::TraceColumns& traces) {
  return !traces.address.empty() || !traces.thread.empty() || !traces.birth.empty() || !traces.weight.empty();
}

/// The type of a block, if types are known.
std::string type_of(const Snapshot& snapshot, std::size_t at, bool types) {
  const snapshot::TraceColumns& traces = snapshot.traces();
  if (!types || traces.type.empty()) return "";
  if (traces.type[at] == snapshot::kUnknownString) return " type -";
  std::ostringstream out;
  out << " type " << std::quoted(std::string(snapshot.symbols().text(traces.type[at])));
  return out.str();
}

/// How many blocks there are of each size, and type, at each place.
void put_sizes(std::ostringstream& out, const Snapshot& snapshot, const std::vector<std::string>& places, bool types) {
  const snapshot::TraceColumns& traces = snapshot.traces();
  std::map<std::tuple<std::string, std::int64_t, std::string>, std::int64_t> counts;
  for (std::size_t at = 0; at < traces.rows(); ++at)
    counts[{places[traces.total[at]], traces.size[at], type_of(snapshot, at, types)}] += traces.count_of(at);
  for (const auto& [key, count] : counts) {
    const auto& [place, size, type] = key;
    out << size << " x" << count << type << place << '\n';
  }
}

void put_blocks(std::ostringstream& out, const Snapshot& snapshot, const std::vector<std::string>& places, bool types) {
  const snapshot::TraceColumns& traces = snapshot.traces();
  std::multiset<std::string> lines;
  for (std::size_t at = 0; at < traces.rows(); ++at) {
    std::ostringstream line;
    line << traces.size[at];
    if (!traces.address.empty()) line << " address " << traces.address[at];
    if (!traces.thread.empty()) line << " thread " << traces.thread[at];
    if (!traces.birth.empty()) line << " birth " << traces.birth[at];
    if (!traces.weight.empty()) line << " weight " << traces.weight[at];
    lines.insert(line.str() + type_of(snapshot, at, types) + places[traces.total[at]]);
  }
  for (const std::string& line : lines) out << line << '\n';
}

}  // namespace

std::string text_of(const Snapshot& snapshot, Detail detail, bool types) {
  std::ostringstream out;
  put_info(out, snapshot.info(), detail == Detail::traces);
  out << "all " << snapshot.size() << " x" << snapshot.count() << '\n';
  std::vector<std::string> places;
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> sums;
  for (const snapshot::Total& total : snapshot.totals()) {
    places.push_back(place_of(snapshot, total, detail == Detail::sites));
    if (total.count == 0) continue;
    auto& [size, count] = sums[places.back()];
    size += total.size;
    count += total.count;
  }
  for (const auto& [place, sum] : sums) out << sum.first << " x" << sum.second << place << '\n';
  if (detail <= Detail::totals) return out.str();
  out << (snapshot.has_traces() ? "traces\n" : "sums alone\n");
  if (detail == Detail::traces && has_facts(snapshot.traces())) {
    put_blocks(out, snapshot, places, types);
  } else {
    put_sizes(out, snapshot, places, types && detail >= Detail::types);
  }
  return out.str();
}

std::string saved(const Snapshot& snapshot, int level) {
  StringSink sink;
  snapshot::save(snapshot, sink, {level});
  return sink.bytes();
}

snapshot::SnapshotFile::Read pipe_of(std::string_view bytes, std::size_t most, std::uint64_t seed) {
  return [bytes, most, random = std::mt19937_64(seed)](std::span<char> into) mutable {
    const std::size_t count = std::min({bytes.size(), into.size(), 1 + static_cast<std::size_t>(random() % most)});
    std::memcpy(into.data(), bytes.data(), count);
    bytes.remove_prefix(count);
    return count;
  };
}

Snapshot load_viewed(std::string_view bytes, Detail detail) {
  return snapshot::SnapshotFile::view(bytes).load(std::make_shared<snapshot::Symbols>(), detail);
}

Snapshot load_received(std::string_view bytes, Detail detail, std::size_t most) {
  return snapshot::SnapshotFile::receive(pipe_of(bytes, most), detail)
      .load(std::make_shared<snapshot::Symbols>(), detail);
}

}  // namespace testing

#include "info.h"

#include "../json_object.h"
#include "../json_text.h"
#include "../utc_time.h"

#include <fmt/format.h>
#include <snapshot/utf8.h>

#include <cmath>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace formats::json {
namespace {

/// The shortest digits that give the same double; JSON has no word for what is not finite, so that becomes text.
std::string double_json(double value) {
  if (!std::isfinite(value)) return fmt::format("\"{}\"", value);
  const std::string digits = fmt::format("{}", value);
  return digits.find_first_of(".e") == std::string::npos ? digits + ".0" : digits;
}

std::string process_json(const snapshot::Process& process) {
  JsonObject object;
  object.add_number("pid", process.pid);
  object.add_list("command", process.command, [](const std::string& word) { return json_string(word); });
  object.add_text("executable", process.executable);
  object.add_text("host", process.host);
  object.add_text("platform", process.platform);
  object.add_text("runtime", process.runtime);
  object.add_text("runtime_version", process.runtime_version);
  if (process.start_time) object.add("start_time", json_string(utc_time(*process.start_time)));
  return object.json();
}

std::string module_json(const snapshot::Module& module) {
  return fmt::format(R"({{"path": {}, "build_id": "{}", "address": "{:#x}", "size": {}}})", json_string(module.path),
                     snapshot::hex_digits(module.build_id), module.address, module.size);
}

std::string metric_json(const snapshot::Metric& metric) {
  const auto* const integer = std::get_if<std::int64_t>(&metric.value);
  return fmt::format(R"({{"name": {}, "value": {}, "format": {}}})", json_string(metric.name),
                     integer != nullptr ? std::to_string(*integer) : double_json(std::get<double>(metric.value)),
                     json_string(metric.format));
}

/// Of domains and threads.
template <typename Numbered>
std::string numbered_json(const Numbered& each) {
  return fmt::format(R"({{"id": {}, "name": {}}})", each.id, json_string(each.name));
}

std::string section_json(const snapshot::ExtraSection& section) {
  return fmt::format(R"({{"type": {}, "size": {}}})", json_string(snapshot::text_from_bytes(section.type)),
                     section.bytes.size());
}

}  // namespace

void add_info(JsonObject& object, const snapshot::SnapshotInfo& info, const std::string& domains) {
  if (info.time) object.add("time", json_string(utc_time(*info.time)));
  object.add_text("recorder", info.recorder);
  if (info.process != snapshot::Process{}) object.add("process", process_json(info.process));
  object.add_number("traceback_limit", info.traceback_limit);
  object.add_number("sampling_interval", info.sampling_interval);
  if (info.traced_memory) {
    object.add("traced_memory",
               fmt::format(R"({{"size": {}, "peak": {}}})", info.traced_memory->size, info.traced_memory->peak));
  }
  object.add_number("recorder_memory", info.recorder_memory);
  if (!domains.empty()) object.add("domains", domains);
  object.add_list("threads", info.threads, numbered_json<snapshot::Thread>);
  object.add_list("modules", info.modules, module_json);
  object.add_list("metrics", info.metrics, metric_json);
}

std::string info_json(const snapshot::SnapshotInfo& info) {
  JsonObject object;
  add_info(object, info, json_list(info.domains, numbered_json<snapshot::Domain>));
  object.add_list("extra_sections", info.extra_sections, section_json);
  return object.json();
}

}  // namespace formats::json

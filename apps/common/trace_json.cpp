#include "trace_json.h"

#include "row_text.h"
#include "traceback_text.h"

#include <formats/json_object.h>
#include <formats/utc_time.h>

#include <fmt/format.h>

namespace cli {
namespace {

using formats::JsonObject;

std::string json_bool(bool value) { return value ? "true" : "false"; }

template <typename Number>
void add(JsonObject& object, std::string_view name, Number number) {
  object.add_number(name, std::optional(number));
}

std::string json_selector(const TraceReport& report) {
  JsonObject object;
  if (const auto& place = report.selector.place) {
    object.add("filename", formats::json_string(place->filename));
    object.add_number("lineno", place->lineno);
    object.add("any_frame", json_bool(report.any_frame));
  }
  object.add_number("address", report.selector.address);
  return object.json();
}

std::string json_domain(const DomainRow& domain) {
  JsonObject object;
  add(object, "domain", domain.id);
  object.add_text("domain_name", domain.name);
  add(object, "size", domain.size);
  add(object, "count", domain.count);
  return object.json();
}

std::string json_block(const BlockRow& block, const DomainRow& domain, const snapshot::Symbols& symbols) {
  JsonObject object;
  add(object, "address", block.address);
  add(object, "offset", block.asked - block.address);
  add(object, "size", block.size);
  add(object, "domain", domain.id);
  object.add_text("domain_name", domain.name);
  if (block.thread) {
    JsonObject thread;
    add(thread, "id", block.thread->id);
    thread.add_text("name", block.thread->name);
    object.add("thread", thread.json());
  }
  if (block.birth) object.add_text("birth_time", formats::utc_time(*block.birth));
  object.add_number("weight", block.weight);
  if (block.type != snapshot::kUnknownString) object.add("type", formats::json_string(symbols.text(block.type)));
  return object.json();
}

std::string json_row(const TraceReport& report, const TracebackRow& row, const TracebackStyle& style,
                     FrameJson& frames) {
  const auto shown = frames_shown(report.symbols->traceback(row.traceback), style.frames);
  const auto to_json = [&](snapshot::FrameId id) { return frames.of(id); };
  JsonObject object;
  object.add("traceback", shown.empty() ? "[]" : formats::json_list(shown, to_json));
  if (const auto& range = row.total_nframe) {
    add(object, "total_nframe", range->most);
    if (range->least != range->most) add(object, "least_total_nframe", range->least);
  }
  if (row.domains.size() == 1) {
    add(object, "domain", row.domains.front().id);
    object.add_text("domain_name", row.domains.front().name);
  } else {
    object.add_list("domains", row.domains, json_domain);
  }
  add(object, "size", row.size);
  add(object, "count", row.count);
  return object.json();
}

}  // namespace

const std::string& FrameJson::of(snapshot::FrameId id) {
  std::string& made = made_[row(id)];
  if (!made.empty()) return made;
  const snapshot::Frame frame = symbols_.frame(id);
  const std::string_view filename = symbols_.text(frame.filename);
  JsonObject object;
  object.add("filename", formats::json_string(filename));
  add(object, "lineno", frame.lineno);
  for (const auto& [name, text] : {std::pair{"function", frame.function}, std::pair{"module", frame.module}}) {
    if (text != snapshot::kUnknownString) object.add(name, formats::json_string(symbols_.text(text)));
  }
  if (source_ != nullptr) object.add_text("source", source_->line(filename, frame.lineno));
  return made = object.json();
}

void print_json_head(const TraceReport& report, Output& output) {
  output.write("{\"schema\": \"tmtrace/1\",\n \"snapshots\": [" + json_snapshot(report.snapshot) + "],\n");
  if (const std::string selector = json_selector(report); selector != "{}") {
    output.write(" \"selector\": " + selector + ",\n");
  }
  output.write(fmt::format(" \"total\": {{\"size\": {}, \"count\": {}}},\n", report.total.size, report.total.count));
  if (report.outside) {
    output.write(
        fmt::format(" \"outside\": {{\"size\": {}, \"count\": {}}},\n", report.outside->size, report.outside->count));
  }
}

void print_json(const TraceReport& report, const TracebackStyle& style, Output& output) {
  print_json_head(report, output);
  if (const Rest& others = report.others; others.groups != 0) {
    output.write(fmt::format(" \"others\": {{\"groups\": {}, \"size\": {}, \"count\": {}}},\n", others.groups,
                             others.amounts.size, others.amounts.count));
  }
  if (report.block) {
    const DomainRow& domain = report.rows.front().domains.front();
    output.write(" \"block\": " + json_block(*report.block, domain, *report.symbols) + ",\n");
  }
  output.write(" \"tracebacks\": [");
  const char* separator = "\n  ";
  FrameJson frames(*report.symbols, style.source);
  for (const TracebackRow& row : report.rows) {
    output.write(separator + json_row(report, row, style, frames));
    separator = ",\n  ";
  }
  output.write("]}\n");
}

}  // namespace cli

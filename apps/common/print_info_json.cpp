#include "json_text.h"
#include "print_info.h"

#include <fmt/format.h>
#include <formats/json/info.h>
#include <formats/json_object.h>
#include <snapshot/utf8.h>

#include <optional>
#include <string>

namespace cli {
namespace {

std::string domain_json(const DomainSum& domain) {
  formats::JsonObject object;
  object.add_number("id", std::optional(domain.id));
  object.add_text("name", domain.name);
  object.add_number("size", domain.size);
  object.add_number("count", domain.count);
  return object.json();
}

std::string known_json(const FileInfo& info) {
  const snapshot::BlockColumns& known = info.columns;
  return fmt::format(R"({{"size": {}, "address": {}, "thread": {}, "birth": {}, "weight": {}, "type": {}}})",
                     info.has_sizes, known.address, known.thread, known.birth, known.weight, known.type);
}

void add_tables(formats::JsonObject& object, const TableCounts& tables) {
  object.add_number("totals", std::optional(tables.totals));
  object.add_number("tracebacks", std::optional(tables.tracebacks));
  object.add_number("longest_traceback", std::optional(tables.longest_traceback));
  object.add_number("frames", std::optional(tables.frames));
  object.add_number("strings", std::optional(tables.strings));
}

std::string section_json(const snapshot::Section& section) {
  return fmt::format(R"({{"type": {}, "offset": {}, "stored": {}, "plain": {}}})", json_string(section.type),
                     section.offset, section.stored, section.plain);
}

std::string snapshot_json(const FileInfo& info) {
  formats::JsonObject object;
  object.add("path", json_string(snapshot::text_from_bytes(info.path)));
  object.add_text("format", info.format);
  object.add_text("version", info.version);
  object.add_number("bytes", info.bytes);
  object.add_number("unpacked", info.unpacked);
  object.add_number("size", info.size);
  object.add_number("count", info.count);
  if (info.tables) add_tables(object, *info.tables);
  object.add("known", known_json(info));
  formats::json::add_info(object, info.info, formats::json_list(info.domains, domain_json));
  object.add_list("sections", info.sections, section_json);
  object.add_list("lost", info.lost,
                  [](const std::string& what) { return json_string(snapshot::text_from_bytes(what)); });
  return object.json();
}

}  // namespace

void print_info_json(const std::vector<FileInfo>& infos, Output& output) {
  output.write("{\"schema\": \"tminfo/1\",\n \"snapshots\": [");
  const char* separator = "\n  ";
  for (const FileInfo& info : infos) {
    output.write(separator + snapshot_json(info));
    separator = ",\n  ";
  }
  output.write("]}\n");
}

}  // namespace cli

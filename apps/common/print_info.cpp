#include "print_info.h"

#include "column_layout.h"
#include "painted.h"
#include "size_text.h"
#include "text_table.h"

#include <fmt/format.h>
#include <formats/utc_time.h>
#include <snapshot/utf8.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cli {
namespace {

using snapshot::printable;

std::string bytes_text(std::uint64_t size, const InfoStyle& style) {
  return style.bytes ? fmt::format("{} B", size) : size_text_of(static_cast<double>(size));
}
std::string bytes_text(std::int64_t size, const InfoStyle& style) {
  return style.bytes ? fmt::format("{} B", size) : size_text(size);
}

/// What is known once: "key: value".
class Facts {
 public:
  void add(std::string key, std::string value) {
    if (!value.empty()) facts_.emplace_back(std::move(key), std::move(value));
  }

  void write(Output& output) const {
    std::size_t width = 0;
    for (const auto& [key, value] : facts_) width = std::max(width, key.size());
    for (const auto& [key, value] : facts_) {
      output.write(fmt::format("{} {}\n", pad(key + ":", width + 1, true), value));
    }
  }

 private:
  std::vector<std::pair<std::string, std::string>> facts_;
};

/// What there are several of. The last column is text, to the left; `text_columns` in front are, too.
struct Table {
  std::vector<std::string> headers;
  std::size_t text_columns = 0;
  std::vector<std::vector<std::string>> rows;
  bool dims_last = false;

  void write(const InfoStyle& style, Output& output) const {
    std::vector<std::size_t> widths;
    for (std::size_t at = 0; at < headers.size(); ++at) {
      std::size_t width = headers[at].size();
      for (const auto& row : rows) width = std::max(width, display_width(row[at]));
      widths.push_back(width);
    }
    output.write("\n" + painted(line(headers, widths), kBold, style.color) + "\n");
    for (const auto& row : rows) {
      const bool dim = dims_last && &row == &rows.back();
      output.write(painted(line(row, widths), kDim, style.color && dim) + "\n");
    }
  }

 private:
  std::string line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) const {
    std::string text;
    for (std::size_t at = 0; at < cells.size(); ++at) {
      const bool last = at + 1 == cells.size();
      text += pad(cells[at], widths[at], at < text_columns || last) + std::string(last ? "" : kGap);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
  }
};

/// As a shell reads it.
std::string command_text(const std::vector<std::string>& command) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-";
  std::string text;
  for (const std::string& word : command) {
    text += text.empty() ? "" : " ";
    if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) {
      text += word;
      continue;
    }
    text += '\'';
    for (const char character : word) text += character == '\'' ? "'\\''" : std::string(1, character);
    text += '\'';
  }
  return printable(text);
}

std::string length_text(const FileInfo& info, const InfoStyle& style) {
  if (!info.bytes) return bytes_text(info.length(), style) + " of a pipe";
  const std::string text = bytes_text(*info.bytes, style);
  return info.unpacked ? text + ", unpacked " + bytes_text(*info.unpacked, style) : text;
}

std::string known_text(const FileInfo& info) {
  std::string text;
  const auto add = [&](bool known, std::string_view name) {
    if (known) text += (text.empty() ? "" : ", ") + std::string(name);
  };
  add(info.has_sizes, "size");
  add(info.columns.address, "address");
  add(info.columns.thread, "thread");
  add(info.columns.birth, "birth");
  add(info.columns.weight, "weight");
  add(info.columns.type, "type");
  return text.empty() ? "nothing, sums alone" : text;
}

template <typename Number>
std::string number_text(const std::optional<Number>& number) {
  return number ? fmt::format("{}", *number) : "";
}

std::string time_text(const std::optional<std::int64_t>& time) { return time ? formats::utc_time(*time) : ""; }

Facts facts_of(const FileInfo& file, const InfoStyle& style) {
  const snapshot::SnapshotInfo& info = file.info;
  const auto bytes = [&](const auto& size) { return size ? bytes_text(*size, style) : ""; };
  Facts facts;
  facts.add("format", std::string(file.format) + (file.version.empty() ? "" : " " + file.version));
  facts.add("file", length_text(file, style));
  facts.add("taken", time_text(info.time));
  facts.add("recorder", printable(info.recorder));
  facts.add("pid", number_text(info.process.pid));
  facts.add("started", time_text(info.process.start_time));
  facts.add("command", command_text(info.process.command));
  facts.add("executable", printable(info.process.executable));
  facts.add("host", printable(info.process.host));
  facts.add("platform", printable(info.process.platform));
  facts.add("runtime", printable(info.process.runtime));
  facts.add("runtime version", printable(info.process.runtime_version));
  facts.add("traceback limit", number_text(info.traceback_limit));
  facts.add("sampling interval", bytes(info.sampling_interval));
  if (info.traced_memory) {
    facts.add("traced memory", bytes_text(info.traced_memory->size, style) + ", at its peak " +
                                   bytes_text(info.traced_memory->peak, style));
  }
  facts.add("recorder memory", bytes(info.recorder_memory));
  facts.add("size", bytes(file.size));
  facts.add("count", number_text(file.count));
  facts.add("known of a block", known_text(file));
  if (!file.tables) return facts;
  facts.add("totals", fmt::format("{}", file.tables->totals));
  facts.add("tracebacks", fmt::format("{}", file.tables->tracebacks));
  facts.add("longest traceback", fmt::format("{}", file.tables->longest_traceback));
  facts.add("frames", fmt::format("{}", file.tables->frames));
  facts.add("strings", fmt::format("{}", file.tables->strings));
  return facts;
}

/// As the Metric of PEP 454's drafts shows it: a percentage is a fraction of 1.
std::string metric_text(const snapshot::Metric& metric, const InfoStyle& style) {
  const auto* const whole = std::get_if<std::int64_t>(&metric.value);
  const double value = whole != nullptr ? static_cast<double>(*whole) : std::get<double>(metric.value);
  const std::string digits = whole != nullptr ? fmt::format("{}", *whole) : fmt::format("{}", value);
  if (metric.format == "percent") return fmt::format("{:.1f}%", 100 * value);
  if (metric.format == "size") return style.bytes || !std::isfinite(value) ? digits + " B" : size_text_of(value);
  return metric.format == "int" || metric.format.empty() ? digits : digits + " " + printable(metric.format);
}

Table domain_table(const FileInfo& file, const InfoStyle& style) {
  Table table{{"domain", "size", "count", "name"}, 0, {}};
  for (const DomainSum& domain : file.domains) {
    table.rows.push_back({fmt::format("{}", domain.id), domain.size ? bytes_text(*domain.size, style) : "",
                          number_text(domain.count), printable(domain.name)});
  }
  return table;
}

Table thread_table(const FileInfo& file) {
  Table table{{"thread", "name"}, 0, {}};
  for (const snapshot::Thread& thread : file.info.threads) {
    table.rows.push_back({fmt::format("{}", thread.id), printable(thread.name)});
  }
  return table;
}

Table module_table(const FileInfo& file, const InfoStyle& style) {
  Table table{{"address", "size", "build-id", "module"}, 0, {}};
  for (const snapshot::Module& module : file.info.modules) {
    table.rows.push_back({fmt::format("{:#x}", module.address), bytes_text(module.size, style),
                          snapshot::hex_digits(module.build_id), printable(module.path)});
  }
  return table;
}

Table metric_table(const FileInfo& file, const InfoStyle& style) {
  Table table{{"value", "metric"}, 0, {}};
  for (const snapshot::Metric& metric : file.info.metrics) {
    table.rows.push_back({metric_text(metric, style), printable(metric.name)});
  }
  return table;
}

Table section_table(const FileInfo& file, const InfoStyle& style) {
  Table table{{"section", "offset", "stored", "share", "plain", ""}, 1, {}, true};
  std::uint64_t rest = file.length();
  const auto share = [&](std::uint64_t stored) {
    return fmt::format("{:.1f}%", 100 * static_cast<double>(stored) / static_cast<double>(file.length()));
  };
  for (const snapshot::Section& section : file.sections) {
    rest -= std::min(rest, section.stored);
    table.rows.push_back({section.type, fmt::format("{}", section.offset), bytes_text(section.stored, style),
                          share(section.stored), bytes_text(section.plain, style), ""});
  }
  table.rows.push_back({"rest", "", bytes_text(rest, style), share(rest), "", ""});
  return table;
}

}  // namespace

void print_info(const FileInfo& info, const InfoStyle& style, Output& output) {
  output.write(painted(printable(snapshot::text_from_bytes(info.path)), kBold, style.color) + "\n");
  facts_of(info, style).write(output);
  const bool plain_domains =
      info.domains.empty() || (info.domains.size() == 1 && info.domains[0].id == 0 && info.domains[0].name.empty());
  if (!plain_domains) domain_table(info, style).write(style, output);
  if (!info.info.threads.empty()) thread_table(info).write(style, output);
  if (!info.info.modules.empty()) module_table(info, style).write(style, output);
  if (!info.info.metrics.empty()) metric_table(info, style).write(style, output);
  if (!info.sections.empty()) section_table(info, style).write(style, output);
}

}  // namespace cli

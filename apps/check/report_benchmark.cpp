#include "check/report_words.h"
#include "check/reports.h"

#include "common/json_text.h"

#include <snapshot/utf8.h>

#include <fmt/format.h>

#include <cstdint>
#include <string>

namespace cli {
namespace {

// "customSmallerIsBetter" of https://github.com/benchmark-action/github-action-benchmark: a list of objects with name,
// unit and value, and strings "range" and "extra" where there are any. A name is a line of a chart, so that the names
// are the same in every run, whatever was found.

/// What the values come from, for whoever points at one.
std::string extra_of(const CheckReport& report) {
  std::string text = "tmcheck " + visible(report.tool_version) + "\n" + verdict_text(report);
  for (const ReportSnapshot& snapshot : report.baseline) {
    text += "\nbaseline: " + visible(snapshot::text_from_bytes(snapshot.path));
  }
  for (const ReportSnapshot& snapshot : report.heads) {
    text += "\nsnapshot: " + visible(snapshot::text_from_bytes(snapshot.path));
  }
  return text;
}

/// The spread of the runs, where a rule about the total found one.
std::string range_of(const CheckReport& report, Quantity quantity) {
  for (const Finding& finding : report.findings) {
    const bool in_unit = finding.rule.quantity == quantity && finding.rule.measure != Measure::percent;
    if (finding.rule.scope == Scope::total && in_unit && finding.spread) {
      return fmt::format(R"(, "range": "± {}")", *finding.spread);
    }
  }
  return "";
}

}  // namespace

void print_benchmark_report(const CheckReport& report, snapshot::ByteSink& sink) {
  const std::string extra = json_string(extra_of(report));
  const auto entry = [&](const char* name, const char* unit, std::int64_t value, const std::string& range) {
    return fmt::format(R"({{"name": "{}", "unit": "{}", "value": {}{}, "extra": {}}})", name, unit, value, range,
                       extra);
  };
  std::string text = "[" + entry("memory: size", "bytes", report.head_total.size, range_of(report, Quantity::size));
  text += ",\n " + entry("memory: count", "blocks", report.head_total.count, range_of(report, Quantity::count));
  text += ",\n " +
          entry("memory: limits exceeded", "limits", static_cast<std::int64_t>(count_of(report, Weight::fail)), "");
  sink.write(text + "]\n");
}

}  // namespace cli

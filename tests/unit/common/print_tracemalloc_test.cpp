#include "printed.h"

#include <doctest/doctest.h>
#include <snapshot/utf8.h>

#include <string>
#include <utility>
#include <vector>

using cli::Amounts;
using cli::Report;

namespace {

std::string printed(const Report& report, const cli::PrintOptions& options = {}) {
  return printed_as(cli::OutputFormat::tracemalloc, report, options);
}

Report report_of(std::vector<cli::ReportFrame> traceback, Amounts amounts, bool compares) {
  Report report;
  report.compares = compares;
  report.rows = {{std::move(traceback), amounts}};
  return report;
}

}  // namespace

TEST_CASE("CPython: a statistic is printed with size, count and average") {
  CHECK(printed(report_of({{"shop.py", 1}}, {66, 1, 0, 0}, false)) == "shop.py:1: size=66 B, count=1, average=66 B\n");
  CHECK(printed(report_of({{"shop.py", 0}}, {102400, 3, 0, 0}, false)) ==
        "shop.py:0: size=100 KiB, count=3, average=33.3 KiB\n");
}

TEST_CASE("CPython: a difference is printed with signs; without blocks it has no average") {
  CHECK(printed(report_of({{"cart.py", 5}}, {5002, 2, 5000, 1}, true)) ==
        "cart.py:5: size=5002 B (+5000 B), count=2 (+1), average=2501 B\n");
  CHECK(printed(report_of({{"shop.py", 1}}, {0, 0, -66, -1}, true)) == "shop.py:1: size=0 B (-66 B), count=0 (-1)\n");
  CHECK(printed(report_of({{"cart.py", 2}}, {30, 3, 0, 0}, true)) ==
        "cart.py:2: size=30 B (+0 B), count=3 (+0), average=10 B\n");
}

TEST_CASE("CPython: a traceback is named by its oldest frame, before 3.7 by its most recent") {
  const Report report = report_of({{"main.py", 3}, {"cart.py", 2}}, {30, 3, 0, 0}, false);
  CHECK(printed(report) == "main.py:3: size=30 B, count=3, average=10 B\n");
  cli::PrintOptions options;
  options.most_recent_first = true;
  CHECK(printed(report, options) == "cart.py:2: size=30 B, count=3, average=10 B\n");
}

TEST_CASE("names are printed as the bytes that they stand for") {
  const std::string name = snapshot::text_from_bytes("caf\xE9.py");
  CHECK(printed(report_of({{name, 1}}, {1, 1, 0, 0}, false)) == "caf\xE9.py:1: size=1 B, count=1, average=1 B\n");
}

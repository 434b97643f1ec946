#include "apps/common/traceback_text.h"

#include "printed.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using cli::DomainRow;
using cli::TracebackRow;
using cli::TracebackStyle;
using cli::TraceReport;
using snapshot::FrameId;

namespace {

constexpr std::optional<std::int64_t> kAll;

/// Frames 1 to `length`, as Traceback.format(limit) tells them.
std::string shown(std::uint32_t length, std::optional<std::int64_t> limit) {
  std::vector<FrameId> frames;
  for (std::uint32_t at = 1; at <= length; ++at) frames.push_back(FrameId{at});
  std::string text;
  for (const FrameId frame : cli::frames_shown(frames, limit)) text += std::to_string(row(frame));
  return text;
}

/// A report on one traceback, main.py:1 to main.py:3, of 100 bytes in 2 blocks.
TraceReport report_of(std::optional<TracebackRow::Range> total_nframe,
                      std::vector<DomainRow> domains = {{0, "", 100, 2}}) {
  const auto symbols = std::make_shared<snapshot::Symbols>();
  std::vector<FrameId> frames;
  for (std::uint32_t lineno = 1; lineno <= 3; ++lineno) {
    frames.push_back(symbols->intern(snapshot::Frame{symbols->intern("m\ain.py"), lineno}));
  }
  TraceReport report;
  report.symbols = symbols;
  report.total = {400, 8};
  report.rows.push_back({symbols->intern(frames), 100, 2, std::move(domains), total_nframe});
  report.others = {2, {300, 6}};
  return report;
}

std::string table(const TraceReport& report, const TracebackStyle& style = {}) {
  return printed_by([&](cli::Output& output) { print_tracebacks(report, style, output); });
}

const std::string kFrames =
    "  File \"m\\x07in.py\", line 1\n  File \"m\\x07in.py\", line 2\n  File \"m\\x07in.py\", line 3\n";
const std::string kRest = "\n2 other tracebacks: 300 B, 6 blocks\ntotal: 3 tracebacks, 400 B, 8 blocks\n";

}  // namespace

TEST_CASE("the frames of a limit are those of CPython's slices") {
  CHECK(shown(5, kAll) == "12345");
  CHECK(shown(5, 1) == "5");
  CHECK(shown(5, 3) == "345");
  CHECK(shown(5, 5) == "12345");
  CHECK(shown(5, 9) == "12345");
  CHECK(shown(5, 0).empty());
  CHECK(shown(5, -1) == "1234");
  CHECK(shown(5, -4) == "1");
  CHECK(shown(5, -5).empty());
  CHECK(shown(5, -9).empty());
  CHECK(shown(1, -1).empty());
}

TEST_CASE("a traceback has a heading, its frames, and the exact rest behind it") {
  CHECK(table(report_of(std::nullopt)) == "#1: 100 B (25.0%), 2 blocks, average 50 B\n" + kFrames + kRest);
}

TEST_CASE("frames that the limit cut off are missing where the oldest would be") {
  const std::string heading = "#1: 100 B (25.0%), 2 blocks, average 50 B\n";
  CHECK(table(report_of(TracebackRow::Range{3, 3})) == heading + kFrames + kRest);
  CHECK(table(report_of(TracebackRow::Range{4, 4})) ==
        heading + "  ... 1 older frame not recorded\n" + kFrames + kRest);
  CHECK(table(report_of(TracebackRow::Range{5, 9})) ==
        heading + "  ... 2 to 6 older frames not recorded\n" + kFrames + kRest);
  CHECK(table(report_of(TracebackRow::Range{2, 9})) ==
        heading + "  ... up to 6 older frames not recorded\n" + kFrames + kRest);
  TracebackStyle style;
  style.most_recent_first = true;
  style.frames = 1;
  CHECK(table(report_of(TracebackRow::Range{9, 9}), style) ==
        heading +
            "  File \"m\\x07in.py\", line 3\n  ... 2 older frames not shown\n  ... 6 older frames not recorded\n" +
            kRest);
  style.frames = -1;
  CHECK(table(report_of(TracebackRow::Range{9, 9}), style) ==
        heading +
            "  ... 1 more recent frame not shown\n  File \"m\\x07in.py\", line 2\n  File \"m\\x07in.py\", line 1\n"
            "  ... 6 older frames not recorded\n" +
            kRest);
}

TEST_CASE("a heading names the domains") {
  const auto heading = [](std::vector<DomainRow> domains) {
    const std::string text = table(report_of(std::nullopt, std::move(domains)));
    return text.substr(0, text.find('\n'));
  };
  CHECK(heading({{7, "", 100, 2}}) == "#1: 100 B (25.0%), 2 blocks, average 50 B, domain 7");
  CHECK(heading({{7, "pool\n", 100, 2}}) == "#1: 100 B (25.0%), 2 blocks, average 50 B, domain 7 (pool\\x0a)");
  CHECK(heading({{0, "", 40, 1}, {7, "pool", 60, 1}}) ==
        "#1: 100 B (25.0%), 2 blocks, average 50 B, 40 B in domain 0, 60 B in domain 7 (pool)");
}

TEST_CASE("for a program there are the lines of Traceback.format, and names as they are") {
  TraceReport report = report_of(TracebackRow::Range{9, 9});
  report.rows.push_back(report.rows.front());
  TracebackStyle style;
  style.frames = 1;
  const auto print = [&](cli::Output& output) { print_tracemalloc(report, style, output); };
  CHECK(printed_by(print) == "  File \"m\ain.py\", line 3\n\n  File \"m\ain.py\", line 3\n");
  style.frames = 0;
  CHECK(printed_by(print) == "\n");
}

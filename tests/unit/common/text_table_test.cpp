#include <apps/common/text_table.h>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using cli::Amounts;
using cli::PrintOptions;
using cli::Report;
using cli::ReportRow;
using cli::site_text;
using snapshot::GroupBy;

namespace {

const ReportRow kLine{{{"/srv/shop/lib/app.py", 10}}, {}};
const ReportRow kFile{{{"/srv/shop/lib/app.py", 0}}, {}, GroupBy::filename};
const ReportRow kTraceback{
    {{"/srv/shop/main.py", 3}, {"/srv/shop/lib/cart.py", 20}, {"/srv/shop/lib/app.py", 10}}, {}, GroupBy::traceback};

std::string line_text(std::optional<std::size_t> width, std::optional<std::size_t> parts = std::nullopt) {
  PrintOptions options;
  options.filename_parts = parts;
  return site_text(kLine, options, width);
}

std::string traceback_text(std::optional<std::size_t> width, std::optional<std::size_t> parts = std::nullopt) {
  PrintOptions options;
  options.filename_parts = parts;
  return site_text(kTraceback, options, width);
}

}  // namespace

TEST_CASE("a site is a file and a line, or a file") {
  CHECK(line_text({}) == "/srv/shop/lib/app.py:10");
  CHECK(site_text(kFile, {}, {}) == "/srv/shop/lib/app.py");
}

TEST_CASE("a path that does not fit loses its front") {
  CHECK(line_text(23) == "/srv/shop/lib/app.py:10");
  CHECK(line_text(22) == ".../shop/lib/app.py:10");
  CHECK(line_text(16) == ".../app.py:10");  // whole parts of it
  for (std::size_t width = 4; width < 30; ++width) CHECK(cli::display_width(line_text(width)) <= width);
}

TEST_CASE("the last parts of a path are kept where they are asked for") {
  CHECK(line_text({}, 1) == "app.py:10");
  CHECK(line_text({}, 2) == "lib/app.py:10");
  CHECK(line_text({}, 4) == "/srv/shop/lib/app.py:10");
  CHECK(line_text({}, 99) == "/srv/shop/lib/app.py:10");
  CHECK(traceback_text({}, 1) == "app.py:10 < cart.py:20 < main.py:3");
}

TEST_CASE("names without slashes, and odd ones, have parts as well") {
  const auto parts = [](const char* name, std::size_t count) {
    PrintOptions options;
    options.filename_parts = count;
    return site_text(ReportRow{{{name, 0}}, {}, GroupBy::filename}, options, {});
  };
  CHECK(parts("app.py", 1) == "app.py");
  CHECK(parts("", 1) == "");
  CHECK(parts("<frozen importlib>", 2) == "<frozen importlib>");
  CHECK(parts("/app.py", 1) == "/app.py");  // all its parts: the whole path
  CHECK(parts("a//b.py", 1) == "b.py");
}

TEST_CASE("keeping no part of a path ends in some text, not in an exception") { CHECK_NOTHROW(line_text({}, 0)); }

TEST_CASE("a traceback is written most recent frame first") {
  CHECK(traceback_text({}) == "/srv/shop/lib/app.py:10 < /srv/shop/lib/cart.py:20 < /srv/shop/main.py:3");
}

TEST_CASE("where a line is short a traceback keeps two parts of each path, and loses its oldest frames") {
  CHECK(traceback_text(100) == "lib/app.py:10 < lib/cart.py:20 < shop/main.py:3");
  CHECK(traceback_text(47) == "lib/app.py:10 < lib/cart.py:20 < shop/main.py:3");
  CHECK(traceback_text(46) == "lib/app.py:10 < lib/cart.py:20 < +1");
  CHECK(traceback_text(35) == "lib/app.py:10 < lib/cart.py:20 < +1");
  CHECK(traceback_text(34) == "lib/app.py:10 < +2");
  CHECK(traceback_text(18) == "lib/app.py:10 < +2");
  for (std::size_t width = 4; width < 60; ++width) CHECK(cli::display_width(traceback_text(width)) <= width);
}

TEST_CASE("columns are code points: names are not cut within one") {
  const ReportRow row{{{"\xC3\xA9\xC3\xA9\xC3\xA9/\xE2\x82\xAC\xE2\x82\xAC.py", 0}}, {}, GroupBy::filename};
  CHECK(cli::display_width("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80") == 3);
  CHECK(site_text(row, {}, 9) == "\xC3\xA9\xC3\xA9\xC3\xA9/\xE2\x82\xAC\xE2\x82\xAC.py");
  CHECK(site_text(row, {}, 8) == "...\xE2\x82\xAC\xE2\x82\xAC.py");
}

TEST_CASE("a name cannot move the cursor") {
  const ReportRow row{{{"a\x1b[2Jb.py", 1}}, {}};
  CHECK(site_text(row, {}, {}) == "a\\x1b[2Jb.py:1");
}

TEST_CASE("a table has a row a group, the exact rest, and the total") {
  Report report;
  report.rows = {{{{"a.py", 1}}, {20480, 4, 0, 0}}, {{{"b.py", 2}}, {10240, 1, 0, 0}}};
  report.others.groups = 3;
  report.others.amounts = {10240, 5, 0, 0};
  report.total = {40960, 10, 0, 0};
  const auto table = make_text_table(report, {});
  REQUIRE(table.rows.size() == 4);
  CHECK(table.headers == std::vector<std::string_view>{"#", "size", "share", "count", "average"});
  CHECK(table.rows[0].cells == std::vector<std::string>{"1", "20.0 KiB", "50.0%", "4", "5120 B"});
  CHECK(table.rows[1].cells == std::vector<std::string>{"2", "10.0 KiB", "25.0%", "1", "10.0 KiB"});
  CHECK(table.rows[2].cells == std::vector<std::string>{"", "10.0 KiB", "25.0%", "5", "2048 B"});
  CHECK(table.rows[2].label == "3 others");
  CHECK(table.rows[3].cells == std::vector<std::string>{"", "40.0 KiB", "100.0%", "10", "4096 B"});
  CHECK(table.rows[3].label == "total");
}

TEST_CASE("the rest of cumulative rows has no amount, and one row is one other") {
  Report report;
  report.cumulative = true;
  report.others.groups = 1;
  const auto table = make_text_table(report, {});
  CHECK(table.rows[0].label == "1 other");
  CHECK(table.rows[0].cells == std::vector<std::string>(5));
}

TEST_CASE("an empty report has a total of nothing, without share and average") {
  const auto table = make_text_table(Report{}, {});
  REQUIRE(table.rows.size() == 1);
  CHECK(table.rows[0].cells == std::vector<std::string>{"", "0 B", "", "0", ""});
}

TEST_CASE("a comparison says the status and the differences") {
  Report report;
  report.compares = true;
  report.rows = {{{{"a.py", 1}}, {5002, 2, 5000, 1}}, {{{"b.py", 2}}, {0, 0, -66, -1}}, {{{"c.py", 3}}, {9, 3, 0, -1}}};
  report.total = {5011, 5, 4934, -1};
  PrintOptions options;
  options.bytes = true;
  const auto table = make_text_table(report, options);
  CHECK(table.rows[0].cells == std::vector<std::string>{"GROWN", "5002", "+5000", "2", "+1", "2501"});
  CHECK(table.rows[1].cells == std::vector<std::string>{"GONE", "0", "-66", "0", "-1", ""});
  CHECK(table.rows[2].cells == std::vector<std::string>{"SHRUNK", "9", "+0", "3", "-1", "3"});
  CHECK(table.rows[0].trend > 0);
  CHECK(table.rows[1].trend < 0);
  CHECK(table.rows[2].trend < 0);
}

TEST_CASE("rows that did not change are one row") {
  Report report;
  report.compares = true;
  report.unchanged = {2, {300, 3, 0, 0}};
  report.total = {300, 3, 0, 0};
  const auto table = make_text_table(report, {});
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[0].label == "2 unchanged");
  CHECK(table.rows[0].cells == std::vector<std::string>{"", "300 B", "+0 B", "3", "+0", "100 B"});
  CHECK(table.rows[0].trend == 0);
}

TEST_CASE("the front of a text is kept where its end does not fit") {
  CHECK(cli::first_columns("snapshot", 8) == "snapshot");
  CHECK(cli::first_columns("snapshot", 7) == "snap...");
  CHECK(cli::first_columns("snapshot", 4) == "s...");
  CHECK(cli::first_columns("\xC3\xA9\xE2\x82\xAC\xC3\xA9\xC3\xA9\xC3\xA9", 4) == "\xC3\xA9...");
  CHECK(cli::first_columns("", 4) == "");
}

TEST_CASE("where not even the dots fit, no more is shown than fits") {
  for (std::size_t width = 0; width < 4; ++width) {
    CAPTURE(width);
    CHECK(cli::display_width(cli::first_columns("snapshot", width)) <= std::max<std::size_t>(width, 3));
    CHECK(cli::display_width(line_text(width)) <= std::max<std::size_t>(width, 3));
  }
}

#include "made_reports.h"

#include <array>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

using cli::Finding;
using cli::Holding;
using cli::Site;

namespace {

// What means something in XML, JSON, markdown, HTML, a URL, a workflow command, a terminal or a log; what is no text;
// and lone surrogates, as names that are not UTF-8 have. (One that could be the first of a pair has a space behind it:
// in JSON "\ud800\udcff" is one character.)
constexpr std::array<std::string_view, 48> kPieces = {
    "app",
    "/",
    "src/",
    "\n",
    "\r",
    "\t",
    " ",
    "|",
    "%",
    "%0A",
    "%25",
    "<",
    ">",
    "\"",
    "'",
    "]]>",
    "&",
    "&amp;",
    "&#124;",
    "::",
    ":",
    ",",
    "=",
    ";",
    "\x1b[31m",
    "\x01",
    "\x7f",
    "\xc2\x85",
    "\xe2\x80\xae",
    "\xe2\x80\xa8",
    "\xed\xa0\x80 ",
    "\xed\xb3\xbf",
    "\xed\xb2\x80",
    "\xef\xbf\xbe",
    "\xef\xbf\xbf",
    "\xf0\x9f\x90\x8d",
    "`",
    "*_~",
    "[x](http://example.org)",
    "{0}",
    "@user",
    "#1",
    "\\",
    "<!-- tmcheck -->",
    "</details>",
    "##[error]",
    "+",
    "..",
};

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t below(std::uint64_t end) { return std::uniform_int_distribution<std::uint64_t>(0, end - 1)(engine_); }
  bool chance() { return below(2) == 0; }

  std::string text() {
    std::string result;
    for (std::uint64_t left = below(8); left > 0; --left) result += kPieces[below(kPieces.size())];
    if (below(20) == 0) result += std::string(1, '\0') + "nul";
    if (below(30) == 0) result.append(5000, 'x');
    return result;
  }

  std::string name() {
    std::string result = text();
    return result.empty() ? "a.py" : result;
  }

  std::int64_t amount() {
    constexpr std::array<std::uint64_t, 5> kEnds = {1, 3, 1000, std::uint64_t{1} << 31U, std::uint64_t{1} << 50U};
    return static_cast<std::int64_t>(below(kEnds[below(kEnds.size())]));
  }

  double number() {
    constexpr std::array<double, 6> kNumbers = {0, 0.1, 10, 65536, 1e300, -2.5};
    return kNumbers[below(kNumbers.size())];
  }

  Holding holding() { return {amount(), amount()}; }

  Site site() {
    Site site;
    if (below(4) != 0) site.filename = (chance() ? "/srv/project/" : "") + name();
    if (below(4) != 0) site.lineno = static_cast<std::uint32_t>(below(5000));
    if (chance()) site.function = text();
    site.key = name();
    site.base = holding();
    site.head = holding();
    site.matched = static_cast<cli::MatchedBy>(below(5));
    if (below(3) == 0) site.base_lineno = static_cast<std::uint32_t>(below(5000));
    for (std::uint64_t left = below(4); left > 0; --left) site.traceback.push_back(name() + ":" + std::to_string(left));
    if (chance()) site.source = text();
    return site;
  }

  cli::RuleName rule() {
    return {text(),
            static_cast<cli::Scope>(below(6)),
            chance() ? text() : "",
            static_cast<cli::Quantity>(below(3)),
            static_cast<cli::Measure>(below(3)),
            number(),
            static_cast<cli::Severity>(below(2))};
  }

  Finding finding(const std::vector<cli::RuleName>& rules) {
    Finding finding;
    finding.rule = rules.empty() || below(10) == 0 ? rule() : rules[below(rules.size())];
    finding.base = holding();
    finding.head = holding();
    if (below(4) != 0) {
      finding.site = site();
      finding.base = finding.site->base;
      finding.head = finding.site->head;
    }
    finding.actual = chance() ? number() : std::numeric_limits<double>::infinity();
    finding.inconclusive = below(4) == 0;
    if (chance()) finding.spread = number();
    finding.message = name();
    finding.fingerprint = chance() ? "0123456789abcdef" : std::to_string(below(1'000'000));
    return finding;
  }

  cli::ReportSnapshot snapshot(std::string_view role) {
    cli::ReportSnapshot snapshot{role, chance() ? "head.tms" : "bad\xff\n|name.tms", "tms", {}, {}, amount(), amount()};
    if (chance()) snapshot.time = amount();
    if (chance()) snapshot.traceback_limit = static_cast<std::uint32_t>(below(100));
    return snapshot;
  }

 private:
  std::mt19937_64 engine_;
};

Finding suppressed(Finding finding, std::string pattern, std::string reason) {
  finding.suppressed_by = std::move(pattern);
  finding.suppression_reason = std::move(reason);
  return finding;
}

Site site_at(std::string filename, std::uint32_t lineno, Holding base, Holding head) {
  Site site;
  site.key = filename + ":" + std::to_string(lineno);
  site.filename = std::move(filename);
  site.lineno = lineno;
  site.base = base;
  site.head = head;
  site.matched = cli::MatchedBy::key;
  return site;
}

Finding finding_of(const cli::RuleName& rule, const Site& site, std::string fingerprint) {
  Finding finding;
  finding.rule = rule;
  finding.site = site;
  finding.base = site.base;
  finding.head = site.head;
  finding.actual = 300;
  finding.message = site.key + " grew by " + std::to_string(site.size_diff()) + " B (+300 %, limit +10 %)";
  finding.fingerprint = std::move(fingerprint);
  return finding;
}

}  // namespace

cli::CheckReport passing_report() {
  cli::CheckReport report;
  report.tool_version = "0.1.0";
  report.group_by = "lineno";
  report.heads = {{"head", "head.tms", "tms", 1767323045250000000, 25U, 2000, 3}};
  report.head_total = {2000, 3};
  report.rules = {
      {"size", cli::Scope::total, "", cli::Quantity::size, cli::Measure::absolute, 4096, cli::Severity::fail}};
  return report;
}

cli::CheckReport plain_report() {
  cli::CheckReport report = passing_report();
  report.verdict = cli::Verdict::fail;
  report.status = 1;
  report.baseline = {{"baseline", "base.tms", "tms", {}, 1U, 2000, 3}};
  report.base_total = {2000, 3};
  report.head_total = {5000, 6};
  const cli::RuleName growth{"size>+10%@site",   cli::Scope::site, "", cli::Quantity::size, cli::Measure::percent, 10,
                             cli::Severity::fail};
  report.rules.push_back(growth);
  Site leak = site_at("/srv/project/shop/app.py", 19, {1000, 1}, {4000, 4});
  leak.function = "add";
  leak.traceback = {"/srv/project/main.py:3", "/srv/project/shop/app.py:19"};
  leak.source = "cart.append(order)";
  const Site cache = site_at("/usr/lib/python3.13/json/decoder.py", 353, {500, 1}, {2000, 4});
  report.findings = {finding_of(growth, leak, "0123456789abcdef")};
  report.suppressed = {suppressed(finding_of(growth, cache, "fedcba9876543210"), "leak:decoder.py$", "its own cache")};
  report.absent = {finding_of(report.rules.front(), site_at("/srv/project/old.py", 1, {9000, 1}, {0, 0}), "aa")};
  report.grown = {leak, cache};
  report.shrunk = {site_at("/srv/project/less.py", 4, {1000, 1}, {10, 1})};
  report.unchanged = 120;
  report.suppressions = {{"leak:decoder.py$", "its own cache", "2026-12-31", "leaks.supp:3", 1, 1500, false},
                         {"leak:gone", "", "", "leaks.supp:4", 0, 0, false}};
  report.warnings = {"the baseline keeps 1 frame of a traceback, the head 25"};
  return report;
}

cli::CheckReport large_report() {
  cli::CheckReport report = plain_report();
  for (std::uint32_t at = 1; at <= 500; ++at) {
    Site site = site_at("/srv/project/" + std::string(at % 300, '|') + ".py", at, {at, 1}, {at * 3, 2});
    site.traceback.assign(25, site.key);
    report.grown.push_back(site);
    report.findings.push_back(finding_of(report.rules.back(), site, std::to_string(at)));
    std::swap(site.base, site.head);
    report.shrunk.push_back(site);
    report.suppressed.push_back(suppressed(report.findings.back(), "leak:*", "all"));
  }
  return report;
}

cli::CheckReport random_report(std::uint64_t seed) {
  Maker maker(seed);
  cli::CheckReport report;
  report.verdict = static_cast<cli::Verdict>(maker.below(3));
  report.status = static_cast<int>(maker.below(2));
  report.tool_version = "0.1.0";
  report.group_by = maker.name();
  if (maker.chance()) report.baseline = {maker.snapshot("baseline")};
  for (std::uint64_t left = maker.below(3); left > 0; --left) report.heads.push_back(maker.snapshot("head"));
  report.base_total = maker.holding();
  report.head_total = maker.holding();
  for (std::uint64_t left = maker.below(4); left > 0; --left) report.rules.push_back(maker.rule());
  for (std::uint64_t left = maker.below(15); left > 0; --left) report.findings.push_back(maker.finding(report.rules));
  for (std::uint64_t left = maker.below(3); left > 0; --left) {
    report.suppressed.push_back(suppressed(maker.finding(report.rules), maker.name(), maker.text()));
    report.absent.push_back(maker.finding(report.rules));
  }
  for (std::uint64_t left = maker.below(5); left > 0; --left) report.grown.push_back(maker.site());
  for (std::uint64_t left = maker.below(5); left > 0; --left) report.shrunk.push_back(maker.site());
  report.unchanged = maker.below(1000);
  for (std::uint64_t left = maker.below(8); left > 0; --left) report.moved.push_back(maker.site());
  report.matched_weakly = report.moved.size();
  for (std::uint64_t left = maker.below(3); left > 0; --left) {
    report.suppressions.push_back({maker.name(), maker.text(), maker.chance() ? "2026-12-31" : "", maker.text(),
                                   maker.below(3), maker.amount(), maker.chance()});
  }
  for (std::uint64_t left = maker.below(4); left > 0; --left) report.warnings.push_back(maker.name());
  return report;
}

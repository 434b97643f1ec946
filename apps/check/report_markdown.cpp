#include "check/report_paths.h"
#include "check/report_words.h"
#include "check/reports.h"

#include "common/size_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace cli {
namespace {

// GitHub Flavored Markdown (https://github.github.com/gfm/). By it a character reference such as "&#124;" is never
// taken for structure (6.2 and 6.12), so that names written with them cannot end a cell, begin a tag, a link or
// emphasis; and within <code> GitHub looks for no @mention and no #issue. GitHub's limits: 65,536 code points in the
// description of a pull request, 262,144 bytes in a comment (found out at
// https://github.com/dead-claudia/github-limits), 1 MiB in a step summary.

constexpr std::size_t kNameLength = 160;     // code points of a name; a path is known by its end
constexpr std::size_t kMessageLength = 600;  // code points of a message
constexpr std::size_t kWorstShown = 10;
constexpr std::size_t kShrunkShown = 5;

/// How the comment of an earlier run is found again, to be replaced.
constexpr std::string_view kMarker = "<!-- tmcheck -->\n";

/// What may follow the rows: their number, and the ends of what is open.
constexpr std::size_t kRoomAtEnd = 400;

/// Visible text in which no character means anything.
std::string escaped(const std::string& text) {
  constexpr std::string_view kPlain = " /,()+=%;'";
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
    // "://" and "www." would be links even within HTML.
    const bool link = (byte == ':' && text.compare(at, 3, "://") == 0) ||
                      (byte == '.' && at >= 3 && (text[at - 1] == 'w' || text[at - 1] == 'W'));
    const bool mark = byte == ':' || byte == '.' || byte == '-';
    const bool plain = byte >= 0x80 || letter || kPlain.find(text[at]) != std::string_view::npos || (mark && !link);
    result += plain ? std::string(1, text[at]) : fmt::format("&#{};", byte);
  }
  return result;
}

std::string code(std::string_view name, std::size_t most = kNameLength) {
  const std::string text = last_part(visible(name), most);
  return text.empty() ? "" : "<code>" + escaped(text) + "</code>";
}

/// A sentence that holds names.
std::string prose(std::string_view sentence) { return code(sentence, kMessageLength); }

std::string site_code(const Site& site, const ReportStyle& style) {
  if (site.filename.empty()) return code(site_name(site));
  const std::string path = path_below(style.root, site.filename);
  return code(site.lineno == 0 ? path : fmt::format("{}:{}", path, site.lineno));
}

/// The whole text, which never gets longer than the limit.
class Page {
 public:
  explicit Page(std::string text) : text_(std::move(text)) {}

  /// False when there is no room left for this.
  bool add(const std::string& text) {
    if (text_.size() + text.size() + kRoomAtEnd > kMarkdownLimit) return false;
    text_ += text;
    return true;
  }

  /// For what must be there: kRoomAtEnd is kept for it.
  void close(const std::string& text) { text_ += text; }

  /// Counts a part that there was no room for.
  void drop() { ++dropped_; }

  std::string text() const {
    if (dropped_ == 0) return text_;
    return text_ + fmt::format("{} more part{} of this report left out.\n", dropped_, dropped_ == 1 ? " is" : "s are");
  }

 private:
  std::string text_;
  int dropped_ = 0;
};

/// As many of the rows as there is room for, below their head.
void add_rows(Page& page, const std::string& head, const std::vector<std::string>& rows, const std::string& end = "") {
  if (rows.empty()) return;
  if (!page.add(head)) return page.drop();
  std::size_t shown = 0;
  while (shown < rows.size() && page.add(rows[shown])) ++shown;
  page.close(end);
  if (shown < rows.size()) page.close(fmt::format("\n{} more are left out.\n", rows.size() - shown));
  page.close("\n");
}

constexpr std::string_view kSiteColumns =
    "| size | growth | blocks | growth | site |\n| ---: | ---: | ---: | ---: | --- |\n";

std::string site_row(const Site& site, const ReportStyle& style) {
  const std::string fresh = site.matched == MatchedBy::nothing && site.head.count > 0 ? " new" : "";
  return fmt::format("| {} | {} | {} | {:+} | {}{} |\n", size_text(site.head.size), size_text(site.size_diff(), true),
                     site.head.count, site.count_diff(), site_code(site, style), fresh);
}

std::vector<std::string> site_rows(const std::vector<Site>& sites, const ReportStyle& style, std::size_t first,
                                   std::size_t last) {
  std::vector<std::string> rows;
  for (std::size_t at = first; at < std::min(last, sites.size()); ++at) rows.push_back(site_row(sites[at], style));
  return rows;
}

std::string finding_row(const Finding& finding, const ReportStyle& style) {
  const bool compared = finding.rule.measure != Measure::absolute;
  const std::string growth = compared ? size_text(finding.head.size - finding.base.size, true) : "";
  const std::string blocks = compared ? fmt::format("{:+}", finding.head.count - finding.base.count) : "";
  const std::string where = finding.site ? site_code(*finding.site, style) : code(rule_text(finding.rule));
  return fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", weight_name(weight_of(finding)),
                     size_text(finding.head.size), growth, finding.head.count, blocks, where, code(finding.rule.name));
}

std::string details(const std::string& summary) { return fmt::format("<details><summary>{}</summary>\n\n", summary); }

constexpr std::string_view kEndOfDetails = "\n</details>\n";

std::string heading(const CheckReport& report) {
  const char* const mark = report.verdict == Verdict::pass   ? ":white_check_mark:"
                           : report.verdict == Verdict::fail ? ":x:"
                                                             : ":warning:";
  return fmt::format("### {} tmcheck: {}\n\n", mark, verdict_text(report));
}

std::string total_lines(const CheckReport& report) {
  const bool compared = !report.baseline.empty();
  std::string text = "Total: " + holding_text(report.base_total, report.head_total, compared) + ".";
  if (compared) {
    text += fmt::format(" Of the sites {} grew, {} shrank, {} did not change.", report.grown.size(),
                        report.shrunk.size(), report.unchanged);
  }
  if (report.matched_weakly > 0) {
    text += fmt::format(" {} were matched by something weaker than the line.", report.matched_weakly);
  }
  return text + "\n\n";
}

std::vector<std::string> warning_rows(const CheckReport& report) {
  std::vector<std::string> rows;
  for (const std::vector<std::string>& lines : {report.warnings, idle_suppressions(report)}) {
    for (const std::string& line : lines) rows.push_back("- Warning: " + prose(line) + "\n");
  }
  return rows;
}

/// What each finding says, with its traceback.
std::vector<std::string> finding_details(const CheckReport& report) {
  std::vector<std::string> rows;
  for (const Finding& finding : report.findings) {
    std::string row = "- " + prose(finding.message) + "\n";
    if (finding.site) {
      for (const std::string& line : traceback_lines(*finding.site)) row += "  - " + code(line) + "\n";
      if (!finding.site->source.empty()) row += "  - source: " + code(finding.site->source) + "\n";
    }
    rows.push_back(row);
  }
  return rows;
}

std::vector<std::string> suppressed_rows(const CheckReport& report) {
  std::vector<std::string> rows;
  for (const Finding& finding : report.suppressed) {
    const std::string reason = finding.suppression_reason.empty() ? "" : " (" + prose(finding.suppression_reason) + ")";
    rows.push_back(fmt::format("- {} by {}{}\n", prose(finding.message), code(finding.suppressed_by), reason));
  }
  return rows;
}

}  // namespace

void print_markdown_report(const CheckReport& report, const ReportStyle& style, snapshot::ByteSink& sink) {
  Page page(std::string(kMarker) + heading(report) + total_lines(report));
  std::vector<std::string> findings;
  for (const Finding& finding : report.findings) findings.push_back(finding_row(finding, style));
  const std::string end(kEndOfDetails);
  const std::size_t shown = std::min(kWorstShown, findings.size());
  const std::string columns =
      "| | size | growth | blocks | growth | where | rule |\n| --- | ---: | ---: | ---: | ---: | --- | --- |\n";
  add_rows(page, columns, {findings.begin(), findings.begin() + static_cast<std::ptrdiff_t>(shown)});
  add_rows(page, "", warning_rows(report));
  const std::size_t all = std::max(report.grown.size(), report.shrunk.size());
  const std::string site_columns(kSiteColumns);
  add_rows(page, "What shrank:\n\n" + site_columns, site_rows(report.shrunk, style, 0, kShrunkShown));
  add_rows(page, details(fmt::format("{} more findings", findings.size() - shown)) + columns,
           {findings.begin() + static_cast<std::ptrdiff_t>(shown), findings.end()}, end);
  add_rows(page, details("Tracebacks"), finding_details(report), end);
  add_rows(page, details(fmt::format("{} suppressed", report.suppressed.size())), suppressed_rows(report), end);
  add_rows(page, details(fmt::format("All that grew: {}", report.grown.size())) + site_columns,
           site_rows(report.grown, style, 0, all), end);
  add_rows(page, details("More that shrank") + site_columns, site_rows(report.shrunk, style, kShrunkShown, all), end);
  sink.write(page.text());
}

}  // namespace cli

#pragma once

#include "common/report.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cli {

// What tmcheck has to say, before anyone decides how it looks: all that its reports see. Sizes are bytes, counts are
// blocks; text is generalised UTF-8.

enum class Verdict { pass, inconclusive, fail };

enum class Severity { fail, warn };

/// What a rule measures of its scope.
enum class Quantity { size, count, average };

/// How it is measured: as it is, against the baseline, or against it in percent.
enum class Measure { absolute, growth, percent };

/// What a rule is about.
enum class Scope {
  total,      ///< all that was looked at
  site,       ///< each site
  new_site,   ///< each site that the baseline does not have
  glob,       ///< the sites whose file name matches, added up
  directory,  ///< the sites below a directory, added up
  domain,     ///< the blocks of one domain, added up
};

/// What a site of the head was paired with its site in the baseline by, strongest first.
enum class MatchedBy {
  nothing,      ///< it has none: the site is new, or gone
  key,          ///< the same group: file and lineno, unless grouped otherwise
  function,     ///< the same function of the same file, at another line
  source_text,  ///< the same text of the source line, in the same file
  nearest,      ///< the nearest line of the file that was not paired, with the same pattern of sizes and counts
};

/// A size and a count that may be a median or the least of several runs.
struct Holding {
  std::int64_t size = 0;
  std::int64_t count = 0;

  /// Bytes, blocks, or bytes a block: 0 where there is none.
  double amount(Quantity quantity) const {
    const auto bytes = static_cast<double>(size);
    const auto blocks = static_cast<double>(count);
    if (quantity == Quantity::average) return count == 0 ? 0 : bytes / blocks;
    return quantity == Quantity::size ? bytes : blocks;
  }
  friend bool operator==(const Holding&, const Holding&) = default;
};

/// A site: where blocks were allocated, in the baseline and in the head.
struct Site {
  std::string filename;      ///< empty where the group is no place in a file: then `key` is
  std::uint32_t lineno = 0;  ///< in the head (in the baseline, where it is gone); 0 where not by line
  std::optional<std::string> function;
  std::string key;  ///< its name: "app.py:12", or a function, a module...
  Holding base;
  Holding head;
  MatchedBy matched = MatchedBy::nothing;
  std::optional<std::uint32_t> base_lineno;  ///< where it was, if that is another line
  std::vector<std::string> traceback;        ///< oldest first, "file:lineno", of its largest total in the head
  std::string source;                        ///< the line itself, trimmed, where the file is at hand

  std::int64_t size_diff() const { return head.size - base.size; }
  std::int64_t count_diff() const { return head.count - base.count; }
};

/// A rule, as a user would say it.
struct RuleName {
  std::string name;  ///< what the budget calls it, or the rule itself: "size>+10%@site"
  Scope scope = Scope::site;
  std::string subject;  ///< the glob, the directory, the domain
  Quantity quantity = Quantity::size;
  Measure measure = Measure::growth;
  double limit = 0;  ///< bytes, blocks, bytes a block, or percent
  Severity severity = Severity::fail;

  friend bool operator==(const RuleName&, const RuleName&) = default;
};

/// A limit that was exceeded.
struct Finding {
  RuleName rule;
  std::optional<Site> site;  ///< where the rule is about sites
  Holding base;              ///< of what the rule is about
  Holding head;
  double actual = 0;             ///< in the unit of the limit; infinite for a percentage of nothing
  bool inconclusive = false;     ///< the spread of the runs is larger than the excess
  std::optional<double> spread;  ///< of the runs, in the unit of the limit, where there are several
  std::string suppressed_by;     ///< the pattern, or empty
  std::string suppression_reason;
  std::string message;  ///< one line: "/srv/app.py:12 grew by 14248 B (+309 %, limit +10 %), +150 blocks"
  std::string
      fingerprint;  ///< stable under edits that move lines: 16 hexadecimal digits of file, function or text, rule
};

/// A pattern of a suppressions file, and what became of it.
struct SuppressionUse {
  std::string pattern;
  std::string reason;
  std::string expires;       ///< "2026-12-31", or empty
  std::string origin;        ///< "leaks.supp:12"
  std::size_t findings = 0;  ///< that it silenced
  std::int64_t size = 0;     ///< what those grew by
  bool expired = false;      ///< and so silences nothing
  bool used = false;         ///< it silences blocks of a finding, if not the finding
};

struct CheckReport {
  Verdict verdict = Verdict::pass;
  int status = 0;  ///< what the program exits with
  std::string tool_version;
  std::string group_by;                  ///< as a user names it: "lineno"
  std::vector<ReportSnapshot> baseline;  ///< none where only a budget was given
  std::vector<ReportSnapshot> heads;
  Holding base_total;  ///< under filters, of what passed them
  Holding head_total;
  std::vector<RuleName> rules;    ///< all that were applied
  std::vector<Finding> findings;  ///< worst first; not the suppressed ones
  std::vector<Finding> suppressed;
  std::vector<Finding> absent;     ///< what was over an absolute limit in the baseline, and is not in the head
  std::vector<Site> grown;         ///< every site that grew, by size_diff, descending, whether a rule minds or not
  std::vector<Site> shrunk;        ///< every site that shrank, most first
  std::size_t unchanged = 0;       ///< sites
  std::vector<Site> moved;         ///< every site that was matched by something weaker than the line, by name
  std::size_t matched_weakly = 0;  ///< sites that were matched by something weaker than the line
  std::vector<SuppressionUse> suppressions;  ///< all; reports themselves say which are unused or expired
  std::vector<std::string> warnings;  ///< "the baseline keeps 1 frame of a traceback, the head 25", one line each
};

}  // namespace cli

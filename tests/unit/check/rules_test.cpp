#include <check/rules.h>

#include <common/command_line.h>
#include <doctest/doctest.h>

#include <string>
#include <tuple>

using cli::Measure;
using cli::Quantity;
using cli::Rule;
using cli::Scope;
using cli::Severity;

namespace {

auto parsed(const char* text) {
  const Rule rule = cli::parse_rule(text, Severity::fail);
  CHECK(rule.name == text);
  return std::tuple(rule.quantity, rule.measure, rule.limit, rule.scope, rule.subject);
}

auto all(Quantity quantity, Measure measure, double limit, Scope scope, const char* subject) {
  return std::tuple(quantity, measure, limit, scope, std::string(subject));
}

std::string refusal(const char* text) {
  try {
    cli::parse_rule(text, Severity::fail);
  } catch (const cli::UsageError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a rule is a quantity, a limit with its sign, and a scope") {
  CHECK(parsed("size>512MiB") == all(Quantity::size, Measure::absolute, 512 * 1024 * 1024, Scope::total, ""));
  CHECK(parsed("size>+1MiB") == all(Quantity::size, Measure::growth, 1024 * 1024, Scope::total, ""));
  CHECK(parsed("size>+10%@site") == all(Quantity::size, Measure::percent, 10, Scope::site, ""));
  CHECK(parsed("count>+100@glob:*/json/*") == all(Quantity::count, Measure::growth, 100, Scope::glob, "*/json/*"));
  CHECK(parsed("size>64K@new-site") == all(Quantity::size, Measure::absolute, 65536, Scope::new_site, ""));
  CHECK(parsed("size>+64KiB@dir:/srv/app") ==
        all(Quantity::size, Measure::growth, 65536, Scope::directory, "/srv/app"));
  CHECK(parsed("size>1G@domain:malloc") ==
        all(Quantity::size, Measure::absolute, 1024.0 * 1024 * 1024, Scope::domain, "malloc"));
  CHECK(parsed("count>0@domain:389047") == all(Quantity::count, Measure::absolute, 0, Scope::domain, "389047"));
  CHECK(parsed("average>+2.5%@total") == all(Quantity::average, Measure::percent, 2.5, Scope::total, ""));
  CHECK(parsed("size>1@glob:a@b>c:d") == all(Quantity::size, Measure::absolute, 1, Scope::glob, "a@b>c:d"));
}

TEST_CASE("what is no rule is refused, by what is wrong with it") {
  CHECK(refusal("size") == "'size' is not QUANTITY>LIMIT[@SCOPE], such as size>+10%@site");
  CHECK(refusal("bytes>1") == "'bytes' is not one of size, count, average");
  CHECK(refusal("size>10%") == "'10%': a percentage is of growth: +10%");
  CHECK(refusal("size>") == "'' is not a size such as 512, 4K or 1.5MiB");
  CHECK(refusal("size>-1").starts_with("'-1' is not a size"));
  CHECK(refusal("size>nan").starts_with("'nan' is not a size"));
  CHECK(refusal("size>9E9E").starts_with("'9E9E' is not a size"));
  CHECK(refusal("size>16E").starts_with("'16E' is not a size"));
  CHECK(refusal("size>+nan%") == "'nan' is not a percentage such as 10 or 2.5");
  CHECK(refusal("size>+inf%").starts_with("'inf' is not a percentage"));
  CHECK(refusal("size>+-1%").starts_with("'-1' is not a percentage"));
  CHECK(refusal("count>1K") == "'1K' is not a whole number from 0 to 9223372036854775807");
  CHECK(refusal("count>9223372036854775808").starts_with("'9223372036854775808' is not a whole number"));
  CHECK(refusal("size>1@line") == "'line' is not one of total, site, new-site, glob:PATTERN, dir:DIR, domain:DOMAIN");
  CHECK(refusal("size>1@path:x") == "'path' is not one of glob, dir, domain");
  CHECK(refusal("size>1@glob:") == "'glob:' does not say which");
  CHECK(refusal("size>+1@new-site") == "'size>+1@new-site': what is new has nothing to grow from: leave out the +");
}

TEST_CASE("a rule can be said in its own words") {
  for (const char* text : {"size>512MiB", "size>+1MiB", "size>+10%@site", "count>+100@glob:*/json/*", "size>1000",
                           "size>64KiB@new-site", "size>+64KiB@dir:/srv/app", "average>+2.5%", "count>0@domain:0"}) {
    CHECK(cli::rule_syntax(cli::parse_rule(text, Severity::warn)) == text);
  }
}

TEST_CASE("percentages alone have a floor of their own, and growth alone needs blocks") {
  std::vector<Rule> rules{cli::parse_rule("size>+10%", Severity::fail), cli::parse_rule("size>+1K", Severity::fail),
                          cli::parse_rule("size>1K", Severity::fail), cli::parse_rule("size>+20%", Severity::fail)};
  rules[3].min_growth = 5;
  std::vector<Rule> defaults = rules;
  complete(defaults, {});
  CHECK(defaults[0].min_growth == 65536);
  CHECK_FALSE(defaults[1].min_growth);
  CHECK_FALSE(defaults[2].min_growth);
  CHECK(defaults[3].min_growth == 5);
  CHECK_FALSE(defaults[0].require_count);
  complete(rules, {1000, true});
  CHECK(rules[0].min_growth == 1000);
  CHECK(rules[0].require_count);
  CHECK(rules[1].require_count);
  CHECK_FALSE(rules[2].require_count);
}

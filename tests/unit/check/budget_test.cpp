#include <check/budget.h>

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using cli::Budget;
using cli::Measure;
using cli::Quantity;
using cli::Scope;
using cli::Severity;

namespace {

std::string budget_of(const std::string& rule) { return R"({"version": 1, "rules": [)" + rule + "]}"; }

std::string refusal(const std::string& json) {
  try {
    cli::parse_budget(json);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

std::string rule_refusal(const std::string& rule) { return refusal(budget_of(rule)); }

}  // namespace

TEST_CASE("a budget has rules, and what they have in common") {
  const Budget budget = cli::parse_budget(R"({
    "$schema": "budget.schema.json", "version": 1, "min_growth": "1MiB", "require": "count",
    "rules": [
      {"name": "all", "measure": "absolute", "limit": "512MiB"},
      {"scope": "site", "quantity": "count", "measure": "growth", "limit": 100, "severity": "warn"},
      {"scope": {"glob": "*/app/*"}, "quantity": "average", "measure": "percent", "limit": 2.5, "min_growth": 7,
       "require": "count"},
      {"scope": {"directory": "/srv/app"}, "measure": "growth", "limit": 0},
      {"scope": {"domain": 0}, "measure": "growth", "limit": 1},
      {"scope": {"domain": "malloc"}, "measure": "growth", "limit": 1},
      {"scope": "new-site", "measure": "absolute", "limit": 65536}]})");
  CHECK(budget.defaults.min_growth == 1024 * 1024);
  CHECK(budget.defaults.require_count);
  REQUIRE(budget.rules.size() == 7);
  const auto& rules = budget.rules;
  CHECK(rules[0].name == "all");
  CHECK((rules[0].scope == Scope::total && rules[0].quantity == Quantity::size));
  CHECK(rules[0].limit == 512.0 * 1024 * 1024);
  CHECK(rules[0].severity == Severity::fail);
  CHECK(rules[1].name == "count>+100@site");
  CHECK(rules[1].severity == Severity::warn);
  CHECK((rules[2].scope == Scope::glob && rules[2].subject == "*/app/*" && rules[2].measure == Measure::percent));
  CHECK((rules[2].min_growth == 7 && rules[2].require_count && rules[2].limit == 2.5));
  CHECK((rules[3].scope == Scope::directory && rules[3].subject == "/srv/app" && rules[3].limit == 0));
  CHECK((rules[4].scope == Scope::domain && rules[4].subject == "0"));
  CHECK(rules[5].subject == "malloc");
  CHECK(rules[6].scope == Scope::new_site);
}

TEST_CASE("what is no JSON is refused with its line and column") {
  CHECK(refusal("") == "line 1, column 1: is not JSON: it ends too early");
  CHECK(refusal("{\n  \"version\": 1,\n  oops") == "line 3, column 3: is not JSON");
  CHECK(refusal("{\"version\": NaN}") == "line 1, column 13: is not JSON");
  CHECK(refusal("{\"version\": 1") == "line 1, column 14: is not JSON: it ends too early");
  CHECK(refusal("{\"version\": 1}}") == "line 1, column 15: is not JSON");
  CHECK(refusal("{\"version\": 01}").starts_with("line 1, column 1"));
  CHECK(refusal("{\"version\": 1e999}") == "is not JSON as it is read here: number overflow parsing '1e999'");
  CHECK(refusal("{\"a\xFF\": 1}").ends_with("is not JSON"));
  CHECK(refusal(std::string(100'000, '[')) == "is nested more than 8 deep");
}

TEST_CASE("keys that are not known, and those that stand twice, are refused") {
  CHECK(refusal(R"({"version": 1, "rules": [], "limits": 3})") ==
        "limits: is not one of $schema, version, min_growth, require, rules");
  CHECK(rule_refusal(R"({"measure": "growth", "limit": 1, "limt": 2})") ==
        "rules[0].limt: is not one of name, scope, quantity, measure, limit, min_growth, require, severity");
  CHECK(refusal(R"({"version": 1, "version": 1, "rules": []})") == "the key 'version' stands twice in an object");
  CHECK(rule_refusal(R"({"scope": {"glob": "a", "file": "b"}, "measure": "growth", "limit": 1})") ==
        "rules[0].scope.file: is not one of glob, directory, domain");
}

TEST_CASE("values of a wrong type or out of range are refused") {
  CHECK(refusal("[]") == "the file: expected an object, not []");
  CHECK(refusal("{}") == "version: is missing: expected 1");
  CHECK(refusal(R"({"version": 2, "rules": []})") == "version: expected 1, not 2");
  CHECK(refusal(R"({"version": "1", "rules": []})") == "version: expected 1, not \"1\"");
  CHECK(refusal(R"({"version": 1})") == "rules: is missing: expected a list of rules");
  CHECK(refusal(R"({"version": 1, "rules": {}})") == "rules: expected a list, not {}");
  CHECK(refusal(R"({"version": 1, "rules": []})") == "rules: expected at least one rule, not []");
  CHECK(rule_refusal("3") == "rules[0]: expected an object, not 3");
  CHECK(rule_refusal("{}") == "rules[0].measure: is missing: expected one of \"absolute\", \"growth\", \"percent\"");
  CHECK(rule_refusal(R"({"measure": "growth"})") == "rules[0].limit: is missing: expected a number");
  CHECK(rule_refusal(R"({"measure": "relative", "limit": 1})") ==
        "rules[0].measure: expected one of \"absolute\", \"growth\", \"percent\", not \"relative\"");
  CHECK(rule_refusal(R"({"measure": "growth", "limit": true})") ==
        "rules[0].limit: expected bytes, as 65536 or \"64KiB\", not true");
  CHECK(rule_refusal(R"({"measure": "growth", "limit": -1})").starts_with("rules[0].limit: expected bytes"));
  CHECK(rule_refusal(R"({"measure": "growth", "limit": 1.5})").starts_with("rules[0].limit: expected bytes"));
  CHECK(rule_refusal(R"({"measure": "growth", "limit": 1e19})").starts_with("rules[0].limit: expected bytes"));
  CHECK(rule_refusal(R"({"measure": "growth", "limit": "lots"})").starts_with("rules[0].limit: expected bytes"));
  CHECK(rule_refusal(R"({"measure": "growth", "quantity": "count", "limit": "1K"})") ==
        "rules[0].limit: expected a whole number of blocks, not \"1K\"");
  CHECK(rule_refusal(R"({"measure": "percent", "limit": "10"})") ==
        "rules[0].limit: expected a percentage, as 10, not \"10\"");
  CHECK(rule_refusal(R"({"measure": "percent", "limit": -10})").starts_with("rules[0].limit: expected a percentage"));
  CHECK(rule_refusal(R"({"scope": {}, "measure": "growth", "limit": 1})") ==
        "rules[0].scope: expected one of glob, directory and domain, not {}");
  CHECK(rule_refusal(R"({"scope": {"glob": "a", "domain": 0}, "measure": "growth", "limit": 1})")
            .starts_with("rules[0].scope: expected one of glob"));
  CHECK(rule_refusal(R"({"scope": {"glob": ""}, "measure": "growth", "limit": 1})") ==
        "rules[0].scope.glob: expected a pattern of file names, not \"\"");
  CHECK(rule_refusal(R"({"scope": {"domain": 4294967296}, "measure": "growth", "limit": 1})")
            .starts_with("rules[0].scope.domain: expected a number below 2^32"));
  CHECK(rule_refusal(R"({"scope": "new-site", "measure": "growth", "limit": 1})")
            .starts_with("rules[0].measure: expected \"absolute\" where the scope is \"new-site\""));
  CHECK(rule_refusal(R"({"measure": "absolute", "limit": 1, "min_growth": 1})") ==
        "rules[0].min_growth: expected none where the measure is absolute, not 1");
  CHECK(rule_refusal(R"({"measure": "growth", "limit": 1, "require": "blocks"})") ==
        "rules[0].require: expected one of \"count\", not \"blocks\"");
  CHECK(rule_refusal(R"({"measure": "growth", "limit": 1, "severity": "error"})") ==
        "rules[0].severity: expected one of \"fail\", \"warn\", not \"error\"");
  CHECK(rule_refusal(R"({"name": "", "measure": "growth", "limit": 1})") == "rules[0].name: expected a name, not \"\"");
  const std::string rule = R"({"name": "a", "measure": "growth", "limit": 1})";
  CHECK(rule_refusal(rule + "," + rule) == "rules[1].name: expected a name that no other rule has, not \"a\"");
}

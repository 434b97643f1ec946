// Any bytes as a budget, as suppressions and as a rule: they are read or refused in one line, and what was read of
// rules can be said in the words of the command line. Links with libFuzzer, or with replay.cpp for the corpus.
#include "require.h"

#include <check/budget.h>
#include <check/suppressions.h>
#include <common/command_line.h>
#include <snapshot/symbols.h>
#include <snapshot/utf8.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

using fuzz::require;

/// Whether reading ended without an error, which has one line else.
template <typename Read>
bool is_read(Read read) {
  try {
    read();
    return true;
  } catch (const std::runtime_error& error) {
    require(*error.what() != '\0', "an error says something");
    return false;
  }
}

void check_rule(const cli::Rule& rule) {
  const std::string syntax = snapshot::bytes_from_text(cli::rule_syntax(rule));  // arguments are bytes
  cli::Rule again;
  require(is_read([&] { again = cli::parse_rule(syntax, rule.severity); }), "a rule can be said");
  require(again.scope == rule.scope && again.quantity == rule.quantity && again.measure == rule.measure,
          "and is then the same rule");
  require(again.limit == rule.limit && again.subject == rule.subject, "with the same limit");
}

void check_suppressions(std::string_view text) {
  std::vector<cli::Suppression> suppressions;
  if (!is_read([&] { suppressions = cli::parse_suppressions(text, "file"); })) return;
  snapshot::Symbols symbols;
  const std::array frames{symbols.intern(snapshot::Frame{symbols.intern("/srv/app.py"), 3, symbols.intern("load")}),
                          symbols.intern(snapshot::Frame{symbols.intern("main.c"), 1})};
  const auto traceback = symbols.intern(std::span<const snapshot::FrameId>(frames));
  cli::Suppressor suppressor(suppressions, cli::parse_date("2026-01-01"));
  const std::size_t found = suppressor.find(symbols, traceback);
  require(found == cli::Suppressor::kNone || found < suppressions.size(), "a suppression is one of them");
  require(found == cli::Suppressor::kNone || !suppressor.is_expired(found), "and holds");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  cli::Budget budget;
  if (is_read([&] { budget = cli::parse_budget(text); })) {
    for (const cli::Rule& rule : budget.rules) check_rule(rule);
  }
  cli::Rule rule;
  if (is_read([&] { rule = cli::parse_rule(text, cli::Severity::fail); })) check_rule(rule);
  check_suppressions(text);
  return 0;
}

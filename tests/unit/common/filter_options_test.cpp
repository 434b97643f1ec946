#include <apps/common/options.h>

#include <doctest/doctest.h>
#include <snapshot/error.h>
#include <tests/support/brute_force.h>
#include <tests/support/sanitizer.h>
#include <tests/support/snapshot_from.h>

#include <array>
#include <map>
#include <memory>
#include <regex>
#include <string>
#include <vector>

#include "parsed.h"

using brute_force::Trace;
using testing::Lines;
using testing::snapshot_from;
using testing::traces_of;

namespace {

cli::FilterOptions parsed(const Arguments& arguments, bool can_invert = false) {
  return parsed_as<cli::FilterOptions>(arguments, [&](cli::FilterOptions& options, cli::CommandLine& command) {
    options.add_to(command);
    if (can_invert) options.add_invert(command);
  });
}

/// The sizes of the blocks that pass.
std::string passed(const char* text, const Arguments& arguments) {
  const auto kept = parsed(arguments).apply(snapshot_from(text));
  std::string sizes;
  for (std::size_t at = 0; at < kept.traces().rows(); ++at) {
    sizes += (sizes.empty() ? "" : " ") + std::to_string(kept.traces().size[at]);
  }
  return sizes;
}

std::string refused(const Arguments& arguments) { return refused_as<cli::FilterOptions>(arguments); }

constexpr const char* kRecorded = R"(
  16 app.py:1(load) < main.py:3(run) address=0x1000 thread=main
  0 app.py:2(save) < main.py:3(run) address=0x1010 thread=7 domain=1
  64 lib.c:9 < app.py:2(save) address=0x1040
)";

// --- the brute force of every condition, one block after the other

/// Patterns that mean the same to std::regex and to RE2.
constexpr std::array kExpressions{"a",        "^a\\.py$", "py$", "^/srv", "[ab]\\.py",
                                  "lib|shop", "(web)?/v", "l.b", "x+",    ""};

struct Condition {
  bool inclusive = true;
  bool any_frame = false;
  bool of_function = false;
  std::string pattern;
  std::optional<std::uint32_t> lineno;
};

struct Range {
  std::uint64_t first;
  std::uint64_t last;
};

/// What a command line asks for.
struct Conditions {
  std::vector<Condition> patterns;
  bool regex = false;
  bool invert = false;
  std::vector<std::pair<bool, std::string>> domains;  // inclusive, and its number or name
  std::vector<std::string> threads;
  std::vector<Range> addresses;
  std::optional<std::int64_t> least;
  std::optional<std::int64_t> most;
};

std::string without_c(const std::string& name) {
  return name.ends_with(".pyc") ? name.substr(0, name.size() - 1) : name;
}

/// Each made once: to make one takes longer than to match it.
const std::regex& expression(const std::string& pattern) {
  static std::map<std::string, std::regex> made;
  return made.try_emplace(pattern, pattern, std::regex::ECMAScript).first->second;
}

bool text_matches(const std::string& text, const Condition& condition, bool regex) {
  if (regex) return std::regex_search(text, expression(condition.pattern));
  if (condition.of_function) return brute_force::glob(condition.pattern, text);
  return brute_force::glob(without_c(condition.pattern), without_c(text));
}

bool matches(const Trace& trace, const Condition& condition, bool regex) {
  for (std::size_t at = 0; at < trace.frames.size() && (at == 0 || condition.any_frame); ++at) {
    const brute_force::Frame& frame = trace.frames[at];
    if (condition.of_function && !frame.function) continue;
    const std::string& text = condition.of_function ? *frame.function : frame.filename;
    const bool right_line = !condition.lineno || *condition.lineno == frame.lineno;
    if (right_line && text_matches(text, condition, regex)) return true;
  }
  return false;
}

/// Any that includes, and none that excludes.
bool pass_patterns(const Trace& trace, const Conditions& conditions, bool of_function) {
  bool wanted = false;
  bool included = false;
  for (const Condition& condition : conditions.patterns) {
    if (condition.of_function != of_function) continue;
    const bool match = matches(trace, condition, conditions.regex);
    if (!condition.inclusive && match) return false;
    wanted = wanted || condition.inclusive;
    included = included || (condition.inclusive && match);
  }
  return included || !wanted;
}

bool is_called(std::uint32_t domain, const std::string& text) {
  if (text == std::to_string(domain)) return true;
  for (const snapshot::Domain& named : brute_force::kNamedDomains) {
    if (named.id == domain && named.name == text) return true;
  }
  return false;
}

bool pass_domains(const Trace& trace, const Conditions& conditions) {
  bool wanted = false;
  bool included = false;
  for (const auto& [inclusive, text] : conditions.domains) {
    const bool match = is_called(trace.domain, text);
    if (!inclusive && match) return false;
    wanted = wanted || inclusive;
    included = included || (inclusive && match);
  }
  return included || !wanted;
}

bool pass_threads(const Trace& trace, const Conditions& conditions) {
  if (conditions.threads.empty()) return true;
  for (const std::string& text : conditions.threads) {
    if (trace.thread && (text == trace.thread->name || text == std::to_string(trace.thread->id))) return true;
  }
  return false;
}

bool pass_addresses(const Trace& trace, const Conditions& conditions) {
  if (conditions.addresses.empty()) return true;
  const std::uint64_t bytes = trace.size == 0 ? 1 : static_cast<std::uint64_t>(trace.size);
  const std::uint64_t first = *trace.address;
  const std::uint64_t last = first > ~std::uint64_t{0} - (bytes - 1) ? ~std::uint64_t{0} : first + (bytes - 1);
  for (const Range& range : conditions.addresses) {
    if (std::max(first, range.first) <= std::min(last, range.last)) return true;
  }
  return false;
}

bool passes(const Trace& trace, const Conditions& conditions) {
  return pass_patterns(trace, conditions, false) && pass_patterns(trace, conditions, true) &&
         pass_domains(trace, conditions) && pass_threads(trace, conditions) && pass_addresses(trace, conditions) &&
         (!conditions.least || trace.size >= *conditions.least) && (!conditions.most || trace.size <= *conditions.most);
}

// --- random command lines

template <typename Value, std::size_t count>
std::string one_of(brute_force::Random& random, const std::array<Value, count>& values) {
  return std::string(random.choice(std::span<const Value>(values)));
}

Condition any_condition(brute_force::Random& random, bool regex) {
  static constexpr std::array kGlobs{"*", "/srv/*", "*.py", "*.pyc", "<*>", "*/json/*", "app.py", "*shop?*", "", "*a*"};
  static constexpr std::array kFunctions{"load", "load*", "*", "<*>", "", "*new*", "lo?d"};
  Condition condition{random.one_in(2), random.one_in(2), random.one_in(3), "", {}};
  if (condition.of_function) condition.inclusive = true;  // there is no option that excludes by function
  condition.pattern = regex                   ? one_of(random, kExpressions)
                      : condition.of_function ? one_of(random, kFunctions)
                                              : one_of(random, kGlobs);
  if (!condition.of_function && random.one_in(3)) condition.lineno = static_cast<std::uint32_t>(random.below(3));
  return condition;
}

Conditions any_conditions(brute_force::Random& random, bool addresses, bool threads) {
  static constexpr std::array kDomains{"0", "1", "2", "numpy", "nothing", "4294967295"};
  static constexpr std::array kThreads{"main", "worker", "2", "4", "nobody"};
  Conditions conditions;
  conditions.regex = random.one_in(3);
  conditions.invert = random.one_in(3);
  for (std::uint64_t left = random.below(4); left > 0; --left) {
    conditions.patterns.push_back(any_condition(random, conditions.regex));
  }
  for (std::uint64_t left = random.one_in(3) ? random.below(3) : 0; left > 0; --left) {
    conditions.domains.emplace_back(random.one_in(2), one_of(random, kDomains));
  }
  for (std::uint64_t left = threads && random.one_in(2) ? random.below(3) : 0; left > 0; --left) {
    conditions.threads.push_back(one_of(random, kThreads));
  }
  for (std::uint64_t left = addresses && random.one_in(2) ? random.below(3) : 0; left > 0; --left) {
    const std::uint64_t first = random.one_in(8) ? ~std::uint64_t{0} - random.below(4) : 4000 + random.below(6000);
    conditions.addresses.push_back({first, first + std::min(random.below(500), ~std::uint64_t{0} - first)});
  }
  if (random.one_in(4)) conditions.least = static_cast<std::int64_t>(random.below(1000));
  if (random.one_in(4)) conditions.most = static_cast<std::int64_t>(random.below(1500));
  return conditions;
}

std::string hexadecimal(std::uint64_t value) {
  std::string digits;
  for (; value > 0 || digits.empty(); value /= 16) digits.insert(digits.begin(), "0123456789abcdef"[value % 16]);
  return digits;
}

Arguments arguments_of(const Conditions& conditions) {
  Arguments arguments;
  for (const Condition& each : conditions.patterns) {
    const char* option = each.any_frame ? "--include-any" : "--include";
    if (!each.inclusive) option = each.any_frame ? "--exclude-any" : "--exclude";
    if (each.of_function) option = each.any_frame ? "--function-any" : "--function";
    arguments.push_back(option);
    arguments.push_back(each.pattern + (each.lineno ? ":" + std::to_string(*each.lineno) : ""));
  }
  if (conditions.regex) arguments.push_back("-E");
  if (conditions.invert) arguments.push_back("--invert-match");
  for (const auto& [inclusive, text] : conditions.domains) {
    arguments.insert(arguments.end(), {inclusive ? "--domain" : "--exclude-domain", text});
  }
  for (const std::string& text : conditions.threads) arguments.insert(arguments.end(), {"--thread", text});
  for (const Range& range : conditions.addresses) {
    const std::string last = range.last == range.first ? "" : "-" + hexadecimal(range.last);
    arguments.insert(arguments.end(), {"--address", "0x" + hexadecimal(range.first) + last});
  }
  if (conditions.least) arguments.insert(arguments.end(), {"--min-size", std::to_string(*conditions.least)});
  if (conditions.most) arguments.insert(arguments.end(), {"--max-size", std::to_string(*conditions.most)});
  return arguments;
}

std::string text_of(const Arguments& arguments) {
  std::string text;
  for (const std::string& argument : arguments) text += " '" + argument + "'";
  return text;
}

}  // namespace

TEST_CASE("without conditions everything passes") { CHECK(passed(kRecorded, {}) == "16 0 64"); }

TEST_CASE("blocks are chosen by the function that allocated them, or by any that was running") {
  CHECK(passed(kRecorded, {"--function", "load"}) == "16");
  CHECK(passed(kRecorded, {"--function", "*"}) == "16 0");  // that of lib.c is not known
  CHECK(passed(kRecorded, {"--function", "load", "--function", "save"}) == "16 0");
  CHECK(passed(kRecorded, {"--function-any", "save"}) == "0 64");
  CHECK(passed(kRecorded, {"--function", "*", "-x", "app.py:1"}) == "0");  // joined by "and"
  CHECK(passed(kRecorded, {"-E", "--function", "^s|d$"}) == "16 0");
}

TEST_CASE("blocks are chosen by addresses within them; an empty block has one") {
  CHECK(passed(kRecorded, {"--address", "0x1000"}) == "16");
  CHECK(passed(kRecorded, {"--address", "100F"}) == "16");
  CHECK(passed(kRecorded, {"--address", "0X1010"}) == "0");
  CHECK(passed(kRecorded, {"--address", "1011"}) == "");
  CHECK(passed(kRecorded, {"--address", "0x1008-0x1010"}) == "16 0");
  CHECK(passed(kRecorded, {"--address", "0-103f"}) == "16 0");
  CHECK(passed(kRecorded, {"--address", "0x107f-0xffffffffffffffff"}) == "64");
  CHECK(passed(kRecorded, {"--address", "0x1080"}) == "");
  CHECK(passed(kRecorded, {"--address", "1000", "--address", "1040"}) == "16 64");
  CHECK(passed("2 a:1 address=0xffffffffffffffff", {"--address", "0"}) == "");  // it does not begin again at 0
}

TEST_CASE("blocks are chosen by thread, of which a name or a number is known") {
  CHECK(passed(kRecorded, {"--thread", "main"}) == "16");
  CHECK(passed(kRecorded, {"--thread", "7", "--thread", "0"}) == "16 0");
  CHECK(passed(kRecorded, {"--thread", "unknown"}) == "");
}

TEST_CASE("a domain that no snapshot names holds nothing") {
  CHECK(passed(kRecorded, {"--domain", "1"}) == "0");
  CHECK(passed(kRecorded, {"--domain", "numpy"}) == "");
  CHECK(passed(kRecorded, {"--domain", "numpy", "--domain", "0"}) == "16 64");
  CHECK(passed(kRecorded, {"--exclude-domain", "numpy"}) == "16 0 64");
  brute_force::Traces named{{1, 4, {{"a", 1}}, 0}, {2, 5, {{"a", 1}}, 0}};
  const auto snapshot = brute_force::to_snapshot(named, std::make_shared<snapshot::Symbols>());
  CHECK(traces_of(parsed({"--domain", "numpy"}).apply(snapshot)) == Lines{"4 a:1 domain=1"});
  CHECK(traces_of(parsed({"--exclude-domain", "numpy"}).apply(snapshot)) == Lines{"5 a:1 domain=2"});
}

TEST_CASE("what a snapshot does not keep cannot be asked for") {
  const auto error_of = [](const Arguments& arguments, const char* text, bool sums_alone) -> std::string {
    try {
      parsed(arguments).apply(snapshot_from(text, std::make_shared<snapshot::Symbols>(), sums_alone));
    } catch (const snapshot::Error& error) {
      return error.what();
    }
    return "";
  };
  CHECK(error_of({"--thread", "main"}, "1 a:1", false) == "keeps no threads of blocks");
  CHECK(error_of({"--address", "1"}, "1 a:1 thread=main", false) == "keeps no addresses of blocks");
  CHECK(error_of({"--min-size", "1"}, "1 a:1", true) == "the sizes of single blocks are not known, only sums");
  CHECK(error_of({"--thread", "main"}, "1 a:1", true) == "single blocks are not known, only sums");
  CHECK(error_of({"--address", "1"}, "1 a:1", true) == "single blocks are not known, only sums");
  CHECK(error_of({"--address", "1"}, "", false) == "");
  CHECK(error_of({"--domain", "1", "--function", "*"}, "1 a:1", true) == "");
}

TEST_CASE("a regular expression is found anywhere in a name, which is not normalised") {
  constexpr const char* kNames = "1 /srv/shop/app.py:10\n2 app.pyc:10\n3 lib/\xED\xB2\x80.py:7\n4 a:b.py:3";
  CHECK(passed(kNames, {"-E", "-i", "app"}) == "1 2");
  CHECK(passed(kNames, {"-E", "-i", "app\\.py$"}) == "1");
  CHECK(passed(kNames, {"-E", "-i", "^app"}) == "2");
  CHECK(passed(kNames, {"-E", "-i", "(?i)APP"}) == "1 2");
  CHECK(passed(kNames, {"-E", "-i", "app:10"}) == "1 2");  // the line is not part of it
  CHECK(passed(kNames, {"-E", "-i", "\\.py$", "-x", "shop|:b"}) == "3");
  CHECK(passed(kNames, {"-E", "-i", "^lib/.\\.py$"}) == "3");  // a byte that is not text is one character
}

TEST_CASE("conditions that cannot be are refused") {
  CHECK(refused({"--address", "1-"}) == "--address: '' is not an address such as 0x7f0012345678");
  CHECK(refused({"--address", "0x"}) == "--address: '0x' is not an address such as 0x7f0012345678");
  CHECK(refused({"--address", "12g"}) == "--address: '12g' is not an address such as 0x7f0012345678");
  CHECK(refused({"--address", "10000000000000000"}) ==
        "--address: '10000000000000000' is not an address such as 0x7f0012345678");
  CHECK(refused({"--address", "20-10"}) == "--address: '20-10' ends before it begins");
  CHECK(refused({"--domain", "4294967296"}).starts_with("--domain: "));
  CHECK(refused({"-E", "-i", "(a"}) == "--regex: '(a' is not a regular expression: missing ): (a");
  CHECK(refused({"-E", "--function", "a**"}) ==
        "--regex: 'a**' is not a regular expression: bad repetition operator: **");
  CHECK(refused({"-i", "(a"}) == "");
}

TEST_CASE("conditions say how much of a file they need") {
  using formats::Detail;
  CHECK(parsed({}).detail() == Detail::sites);
  CHECK(parsed({"-i", "a", "--domain", "1", "--function", "f"}).detail() == Detail::sites);
  CHECK(parsed({"--function-any", "f"}).detail() == Detail::totals);
  CHECK(parsed({"-X", "a"}).detail() == Detail::totals);
  CHECK(parsed({"-X", "a", "--max-size", "9"}).detail() == Detail::sizes);
  CHECK(parsed({"--thread", "1", "--max-size", "9"}).detail() == Detail::traces);
  CHECK(parsed({"--address", "1"}).detail() == Detail::traces);
}

TEST_CASE("random conditions let pass what the brute force lets pass, or, inverted, all else") {
  brute_force::Random random(31);
  constexpr int kRounds = testing::rounds(5000);
  int some = 0;
  for (int round = 0; round < kRounds; ++round) {
    const brute_force::Traces traces = random.recorded_traces();
    const bool addresses = !traces.empty() && traces[0].address.has_value();
    const bool threads = std::ranges::any_of(traces, [](const Trace& trace) { return trace.thread.has_value(); });
    const Conditions conditions = any_conditions(random, addresses, threads);
    const Arguments arguments = arguments_of(conditions);
    brute_force::Traces expected = traces;
    std::erase_if(expected, [&](const Trace& trace) { return passes(trace, conditions) == conditions.invert; });
    some += static_cast<int>(!expected.empty() && expected.size() < traces.size());
    const auto kept =
        parsed(arguments, true).apply(brute_force::to_snapshot(traces, std::make_shared<snapshot::Symbols>()));
    const bool right = brute_force::to_traces(kept) == expected &&
                       testing::totals_of(kept) == testing::totals_of(brute_force::to_snapshot(
                                                       expected, std::make_shared<snapshot::Symbols>()));
    if (!right) FAIL("round " << round << " lets other blocks pass:" << text_of(arguments));
  }
  CHECK(some > kRounds / 5);  // that they are neither all nor none
}

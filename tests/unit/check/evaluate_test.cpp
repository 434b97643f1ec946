#include <check/evaluate.h>

#include <common/options.h>
#include <doctest/doctest.h>
#include <tests/support/snapshot_from.h>

#include <memory>
#include <string>
#include <vector>

#include "../common/parsed.h"

using cli::CheckReport;
using cli::CheckSettings;
using cli::Verdict;

namespace {

/// A check of snapshots that are written as text.
struct World {
  std::vector<std::string> base;
  std::vector<std::string> head;
  std::vector<const char*> rules;
  std::string suppressions = {};
  const char* group_by = "lineno";
  CheckSettings settings = {};

  CheckReport check() {
    cli::LoadedSnapshots loaded{std::make_shared<snapshot::Symbols>(), {}, {}, {}};
    for (const std::vector<std::string>* side : {&base, &head}) {
      for (const std::string& text : *side) {
        loaded.snapshots.push_back(testing::snapshot_from(text, loaded.symbols));
      }
    }
    const auto group = parsed_as<cli::GroupOptions>({"-g", group_by});
    const cli::PathOptions paths;
    const cli::Groups groups(loaded, group, paths);
    for (const char* rule : rules) settings.rules.push_back(cli::parse_rule(rule, cli::Severity::fail));
    if (rules.empty()) settings.rules.push_back(cli::default_rule());
    complete(settings.rules, {});
    settings.suppressions = cli::parse_suppressions(suppressions, "supp");
    settings.today = cli::parse_date("2026-06-15");
    const std::span<const snapshot::Snapshot> all = loaded.snapshots;
    return evaluate({all.first(base.size()), all.subspan(base.size()), groups, {}}, settings);
  }
};

/// The messages of the findings.
testing::Lines messages(const std::vector<cli::Finding>& findings) {
  testing::Lines lines;
  for (const cli::Finding& finding : findings) lines.push_back(finding.message);
  return lines;
}

testing::Lines failures(World world) { return messages(world.check().findings); }

using Lines = testing::Lines;

}  // namespace

TEST_CASE("without rules, a site that grew by a tenth and by the floor fails, and so does a new one") {
  CHECK(failures({{"1000000 a.py:1"}, {"1100000 a.py:1"}, {}}).empty());
  CHECK(failures({{"1000000 a.py:1"}, {"1100001 a.py:1"}, {}}) ==
        Lines{"a.py:1 grew by 100001 B (+10 %, limit +10 %), +0 blocks"});
  CHECK(failures({{"10 a.py:1"}, {"65546 a.py:1"}, {}}).empty());
  CHECK(failures({{"10 a.py:1"}, {"65546 x2 a.py:1"}, {}}) ==
        Lines{"a.py:1 grew by 131082 B (+1310820 %, limit +10 %), +1 block"});
  CHECK(failures({{"10 a.py:1"}, {"10 a.py:1\n65536 b.py:1"}, {}}).empty());
  CHECK(failures({{"10 a.py:1"}, {"10 a.py:1\n65537 b.py:1"}, {}}) ==
        Lines{"b.py:1 is new: 65537 B in 1 block (limit +10 %)"});
}

TEST_CASE("an edit above a line is no leak by itself, but for the strict way") {
  World world{{"100000 a.py:10"}, {"100000 a.py:12"}, {}};
  const CheckReport report = world.check();
  CHECK(report.verdict == Verdict::pass);
  CHECK(report.matched_weakly == 1);
  CHECK(report.unchanged == 1);
  world.settings = {};
  world.settings.match = cli::MatchHow::key;
  CHECK(messages(world.check().findings) == Lines{"a.py:12 is new: 100000 B in 1 block (limit +10 %)"});
}

TEST_CASE("sums look at files, directories and domains, in which moved code is nothing") {
  const std::vector<std::string> base{"700 /srv/app/a.py:1\n300 /srv/lib/b.py:1\n50 c.py:1 domain=3"};
  const std::string after = "630 /srv/app/x.py:9\n100 /srv/app/y.py:2\n300 /srv/lib/b.py:1\n70 c.py:1 domain=3";
  const std::vector<std::string> head{after};
  CHECK(failures({base, head, {"size>+30@dir:/srv/app"}}).empty());
  CHECK(failures({base, head, {"size>+29@dir:/srv/app"}}) ==
        Lines{"files below /srv/app grew by 30 B (limit +29 B), +1 block"});
  CHECK(failures({base, head, {"count>1@dir:/srv/app/"}}) ==
        Lines{"files below /srv/app/ hold 730 B in 2 blocks (limit 1 block)"});
  CHECK(failures({base, head, {"size>1000@glob:*/srv/*"}}) ==
        Lines{"files that match */srv/* hold 1030 B in 3 blocks (limit 1000 B)"});
  CHECK(failures({base, head, {"size>+19@domain:3"}}) == Lines{"domain 3 grew by 20 B (limit +19 B), +0 blocks"});
  CHECK(failures({base, head, {"size>+49"}}) == Lines{"the total grew by 50 B (limit +49 B), +1 block"});
}

TEST_CASE("a rule about nothing warns, and fails where it is strict") {
  World world{{}, {"10 a.py:1"}, {"size>1@dir:/nowhere"}};
  CheckReport report = world.check();
  CHECK(report.verdict == Verdict::pass);
  CHECK(report.warnings == std::vector<std::string>{"the rule size>1@dir:/nowhere matches nothing"});
  world.rules = {"size>1@domain:7"};
  world.settings = {};
  world.settings.strict = true;
  report = world.check();
  CHECK(report.status == 1);
  CHECK(report.verdict == Verdict::fail);
}

TEST_CASE("a suppression silences the findings that are no more without its blocks") {
  const std::vector<std::string> base{"10 a.py:1 < main.py:3"};
  const std::vector<std::string> head{"10 a.py:1 < main.py:3\n90000 a.py:1 < cache.py:3\n80000 b.py:5 < cache.py:4"};
  World world{base, head, {}, "leak:cache.py # reason: it fills"};
  CheckReport report = world.check();
  CHECK(report.verdict == Verdict::pass);
  REQUIRE(report.suppressed.size() == 2);
  CHECK(report.suppressed[0].suppressed_by == "cache.py");
  CHECK(report.suppressed[0].suppression_reason == "it fills");
  CHECK(report.suppressions[0].findings == 2);
  CHECK(report.suppressions[0].size == 170'000);
  // Blocks of another traceback at the same site are not silenced with them.
  world = {base, {head[0] + "\n70000 a.py:1 < other.py:1"}, {}, "leak:cache.py"};
  report = world.check();
  CHECK(messages(report.findings) == Lines{"a.py:1 grew by 160000 B (+1600000 %, limit +10 %), +2 blocks"});
  CHECK(report.suppressed.size() == 1);
}

TEST_CASE("growth cannot hide behind a suppression in a baseline without its frames") {
  const World world{{"90000 a.py:1"}, {"90000 a.py:1 < cache.py:3\n80000 a.py:1 < main.py:1"}, {}, "leak:cache.py"};
  CHECK(failures(world) == Lines{"a.py:1 grew by 80000 B (+88.89 %, limit +10 %), +1 block"});
  World silenced{{"90000 a.py:1"}, {"190000 a.py:1 < cache.py:3"}, {}, "leak:cache.py"};
  CHECK(silenced.check().suppressed.size() == 1);
}

TEST_CASE("sums are silenced, too, and what silences nothing is told") {
  World world{{"10 a.py:1"}, {"10 a.py:1\n500 b.py:1"}, {"size>+100"}};
  world.suppressions = "leak:b.py\nleak:c.py\nleak:a.py # expires: 2026-06-14";
  CheckReport report = world.check();
  CHECK(report.verdict == Verdict::pass);
  CHECK(report.suppressed.size() == 1);
  CHECK(report.suppressions[1].findings == 0);
  CHECK(report.suppressions[2].expired);
  world.settings = {};
  world.settings.unused = cli::UnusedSuppressions::error;
  report = world.check();
  CHECK(report.status == 1);
  world.settings = {};
  world.settings.unused = cli::UnusedSuppressions::ignore;
  report = world.check();
  CHECK(report.status == 0);
  CHECK(report.suppressions.size() == 1);
}

TEST_CASE("several runs are judged by their median, and say when they cannot tell") {
  const World steady{{"10 a.py:1", "10 a.py:1"}, {"200000 a.py:1", "200000 a.py:1", "10 a.py:1"}, {"size>+10@site"}};
  World world = steady;
  CheckReport report = world.check();
  CHECK(report.verdict == Verdict::inconclusive);
  CHECK(report.status == 0);
  CHECK(messages(report.findings) ==
        Lines{"a.py:1 grew by 199990 B (limit +10 B), +0 blocks, but the runs differ by 199990 B"});
  world = steady;
  world.settings.strict = true;
  CHECK(world.check().status == 1);
  world = steady;
  world.settings.mode = cli::RunMode::least;
  CHECK(world.check().verdict == Verdict::pass);
}

TEST_CASE("a series fails by what grew in every cycle, and new is what was not there at first") {
  World world{{},
              {"10 a.py:1\n10 b.py:1", "20 a.py:1\n90 b.py:1", "30 a.py:1\n80 b.py:1\n7 c.py:1"},
              {"size>+5@site", "size>5@new-site"}};
  world.settings.mode = cli::RunMode::series;
  CHECK(messages(world.check().findings) == Lines{"a.py:1 grew in every cycle by at least 10 B (limit +5 B), +0 blocks",
                                                  "c.py:1 is new: 7 B in 1 block (limit 5 B)"});
}

TEST_CASE("severities, their order and the verdict") {
  World world{{"10 a.py:1"}, {"100 a.py:1\n50 b.py:1"}, {"size>+10@site"}};
  world.settings.rules = {cli::parse_rule("size>+20", cli::Severity::warn)};
  CheckReport report = world.check();
  CHECK(report.verdict == Verdict::fail);
  REQUIRE(report.findings.size() == 3);
  CHECK(report.findings[0].site->key == "a.py:1");
  CHECK(report.findings[1].site->key == "b.py:1");
  CHECK(report.findings[2].rule.severity == cli::Severity::warn);
  world = {{"10 a.py:1"}, {"100 a.py:1"}, {"size>1G"}};
  world.settings.rules = {cli::parse_rule("size>+20", cli::Severity::warn)};
  report = world.check();
  CHECK(report.verdict == Verdict::pass);
  CHECK(report.findings.size() == 1);
}

TEST_CASE("fingerprints stay when lines move, and tell findings apart") {
  const auto prints = [](const char* base, const char* head) {
    World world{{base}, {head}, {"size>+10@site"}};
    std::vector<std::string> result;
    for (const cli::Finding& finding : world.check().findings) result.push_back(finding.fingerprint);
    std::ranges::sort(result);
    return result;
  };
  const auto here = prints("10 a.py:10(f)\n10 a.py:20(g)", "100 a.py:10(f)\n100 a.py:20(g)");
  CHECK(here == prints("10 a.py:10(f)\n10 a.py:20(g)", "900 a.py:15(f)\n100 a.py:31(g)"));
  CHECK(here[0] != here[1]);
  CHECK(here[0].size() == 16);
  const auto unnamed = prints("10 a.py:10\n10 a.py:20", "100 a.py:10\n100 a.py:20");
  CHECK(unnamed[0] != unnamed[1]);
}

TEST_CASE("what is over an absolute limit no more is told as absent") {
  World world{{"500 a.py:1"}, {"50 a.py:1"}, {"size>100@site"}};
  const CheckReport report = world.check();
  CHECK(report.findings.empty());
  CHECK(messages(report.absent).size() == 1);
}

TEST_CASE("other groups are the same by their name") {
  World world{{"10 a.py:1(f)"}, {"100000 a.py:7(f)"}, {}};
  world.group_by = "function";
  CHECK(messages(world.check().findings) == Lines{"f (a.py) grew by 99990 B (+999900 %, limit +10 %), +0 blocks"});
  world = {{"10 a.py:1 < m.py:1"}, {"100000 a.py:1 < n.py:1"}, {}};
  world.group_by = "traceback";
  CHECK(messages(world.check().findings) == Lines{"a.py:1 < n.py:1 is new: 100000 B in 1 block (limit +10 %)"});
}

TEST_CASE("tracebacks are the same where all their lines are, as they moved") {
  World world{{"900000 a.py:10 < m.py:5\n800000 a.py:30 < m.py:7"},
              {"900000 a.py:13 < m.py:6\n800000 a.py:33 < m.py:8\n700000 a.py:33 < m.py:6"},
              {}};
  world.group_by = "traceback";
  CheckReport report = world.check();
  CHECK(messages(report.findings) == Lines{"a.py:33 < m.py:6 is new: 700000 B in 1 block (limit +10 %)"});
  CHECK(report.matched_weakly == 2);
  world.settings = {};
  world.settings.match = cli::MatchHow::key;
  CHECK(world.check().findings.size() == 3);
}

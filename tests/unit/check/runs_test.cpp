#include <check/runs.h>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

using cli::Holding;
using cli::Judgement;
using cli::Rule;
using cli::RunMode;
using cli::Runs;

namespace {

Rule rule_of(const char* text) {
  std::vector<Rule> rules{cli::parse_rule(text, cli::Severity::fail)};
  complete(rules, {});
  return rules[0];
}

/// One block each.
Runs sizes(const std::vector<std::int64_t>& base, const std::vector<std::int64_t>& head) {
  Runs runs;
  for (const std::int64_t size : base) runs.base.push_back({size, size == 0 ? 0 : 1});
  for (const std::int64_t size : head) runs.head.push_back({size, size == 0 ? 0 : 1});
  return runs;
}

bool exceeds(const char* rule, const Runs& runs, RunMode mode = RunMode::median) {
  return judge(rule_of(rule), runs, mode).has_value();
}

constexpr std::int64_t kKiB = 1024;

}  // namespace

TEST_CASE("the limit itself is allowed") {
  CHECK_FALSE(exceeds("size>100", sizes({}, {100})));
  CHECK(exceeds("size>100", sizes({}, {101})));
  CHECK_FALSE(exceeds("size>+100", sizes({50}, {150})));
  CHECK(exceeds("size>+100", sizes({50}, {151})));
  CHECK_FALSE(exceeds("size>+10%", sizes({1000 * kKiB}, {1100 * kKiB})));
  CHECK(exceeds("size>+10%", sizes({1000 * kKiB}, {1100 * kKiB + 1})));
}

TEST_CASE("a percentage of little is none, and of nothing is infinite") {
  CHECK_FALSE(exceeds("size>+10%", sizes({1}, {64 * kKiB + 1})));
  CHECK(exceeds("size>+10%", sizes({1}, {64 * kKiB + 2})));
  CHECK_FALSE(exceeds("size>+10%", sizes({0}, {64 * kKiB})));
  const auto judgement = judge(rule_of("size>+10%"), sizes({0}, {64 * kKiB + 1}), RunMode::median);
  REQUIRE(judgement);
  CHECK(std::isinf(judgement->actual));
}

TEST_CASE("without more blocks there is no growth, where blocks are required") {
  Rule rule = rule_of("size>+10");
  const Runs larger{{{100, 5}}, {{900, 5}}};
  CHECK(judge(rule, larger, RunMode::median));
  rule.require_count = true;
  CHECK_FALSE(judge(rule, larger, RunMode::median));
  CHECK(judge(rule, {{{100, 5}}, {{900, 6}}}, RunMode::median));
}

TEST_CASE("counts and averages are measured as sizes are") {
  const Runs runs{{{1000, 10}}, {{3000, 20}}};
  CHECK(judge(rule_of("count>+9"), runs, RunMode::median)->actual == 10);
  CHECK_FALSE(judge(rule_of("count>+10"), runs, RunMode::median));
  CHECK(judge(rule_of("average>+49"), runs, RunMode::median)->actual == 50);
  CHECK(judge(rule_of("average>149"), runs, RunMode::median)->actual == 150);
  CHECK_FALSE(judge(rule_of("average>0"), {{}, {{0, 0}}}, RunMode::median));
}

TEST_CASE("several runs are their median, the lower of the middle two") {
  CHECK(judge(rule_of("size>+0"), sizes({10, 90, 20}, {500, 300, 100, 200}), RunMode::median)->actual == 180);
  CHECK(judge(rule_of("size>0"), sizes({}, {500, 300, 100, 200}), RunMode::median)->actual == 200);
}

TEST_CASE("the least growth is the least between any two runs") {
  std::mt19937_64 random(3);
  for (int round = 0; round < 500; ++round) {
    std::vector<std::int64_t> base(1 + random() % 4);
    std::vector<std::int64_t> head(1 + random() % 4);
    for (auto* runs : {&base, &head}) {
      for (std::int64_t& size : *runs) size = static_cast<std::int64_t>(random() % 1000);
    }
    std::int64_t least = 1000;
    for (const std::int64_t from : base) {
      for (const std::int64_t to : head) least = std::min(least, to - from);
    }
    const auto judgement = judge(rule_of("size>+0"), sizes(base, head), RunMode::least);
    CHECK(judgement.has_value() == (least > 0));
    if (judgement) CHECK(judgement->actual == static_cast<double>(least));
    if (judgement) CHECK_FALSE(judgement->inconclusive);
  }
}

TEST_CASE("a series grew by its weakest cycle") {
  CHECK(judge(rule_of("size>+0"), sizes({}, {100, 150, 300, 310}), RunMode::series)->actual == 10);
  CHECK_FALSE(exceeds("size>+0", sizes({}, {100, 150, 140, 900}), RunMode::series));
  CHECK_FALSE(exceeds("size>+10", sizes({}, {100, 150, 160, 900}), RunMode::series));
}

TEST_CASE("what shrinks from the largest size to nothing overflows nothing") {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  const auto compared = combine(sizes({}, {kMost, 0, kMost / 2}), RunMode::series);
  CHECK(compared.base.size == kMost);
  CHECK(compared.head.size == kMost / 2);
}

TEST_CASE("runs that differ by more than the excess are inconclusive") {
  const auto unsure = [](const char* rule, const Runs& runs) {
    const auto judgement = judge(rule_of(rule), runs, RunMode::median);
    REQUIRE(judgement);
    return judgement->inconclusive;
  };
  CHECK_FALSE(unsure("size>+100", sizes({100}, {250})));                     // one run says nothing of its spread
  CHECK_FALSE(unsure("size>+100", sizes({100, 100}, {250, 250})));           //
  CHECK_FALSE(unsure("size>+100", sizes({100, 100}, {250, 300})));           // excess 50, spread 50
  CHECK(unsure("size>+100", sizes({100, 100}, {250, 301})));                 // spread 51
  CHECK(unsure("size>+100", sizes({100, 126}, {250, 275})));                 // 25 + 26
  CHECK_FALSE(unsure("size>100", sizes({0, 100'000}, {150, 160})));          // absolute: baselines do not matter
  CHECK_FALSE(unsure("size>100", sizes({}, {150, 151, 152, 153, 90'000})));  // one wild run of five is left out
  CHECK(unsure("size>100", sizes({}, {150, 151, 152, 90'000})));
  CHECK(judge(rule_of("size>+100"), sizes({100, 126}, {250, 275}), RunMode::median)->spread == 51);
}

TEST_CASE("the spread of a percentage is one of the baseline, and its excess is above the floor too") {
  const auto judgement =
      judge(rule_of("size>+10%"), sizes({1000 * kKiB, 1000 * kKiB}, {1200 * kKiB, 1250 * kKiB}), RunMode::median);
  REQUIRE(judgement);
  CHECK(judgement->actual == 20);
  CHECK(judgement->spread == 5);
  CHECK_FALSE(judgement->inconclusive);
  // 70 KiB of nothing are 6 KiB above the floor.
  CHECK(judge(rule_of("size>+10%"), sizes({0, 0}, {70 * kKiB, 80 * kKiB}), RunMode::median)->inconclusive);
  CHECK_FALSE(judge(rule_of("size>+10%"), sizes({0, 0}, {700 * kKiB, 710 * kKiB}), RunMode::median)->inconclusive);
}

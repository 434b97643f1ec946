// trend_simulation [RUNS]: what the classes of tmtrend are called by its rule, over simulated series whose class is
// known. Seeded, so that the same numbers come out every time.
#include <snapshot/trend.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace {

using snapshot::TrendClass;
using Values = std::vector<double>;

constexpr double kLevel = 1 << 20;  // bytes that a series begins near
constexpr std::array kClasses{TrendClass::flat,       TrendClass::oscillating, TrendClass::shrinking, TrendClass::step,
                              TrendClass::saturating, TrendClass::growing,     TrendClass::leak};

/// Random numbers that are the same with every standard library, whose distributions differ.
class Random {
 public:
  explicit Random(std::uint64_t seed) : bits_(seed) {}

  double uniform(double least, double most) {
    return least + (most - least) * static_cast<double>(bits_() >> 11U) * 0x1p-53;
  }
  /// Box and Muller (1958).
  double normal() {
    const double radius = std::sqrt(-2 * std::log(1 - uniform(0, 1)));
    return radius * std::cos(6.283185307179586 * uniform(0, 1));
  }
  double exponential() { return -std::log(1 - uniform(0, 1)); }

 private:
  std::mt19937_64 bits_;
};

// Each gives n amounts in units of the level, without noise.

Values of_each(std::size_t n, const std::function<double(double)>& amount) {
  Values values;
  for (std::size_t at = 0; at < n; ++at) values.push_back(amount(static_cast<double>(at) / static_cast<double>(n - 1)));
  return values;
}

Values flat(std::size_t n, Random&) { return Values(n, 1.0); }

/// Full after a fifth to three fifths of the series: by a steady filling, or by ever fewer misses.
Values cache(std::size_t n, Random& random) {
  const double size = random.uniform(0.5, 3);
  const double full = random.uniform(0.2, 0.6);
  const bool steady = random.uniform(0, 1) < 0.5;
  return of_each(
      n, [=](double at) { return 1 + size * (steady ? std::min(1.0, at / full) : 1 - std::exp(-3 * at / full)); });
}

Values step(std::size_t n, Random& random) {
  const double size = random.uniform(0.5, 2);
  const double when = random.uniform(0.2, 0.8);
  return of_each(n, [=](double at) { return at < when ? 1 : 1 + size; });
}

/// Collected every so many snapshots.
Values sawtooth(std::size_t n, Random& random) {
  const double size = random.uniform(0.5, 2);
  const double period = random.uniform(2.5, 6) / static_cast<double>(n - 1);
  const double phase = random.uniform(0, 1);
  return of_each(n, [=](double at) { return 1 + size * std::fmod(at / period + phase, 1.0); });
}

Values random_walk(std::size_t n, Random& random) {
  const double step = random.uniform(0.02, 0.1);
  Values values{1};
  while (values.size() < n) values.push_back(std::max(0.0, values.back() + step * random.normal()));
  return values;
}

Values linear(std::size_t n, Random& random) {
  const double size = random.uniform(0.5, 3);
  return of_each(n, [=](double at) { return 1 + size * at; });
}

/// By three tenths over the series.
Values slow(std::size_t n, Random&) {
  return of_each(n, [=](double at) { return 1 + 0.3 * at; });
}

/// A leak of which nothing is seen in half of the intervals.
Values bursty(std::size_t n, Random& random) {
  const double burst = random.uniform(0.1, 0.5);
  Values values{1};
  while (values.size() < n) {
    values.push_back(values.back() + (random.uniform(0, 1) < 0.5 ? burst * random.exponential() : 0));
  }
  return values;
}

struct Kind {
  const char* name;
  Values (*make)(std::size_t, Random&);
};
constexpr std::array kKinds{Kind{"flat", flat},
                            Kind{"cache fill", cache},
                            Kind{"step", step},
                            Kind{"sawtooth", sawtooth},
                            Kind{"random walk", random_walk},
                            Kind{"linear", linear},
                            Kind{"slow", slow},
                            Kind{"bursty", bursty}};

Values simulate(const Kind& kind, std::size_t n, double noise, Random& random) {
  Values values = kind.make(n, random);
  for (double& value : values) value = std::round(kLevel * value * std::max(0.0, 1 + noise * random.normal()));
  return values;
}

Values positions(std::size_t n) {
  Values at(n);
  std::iota(at.begin(), at.end(), 0.0);
  return at;
}

/// A simpler rule, to compare with: growth is significant, and half of it is seen in the late half, a quarter in the
/// early.
bool leaks_by_halves(const Values& at, const Values& values) {
  const std::span<const double> x = std::span(at).subspan(1);
  const std::span<const double> y = std::span(values).subspan(1);
  const double whole = snapshot::theil_sen(x, y);
  const std::size_t half = y.size() / 2;
  const std::size_t early = (y.size() + 1) / 2;
  return snapshot::mann_kendall(y).p < 0.05 && whole > 0 &&
         snapshot::theil_sen(x.subspan(half), y.subspan(half)) >= 0.5 * whole &&
         snapshot::theil_sen(x.first(early), y.first(early)) >= 0.25 * whole;
}

double percent(std::size_t part, std::size_t whole) {
  return 100 * static_cast<double>(part) / static_cast<double>(whole);
}

void print_matrix(std::size_t n, double noise, std::size_t runs) {
  std::printf("\nn = %zu, noise %g %%\n\n| series |", n, 100 * noise);
  for (const TrendClass name : kClasses) std::printf(" %s |", std::string(snapshot::trend_name(name)).c_str());
  std::printf(" leak by halves |\n| --- |");
  for (std::size_t at = 0; at <= kClasses.size(); ++at) std::printf(" ---: |");
  std::printf("\n");
  const snapshot::TrendRules rules;
  const Values at = positions(n);
  for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
    Random random(1000003 * n + 1009 * static_cast<std::uint64_t>(1000 * noise) + kind);
    std::array<std::size_t, kClasses.size() + 1> found{};  // by TrendClass
    std::size_t by_halves = 0;
    for (std::size_t run = 0; run < runs; ++run) {
      const Values values = simulate(kKinds[kind], n, noise, random);
      const auto trend = snapshot::trend_of(at, values, rules);
      ++found[static_cast<std::size_t>(snapshot::verdict(trend, trend.growth.p, rules))];
      by_halves += leaks_by_halves(at, values) ? 1 : 0;
    }
    std::printf("| %s |", kKinds[kind].name);
    for (const TrendClass name : kClasses) std::printf(" %.1f |", percent(found[static_cast<std::size_t>(name)], runs));
    std::printf(" %.1f |\n", percent(by_halves, runs));
  }
}

constexpr std::size_t kLines = 1000;
constexpr std::size_t kPlanted = 10;

/// Programs of many lines of which all are flat but for some that leak: how many lines are called leaks.
void print_many(std::size_t n, const Kind& leak, std::size_t programs) {
  const snapshot::TrendRules rules;
  const Values at = positions(n);
  Random random(7 * n + 1);
  std::size_t found = 0;
  std::size_t wrong = 0;
  std::size_t alarmed = 0;
  std::size_t unadjusted = 0;
  for (std::size_t program = 0; program < programs; ++program) {
    std::vector<snapshot::Trend> lines;
    for (std::size_t line = 0; line < kLines; ++line) {
      lines.push_back(snapshot::trend_of(at, simulate(line < kPlanted ? leak : kKinds[0], n, 0.05, random), rules));
    }
    const Values adjusted = snapshot::adjusted_p(lines, rules);
    std::size_t wrong_here = 0;
    for (std::size_t line = 0; line < kLines; ++line) {
      const bool called = snapshot::verdict(lines[line], adjusted[line], rules) == TrendClass::leak;
      (line < kPlanted ? found : wrong_here) += called ? 1 : 0;
      if (line < kPlanted) continue;
      unadjusted += snapshot::verdict(lines[line], lines[line].growth.p, rules) == TrendClass::leak ? 1 : 0;
    }
    wrong += wrong_here;
    alarmed += wrong_here > 0 ? 1 : 0;
  }
  const auto of_each = [&](std::size_t count) { return static_cast<double>(count) / static_cast<double>(programs); };
  std::printf("| %zu | %s | %.1f | %.2f | %.0f | %.1f |\n", n, leak.name, of_each(found), of_each(wrong),
              percent(alarmed, programs), of_each(unadjusted));
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t runs = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1500;
  for (const std::size_t n : {5U, 8U, 12U, 20U}) {
    for (const double noise : {0.0, 0.01, 0.05}) print_matrix(n, noise, runs);
  }
  std::printf("\nPrograms of %zu lines with a noise of 5 %%, of which %zu leak\n\n", kLines, kPlanted);
  std::printf("| n | they are | leaks found | flat called leak | programs with such, %% | without adjusting |\n");
  std::printf("| ---: | --- | ---: | ---: | ---: | ---: |\n");
  for (const std::size_t n : {8U, 12U, 20U, 40U}) {
    for (const Kind& kind : {kKinds[0], kKinds[5], kKinds[6]}) print_many(n, kind, (runs + 7) / 8);
  }
}

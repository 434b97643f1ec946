#pragma once

#include "rules.h"

#include <optional>
#include <vector>

namespace cli {

/// How several runs are made one.
enum class RunMode {
  median,  ///< of the heads, and of the baselines: the lower of the middle two
  least,   ///< the least growth between any baseline and any head
  series,  ///< heads are one process in time: the least growth from one to the next
};

/// What one thing held, in each run.
struct Runs {
  std::vector<Holding> base;
  std::vector<Holding> head;
};

/// A base and a head that stand for all runs.
struct Compared {
  Holding base;
  Holding head;
};

/// `runs` has a head, and with RunMode::series two. In a series the head is the last one, and the base what it would
/// have grown from by the weakest cycle. O(runs * log(runs)).
Compared combine(const Runs& runs, RunMode mode);

/// What a rule says of runs: nothing, when they are within its limit.
struct Judgement {
  Compared compared;
  double actual = 0;             ///< in the unit of the limit
  std::optional<double> spread;  ///< likewise, where there are several runs
  bool inconclusive = false;
};

/// Whether the runs are over the limit. With RunMode::median the excess must be larger than the spread, or it is
/// inconclusive: the spread is the largest less the least of the heads and that of the baselines added up, each without
/// its largest and least value where there are five or more.
std::optional<Judgement> judge(const Rule& rule, const Runs& runs, RunMode mode);

}  // namespace cli

#pragma once

#include <apps/check/check_report.h>

#include <cstdint>

// Reports to print: what printers must be able to take, whoever filled them.

/// A check with one leak, a suppressed finding and some shrinking, as it comes from a real project.
cli::CheckReport plain_report();

/// One of a pass without a baseline.
cli::CheckReport passing_report();

/// Hundreds of findings and sites.
cli::CheckReport large_report();

/// Anything: names with what means something to any of the formats, extreme amounts, all kinds of rules.
cli::CheckReport random_report(std::uint64_t seed);

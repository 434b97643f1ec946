#pragma once

#include "check_report.h"
#include "runs.h"

#include <string>
#include <vector>

namespace cli {

/// A rule as it was exceeded, without its site, its message and its fingerprint.
Finding finding_of(const Rule& rule, const Judgement& judgement);

/// What a finding says in one line. In a series it grew in every cycle by at least so much.
std::string message_of(const Finding& finding, RunMode mode);

/// Sets the fingerprints of findings of one check: of what the rule is called, the file, and the function or the source
/// text, or else the group's name; where that is the same for several, of which of them it is, in the order of their
/// linenos.
void set_fingerprints(std::vector<Finding*> findings);

/// Whether one finding is worse than another: what fails comes before what warns, what is certain before what is not,
/// and then what grew by more bytes.
bool is_worse(const Finding& a, const Finding& b);

}  // namespace cli

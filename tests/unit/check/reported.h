#pragma once

#include <apps/check/reports.h>

#include <string>
#include <string_view>

/// A site that grew: 1,000 B in 1 block became 4,000 B in 4.
cli::Site grown_site(std::string filename, std::uint32_t lineno);

/// What the default rule found at the site.
cli::Finding finding_at(cli::Site site, std::string message);

/// A report that fails for one finding at /srv/app.py:12, with a baseline and a rule.
cli::CheckReport failing_report();

/// One that passes.
cli::CheckReport passing_report();

std::string reported_as(cli::ReportKind kind, const cli::CheckReport& report, const cli::ReportStyle& style = {});

bool has(std::string_view text, std::string_view part);
std::size_t times(std::string_view text, std::string_view part);

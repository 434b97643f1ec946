#pragma once

#include "report.h"

#include <string>
#include <string_view>

namespace cli {

// Pieces of rows that the printers of several kinds of reports share.

/// A field as RFC 4180 has it: quoted where it has to be.
std::string csv_field(std::string_view field);
/// The fields of a group, and their names.
std::string csv_site(const ReportRow& row);
std::string csv_site_names(snapshot::GroupBy by);

std::string json_snapshot(const ReportSnapshot& snapshot);
/// The members that say what a row is a group of: a traceback, or a key of another kind.
std::string json_key(const ReportRow& row);

/// Printable text as code, in which "_" and "<" mean nothing. "|" would end the cell even there; more backquotes around
/// it than within keep those.
std::string markdown_code(std::string_view text);

}  // namespace cli

#pragma once

#include <apps/common/printer.h>

#include <functional>
#include <string>

/// What `print` writes to standard output.
std::string printed_by(const std::function<void(cli::Output&)>& print);

/// What is written to standard output while `report` is printed.
std::string printed_as(cli::OutputFormat format, const cli::Report& report, const cli::PrintOptions& options = {});

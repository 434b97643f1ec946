#pragma once

#include "common/output.h"
#include "trend/options.h"
#include "trend/report.h"

#include <string>

namespace cli {

void print_trends(OutputFormat format, const TrendReport& report, const TrendStyle& style, Output& output);

void print_trend_table(const TrendReport& report, const TrendStyle& style, Output& output);
void print_trend_markdown(const TrendReport& report, const TrendStyle& style, Output& output);
void print_trend_json(const TrendReport& report, Output& output);
void print_trend_csv(const TrendReport& report, Output& output);

/// "0.0123", or "<0.0001".
std::string p_text(double p);

}  // namespace cli

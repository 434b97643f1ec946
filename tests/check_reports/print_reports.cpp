// print_reports DIRECTORY SEEDS: prints fixed reports and SEEDS random ones as every kind, each to DIRECTORY/NAME.KIND.

#include "made_reports.h"

#include <apps/check/reports.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

namespace {

constexpr std::array kKinds = {cli::ReportKind::text,   cli::ReportKind::json,         cli::ReportKind::markdown,
                               cli::ReportKind::github, cli::ReportKind::step_summary, cli::ReportKind::gitlab,
                               cli::ReportKind::junit,  cli::ReportKind::sarif,        cli::ReportKind::benchmark};

/// Without the wait for the disk that an OutputFile takes.
class File final : public snapshot::ByteSink {
 public:
  explicit File(const std::string& path) : stream_(path, std::ios::binary) {
    stream_.exceptions(std::ios::failbit | std::ios::badbit);
  }
  void write(std::string_view bytes) override { stream_ << bytes; }

 private:
  std::ofstream stream_;
};

void print_all(const std::string& name, const cli::CheckReport& report) {
  for (const cli::ReportKind kind : kKinds) {
    File file(name + "." + std::string(cli::report_name(kind)));
    print_report(kind, report, {false, "/srv/project"}, file);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return std::fputs("usage: print_reports DIRECTORY SEEDS\n", stderr), 2;
  const std::string directory = std::string(argv[1]) + "/";
  print_all(directory + "plain", plain_report());
  print_all(directory + "passing", passing_report());
  print_all(directory + "empty", {});
  print_all(directory + "large", large_report());
  const std::uint64_t seeds = std::strtoull(argv[2], nullptr, 10);
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    print_all(directory + "random-" + std::to_string(seed), random_report(seed));
  }
  return 0;
}

#include "check/check_options.h"
#include "check/run_check.h"
#include "common/timing.h"
#include "common/tool.h"

namespace {

int check(cli::CheckOptions& options, cli::Timing& timing) {
  const cli::CheckReport report = run_check(options, timing);
  options.reports.write_all(report);
  timing.end(cli::Step::print);
  if (report.verdict == cli::Verdict::inconclusive)
    cli::say("inconclusive: the runs differ by more than a limit is exceeded by");
  return report.status;
}

int run(int argc, const char* const* argv) {
  cli::CheckOptions options;
  if (!options.parse(argc, argv)) return cli::kDone;
  cli::Timing timing;
  int status = cli::kDone;
  if (options.update) {
    write_baseline(*options.update, options, timing);
  } else if (options.create && cli::is_missing(options.create->path)) {
    options.settings();  // which are to be refused today, not when there is something to check
    write_baseline(*options.create, options, timing);
    cli::say(options.create->path + ": there was no baseline: written, nothing was checked");
  } else {
    status = check(options, timing);
  }
  if (options.timing) timing.report("tmcheck");
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  return cli::run_tool("tmcheck", [&] { return run(argc, argv); });
}

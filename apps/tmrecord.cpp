#include "common/tool.h"
#include "record/commands.h"
#include "record/launch.h"
#include "record/options.h"
#include "record/program_file.h"
#include "record/signals.h"
#include "record/watch.h"

#include <optional>

namespace {

cli::Ended run_program(const cli::RecordOptions& options) {
  const std::string path = cli::find_program(options.program[0]);
  cli::refuse_unrecordable(path);
  const cli::Session session = cli::new_session();
  const cli::Signals signals;
  const pid_t program = cli::launch(options, session, path, signals.mask_before());
  return cli::watch(options, session, signals, program);
}

int run(int argc, const char* const* argv) {
  cli::RecordOptions options;
  if (!options.parse(argc, argv)) return cli::kDone;
  if (options.command == cli::Command::recover) return cli::recover(options);
  if (options.command != cli::Command::run) return cli::run_command(options);

  std::optional<cli::Ended> ended;
  try {
    ended = run_program(options);
  } catch (const cli::CannotRun& error) {
    cli::say(error.what());
    return error.status();
  }
  const int status = cli::end_as(ended->wait_status);
  return status == cli::kDone && ended->failed ? cli::kFailure : status;
}

}  // namespace

int main(int argc, char** argv) {
  return cli::run_tool("tmrecord", [&] { return run(argc, argv); });
}

#include "launch.h"

#include "program_file.h"
#include "region_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <recorder/metadata.h>
#include <recorder/region.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <vector>

namespace cli {
namespace {

namespace fs = std::filesystem;
namespace recorder = snapshot::recorder;

/// What went wrong in the new process, told to the old one.
struct Failure {
  int error;
  bool of_region;  ///< else the program could not be run
};

/// The recorder, beside this tool: where it was built, or installed.
std::string find_preload() {
  if (const char* const set = std::getenv("TMRECORD_PRELOAD"); set != nullptr && *set != '\0') {
    if (::access(set, R_OK) != 0) throw std::runtime_error(std::string(set) + ": " + std::strerror(errno));
    return fs::absolute(set);
  }
  const fs::path tool = fs::read_symlink("/proc/self/exe").parent_path();
  for (const char* const place : {"../libsnapshot/src/recorder", "../" TMTOOLS_LIBDIR "/tmtools"}) {
    const fs::path file = (tool / place / "libtmrecord.so").lexically_normal();
    if (::access(file.c_str(), R_OK) == 0) return file;
  }
  throw std::runtime_error("libtmrecord.so is not installed beside this tool; TMRECORD_PRELOAD says where it is");
}

recorder::Settings settings_of(const RecordOptions& options, const Session& session) {
  recorder::Settings settings{};
  settings.traceback_limit = options.frames;
  settings.signal = static_cast<std::uint32_t>(options.triggers.signal.value_or(0));
  settings.sampling_interval = options.sampling_interval;
  settings.follow_fork = options.follow_fork ? 1 : 0;
  settings.start_paused = options.paused || options.delay ? 1 : 0;
  settings.native = options.native ? 1 : 0;
  settings.python = options.python ? 1 : 0;
  settings.want_peak = options.triggers.peak ? 1 : 0;
  const std::uint64_t memory = options.max_memory.value_or(usual_max_memory(session.directory));
  settings.max_slots = std::bit_floor(memory / sizeof(recorder::Slot));
  return settings;
}

void describe(recorder::Header& header, const RecordOptions& options, const Session& session, const std::string& path) {
  header.pid = static_cast<std::uint32_t>(::getpid());
  header.reader = static_cast<std::uint32_t>(::getppid());
  recorder::copy_text(header.session, session.name.c_str());
  recorder::copy_text(header.directory, session.directory.c_str());
  char resolved[PATH_MAX];
  recorder::copy_text(header.executable, ::realpath(path.c_str(), resolved) != nullptr ? resolved : path.c_str());
  std::string command;
  for (const std::string& argument : options.program) command.append(argument.c_str(), argument.size() + 1);
  header.command_size = static_cast<std::uint32_t>(std::min(command.size(), sizeof header.command));
  std::memcpy(header.command, command.data(), header.command_size);
  for (const auto& [inclusive, pattern] : options.filters) recorder::add_filter_row(header, inclusive, pattern.c_str());
}

/// In the new process: becomes the program. Returns what went wrong.
Failure become(const RecordOptions& options, const Session& session, const std::string& path, const sigset_t& mask) {
  char region_name[PATH_MAX];
  if (!recorder::region_path(region_name, sizeof region_name, session.directory.c_str(), session.name.c_str(),
                             static_cast<std::uint32_t>(::getpid()), 0)) {
    return {ENAMETOOLONG, true};
  }
  const recorder::RegionMap region = recorder::create_region(region_name, settings_of(options, session));
  if (!region) return {errno, true};
  describe(region.header(), options, session, path);

  const char* const others = std::getenv("LD_PRELOAD");
  const std::string preload = session.preload + (others != nullptr && *others != '\0' ? ":" + std::string(others) : "");
  ::setenv("LD_PRELOAD", preload.c_str(), 1);
  ::setenv("TMRECORD_REGION", region_name, 1);
  std::vector<char*> arguments;
  for (const std::string& argument : options.program) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  ::sigprocmask(SIG_SETMASK, &mask, nullptr);
  ::execvp(arguments[0], arguments.data());
  const int error = errno;
  ::unlink(region_name);
  return {error, false};
}

}  // namespace

Session new_session() {
  Session session;
  session.preload = find_preload();
  if (session.preload.find_first_of(": ") != std::string::npos) {
    throw std::runtime_error(session.preload + ": a path with a colon or a space cannot be preloaded");
  }
  session.directory = region_directory();
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  session.name = fmt::format("{:0{}}-{}", ::getpid(), recorder::kPidDigits, now);
  return session;
}

pid_t launch(const RecordOptions& options, const Session& session, const std::string& path, const sigset_t& mask) {
  int pipe[2];
  if (::pipe2(pipe, O_CLOEXEC) != 0) throw std::runtime_error(std::string("pipe: ") + std::strerror(errno));
  const pid_t pid = ::fork();
  if (pid < 0) throw std::runtime_error(std::string("fork: ") + std::strerror(errno));
  if (pid == 0) {
    const Failure failure = become(options, session, path, mask);
    static_cast<void>(::write(pipe[1], &failure, sizeof failure) >= 0);
    ::_exit(127);
  }
  ::close(pipe[1]);
  Failure failure{};
  ssize_t got = 0;
  do {
    got = ::read(pipe[0], &failure, sizeof failure);
  } while (got < 0 && errno == EINTR);
  ::close(pipe[0]);
  if (got != sizeof failure) return pid;
  if (failure.of_region) {
    throw CannotRun(2, session.directory + ": no region can be made there: " + std::strerror(failure.error));
  }
  throw CannotRun(failure.error == ENOENT ? 127 : 126, options.program[0] + ": " + std::strerror(failure.error));
}

}  // namespace cli

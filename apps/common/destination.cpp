#include "destination.h"

#include "output.h"
#include "terminal.h"

#include <sys/stat.h>
#include <unistd.h>

#include <exception>
#include <new>
#include <optional>
#include <stdexcept>

namespace cli {
namespace {

class StandardOutput final : public snapshot::ByteSink {
 public:
  void write(std::string_view bytes) override { output_.write(bytes); }
  void finish() { output_.finish(); }

 private:
  Output output_;
};

/// What is known of a file, or of a standard stream for "-".
std::optional<struct stat> status(const std::string& path, int standard_stream) {
  struct stat result {};
  const int failed = path == "-" ? ::fstat(standard_stream, &result) : ::stat(path.c_str(), &result);
  return failed == 0 ? std::optional(result) : std::nullopt;
}

}  // namespace

void Destination::refuse_input(const std::string& input) const {
  const auto in = status(input, STDIN_FILENO);
  const auto out = status(path, STDOUT_FILENO);
  if (!in || !out || !S_ISREG(in->st_mode) || in->st_dev != out->st_dev || in->st_ino != out->st_ino) return;
  throw std::runtime_error(name() + ": is the input, which is never modified");
}

void Destination::refuse_terminal() const {
  if (is_stdout() && is_terminal()) {
    throw std::runtime_error(name() + ": is a terminal, and the format is not text");
  }
}

void Destination::write(const std::function<void(snapshot::ByteSink&)>& write) const {
  if (is_stdout()) {
    StandardOutput sink;
    write(sink);
    return sink.finish();
  }
  try {
    snapshot::OutputFile file(path);
    write(file);
    file.commit();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw std::runtime_error(path + ": " + error.what());
  }
}

}  // namespace cli

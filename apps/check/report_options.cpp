#include "check/report_options.h"

#include "common/destination.h"
#include "common/options.h"

#include <fcntl.h>
#include <snapshot/utf8.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace cli {
namespace {

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// Where the server has the project: there the names that it shows begin.
std::string project_root(ReportKind kind) {
  std::string root = environment(kind == ReportKind::gitlab ? "CI_PROJECT_DIR" : "GITHUB_WORKSPACE");
  if (root.empty()) root = environment(kind == ReportKind::gitlab ? "GITHUB_WORKSPACE" : "CI_PROJECT_DIR");
  std::error_code none;
  if (root.empty()) root = std::filesystem::current_path(none).string();
  return snapshot::text_from_bytes(root);
}

class Text final : public snapshot::ByteSink {
 public:
  void write(std::string_view bytes) override { text_ += bytes; }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// Adds to what other steps of a job have written there; by one call, so that steps at once do not mix.
void append(const std::string& path, const std::string& text) {
  const auto fail = [&] { throw std::runtime_error(path + ": " + std::generic_category().message(errno)); };
  const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) fail();
  const ssize_t written = ::write(file, text.data(), text.size());
  const bool whole = written == static_cast<ssize_t>(text.size());
  if (!whole && written >= 0) errno = ENOSPC;
  const int error = errno;
  if (::close(file) != 0 && whole) fail();
  errno = error;
  if (!whole) fail();
}

/// As a path is told apart from others: "./x" is "x".
std::filesystem::path absolute(const std::string& path) {
  std::error_code unknown;
  const std::filesystem::path found =
      std::filesystem::weakly_canonical(std::filesystem::absolute(path, unknown), unknown);
  return unknown ? std::filesystem::path(path) : found;
}

bool is_for_log(ReportKind kind) { return kind == ReportKind::text || kind == ReportKind::github; }

}  // namespace

void ReportOptions::add_to(CommandLine& command) {
  command.option(
      "--report", "KIND[=FILE]", [this](const std::string& text) { take(text); },
      "Write a report (to FILE, else to stdout; may be given again): text (default), json, markdown, github, "
      "step-summary, gitlab, junit, sarif or benchmark",
      true);
  add_color(command, color_);
  command.after_parse([this] { check(); });
}

void ReportOptions::take(const std::string& text) {
  const std::size_t equals = text.find('=');
  const ReportKind kind = report_kind(text.substr(0, equals));
  if (equals != std::string::npos) {
    const std::string path = text.substr(equals + 1);
    if (path.empty()) throw UsageError("'" + text + "' names no file");
    return targets_.push_back({kind, path, false});
  }
  const std::string summary = kind == ReportKind::step_summary ? environment("GITHUB_STEP_SUMMARY") : "";
  targets_.push_back(summary.empty() ? Target{kind, "-", false} : Target{kind, summary, true});
}

void ReportOptions::check() const {
  std::vector<const Target*> printed;
  for (const Target& target : targets_) {
    const auto same = std::ranges::count_if(
        targets_, [&](const Target& other) { return absolute(other.path) == absolute(target.path); });
    if (target.path == "-") {
      printed.push_back(&target);
    } else if (same > 1) {
      throw UsageError("--report: " + target.path + " is named twice");
    }
  }
  const auto for_log = std::ranges::count_if(printed, [](const Target* target) { return is_for_log(target->kind); });
  if (printed.size() > 1 && for_log != static_cast<std::ptrdiff_t>(printed.size())) {
    throw UsageError("--report: " + std::string(report_name(printed[0]->kind)) + " and " +
                     std::string(report_name(printed[1]->kind)) + " cannot both go to standard output");
  }
}

std::vector<ReportOptions::Target> ReportOptions::targets() const {
  std::vector<Target> all = targets_;
  if (all.empty()) all.push_back({ReportKind::text, "-", false});
  std::ranges::stable_partition(all, [](const Target& target) { return target.path != "-"; });
  return all;
}

void ReportOptions::refuse_input(const std::string& input) const {
  for (const Target& target : targets_) Destination{target.path}.refuse_input(input);
}

void ReportOptions::write_all(const CheckReport& report) const {
  for (const Target& target : targets()) {
    const bool printed = target.path == "-";
    const ReportStyle style{printed ? use_color(color_) : color_ == ColorWhen::always, project_root(target.kind)};
    if (target.appended) {
      Text text;
      print_report(target.kind, report, style, text);
      append(target.path, text.text());
    } else {
      Destination{target.path}.write([&](snapshot::ByteSink& sink) { print_report(target.kind, report, style, sink); });
    }
  }
}

}  // namespace cli

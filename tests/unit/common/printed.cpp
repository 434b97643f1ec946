#include "printed.h"

#include <doctest/doctest.h>

#include <unistd.h>

#include <cstdio>

std::string printed_by(const std::function<void(cli::Output&)>& print) {
  std::FILE* const file = std::tmpfile();
  REQUIRE(file != nullptr);
  std::fflush(stdout);
  const int saved = ::dup(STDOUT_FILENO);
  ::dup2(::fileno(file), STDOUT_FILENO);
  cli::Output output;
  print(output);
  output.finish();
  ::dup2(saved, STDOUT_FILENO);
  ::close(saved);

  std::rewind(file);
  std::string text;
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
  std::fclose(file);
  return text;
}

std::string printed_as(cli::OutputFormat format, const cli::Report& report, const cli::PrintOptions& options) {
  return printed_by([&](cli::Output& output) { print(format, report, options, output); });
}

#pragma once

#include <apps/common/command_line.h>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using Arguments = std::vector<std::string>;

/// A group of options as a tool with these arguments has it. `add` adds it to the tool's command line.
template <typename Options, typename Add>
Options parsed_as(const Arguments& arguments, Add add) {
  Options options;  // the command line has pointers to these until it is parsed
  cli::CommandLine command("test", "");
  add(options, command);
  std::vector<const char*> argv{"test"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  const bool goes_on = command.parse(static_cast<int>(argv.size()), argv.data());
  CHECK(goes_on);
  return options;
}

template <typename Options>
Options parsed_as(const Arguments& arguments) {
  return parsed_as<Options>(arguments, [](Options& options, cli::CommandLine& command) { options.add_to(command); });
}

/// What is wrong with the arguments; empty where nothing is.
template <typename Options>
std::string refused_as(const Arguments& arguments) {
  try {
    parsed_as<Options>(arguments);
  } catch (const cli::UsageError& error) {
    return error.what();
  }
  return "";
}

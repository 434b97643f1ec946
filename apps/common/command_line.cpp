#include "command_line.h"

#include "version.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <utility>

namespace cli {

struct CommandLine::Parser {
  Parser(const std::string& tool, const std::string& description) : app(description, tool) {}
  CLI::App app;
};

CommandLine::CommandLine(const std::string& tool, const std::string& description)
    : parser_(std::make_unique<Parser>(tool, description)) {
  CLI::App& app = parser_->app;
  app.set_help_flag("-h,--help", "Show this help and exit");
  app.set_version_flag("-V,--version", tool + " " + kVersion, "Show the version and exit");
  app.get_formatter()->column_width(34);
  app.get_formatter()->label("OPTIONS", "");
}

CommandLine::~CommandLine() = default;

void CommandLine::flag(const std::string& names, bool& value, const std::string& help) {
  parser_->app.add_flag(names, value, help);
}

void CommandLine::option(const std::string& names, const std::string& value_name,
                         std::function<void(const std::string&)> set, const std::string& help, bool many) {
  const auto take = [set = std::move(set), names](const CLI::results_t& values) {
    for (const std::string& value : values) {
      try {
        set(value);
      } catch (const UsageError& error) {
        throw CLI::ValidationError(names.substr(names.rfind("--")), error.what());
      }
    }
    return true;
  };
  CLI::Option* option = parser_->app.add_option(names, take, help);
  option->type_name(value_name)->type_size(1)->allow_extra_args(false);
  if (many) {
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  } else {
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }
}

void CommandLine::arguments(const std::string& name, std::vector<std::string>& values, std::size_t least,
                            std::size_t most, const std::string& help) {
  CLI::Option* option = parser_->app.add_option(name, values, help);
  option->type_name("")->required(least > 0);
  option->expected(static_cast<int>(least), most == 0 ? 1 << 20 : static_cast<int>(most));
}

bool CommandLine::parse(int argc, const char* const* argv) {
  CLI::App& app = parser_->app;
  try {
    app.parse(argc, argv);
    return true;
  } catch (const CLI::CallForHelp&) {
    std::fputs(app.help().c_str(), stdout);
  } catch (const CLI::CallForVersion&) {
    std::puts(app.version().c_str());
  } catch (const CLI::ParseError& error) {
    throw UsageError(error.what());
  }
  return false;
}

}  // namespace cli

#include "command_line.h"

#include "output.h"
#include "version.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace cli {

namespace {

/// CLI11's help, with the usage and the option names as a manual page has them.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App* app, std::string name) const override {
    std::string usage = "Usage: " + std::move(name) + " [OPTION]...";
    for (const CLI::Option* option : app->get_options()) {
      if (option->get_positional()) usage += " " + argument_name(option);
    }
    return usage + "\n";
  }

  std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
    if (is_positional) return argument_name(option);
    const bool only_long = option->get_snames().empty();
    return only_long ? "    --" + option->get_lnames().front()
                     : "-" + option->get_snames().front() + ", --" + option->get_lnames().front();
  }

  std::string make_option_opts(const CLI::Option* option) const override {
    return option->get_positional() || option->get_type_name().empty() ? "" : " " + option->get_type_name();
  }

 private:
  static std::string argument_name(const CLI::Option* option) { return option->get_name(true); }
};

/// What CLI11 says, in our style: lower case, and the option first.
std::string sentence(const CLI::ParseError& error) {
  std::string text = error.what();
  const std::string subject = text.substr(0, text.find(": "));
  const std::string rest = text.substr(std::min(text.size(), subject.size() + 2));
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) return "unknown option " + rest;
  if (const std::size_t end = text.find(" was given a disallowed flag override"); end != std::string::npos) {
    return "--" + text.substr(0, end) + " takes no value";
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) return subject + " needs a value";
  return text;
}

}  // namespace

struct CommandLine::Parser {
  Parser(const std::string& tool, const std::string& description) : app(description, tool) {}
  CLI::App app;
  std::vector<std::function<void()>> checks;
  std::vector<std::string>* program = nullptr;  // where it goes, if there is one

  int end_of_options(int argc, const char* const* argv) const;
};

/// The place of the program in `argv`, or `argc`.
int CommandLine::Parser::end_of_options(int argc, const char* const* argv) const {
  const auto takes_value = [this](const std::string& name) {
    const CLI::Option* option = app.get_option_no_throw(name);
    return option != nullptr && option->get_items_expected_max() > 0;
  };
  int at = 1;
  for (; at < argc; ++at) {
    const std::string word = argv[at];
    if (word == "--" || word.size() < 2 || word[0] != '-') return at;
    if (word[1] == '-') {
      if (takes_value(word)) ++at;  // with a '=' in it, it is no name
      continue;
    }
    for (std::size_t letter = 1; letter < word.size(); ++letter) {
      if (!takes_value("-" + word.substr(letter, 1))) continue;
      if (letter + 1 == word.size()) ++at;
      break;
    }
  }
  return std::min(at, argc);
}

CommandLine::CommandLine(const std::string& tool, const std::string& description)
    : parser_(std::make_unique<Parser>(tool, description)) {
  CLI::App& app = parser_->app;
  app.set_help_flag("-h,--help", "Show this help and exit");
  app.set_version_flag("-V,--version", tool + " " + kVersion, "Show the version and exit");
  const auto formatter = std::make_shared<HelpFormatter>();
  formatter->column_width(36);
  formatter->label("Positionals", "Arguments");
  app.formatter(formatter);
}

CommandLine::~CommandLine() = default;

void CommandLine::flag(const std::string& names, bool& value, const std::string& help) {
  parser_->app.add_flag(names, value, help)->disable_flag_override();
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
  option->type_name("")->expected(0, 1 << 20);
  after_parse([=, &values] {
    if (values.size() >= least && (most == 0 || values.size() <= most)) return;
    throw UsageError(fmt::format("takes {}{} argument{} ({}), not {}", least == most ? "" : "at least ", least,
                                 least == 1 ? "" : "s", name, values.size()));
  });
}

void CommandLine::program(const std::string& name, std::vector<std::string>& values, const std::string& help) {
  parser_->app.add_option(name, values, help)->type_name("")->expected(0, 1 << 20);
  parser_->program = &values;
}

void CommandLine::after_parse(std::function<void()> check) { parser_->checks.push_back(std::move(check)); }

bool CommandLine::parse(int argc, const char* const* argv) {
  CLI::App& app = parser_->app;
  Output output;
  try {
    const int end = parser_->program == nullptr ? argc : parser_->end_of_options(argc, argv);
    app.parse(end, argv);
    for (int at = end; at < argc; ++at) {
      if (at > end || std::string_view(argv[at]) != "--") parser_->program->push_back(argv[at]);
    }
    for (const auto& check : parser_->checks) check();
    return true;
  } catch (const CLI::CallForHelp&) {
    output.write(app.help());
  } catch (const CLI::CallForVersion&) {
    output.write(app.version() + "\n");
  } catch (const CLI::ParseError& error) {
    throw UsageError(sentence(error));
  }
  output.finish();
  return false;
}

}  // namespace cli

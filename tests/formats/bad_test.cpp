// Each file of bad/ says what bad_messages.txt says. UPDATE=1 in the environment writes that list again.
#include "folder.h"
#include "outcome.h"

#include <doctest/doctest.h>

#include <snapshot/utf8.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

using formats::Detail;
using formats_test::Outcome;

namespace {

/// So that the list is ASCII, whatever bytes a message holds.
std::string ascii(const std::string& message) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string result;
  for (const char c : message) {
    const auto byte = static_cast<unsigned char>(c);
    result += byte < 0x80 ? std::string{c} : std::string{'\\', 'x', kDigits[byte >> 4U], kDigits[byte & 15U]};
  }
  return result;
}

/// One line: the message as the tools print it, or what was loaded.
std::string line_of(const std::string& name, const Outcome& outcome) {
  std::ostringstream line;
  line << name << ": ";
  if (!outcome.snapshot) {
    line << ascii(snapshot::printable(snapshot::text_from_bytes(outcome.message)));
  } else {
    line << "(loads) blocks: " << outcome.snapshot->count() << ", bytes: " << outcome.snapshot->size();
    if (const auto limit = outcome.snapshot->info().traceback_limit) line << ", traceback limit: " << *limit;
  }
  return line.str();
}

std::vector<std::string> lines_of(const std::string& path) {
  std::istringstream text(formats_test::read_whole_file(path));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_SUITE("formats.bad") {
  TEST_CASE("every bad file gives exactly its recorded message") {
    std::vector<std::string> lines;
    for (const auto& file : formats_test::files_of(TMTOOLS_BAD)) {
      const Outcome outcome = formats_test::load_file(file, std::make_shared<snapshot::Symbols>(), Detail::totals);
      lines.push_back(line_of(file.filename(), outcome));
    }
    if (std::getenv("UPDATE") != nullptr) {
      std::ofstream list(TMTOOLS_BAD_MESSAGES);
      for (const std::string& line : lines) list << line << '\n';
    }
    const std::vector<std::string> recorded = lines_of(TMTOOLS_BAD_MESSAGES);
    for (std::size_t at = 0; at < lines.size(); ++at) CHECK(lines[at] == (at < recorded.size() ? recorded[at] : ""));
    CHECK(lines.size() == recorded.size());
  }

  TEST_CASE("a bad file says the same whatever is wanted of it and wherever it comes from") {
    for (const auto& file : formats_test::files_of(TMTOOLS_BAD)) {
      CAPTURE(file.filename());
      const auto symbols = std::make_shared<snapshot::Symbols>();
      const Outcome lean = formats_test::load_file(file, symbols, Detail::totals);
      CHECK(formats_test::agree(lean, formats_test::load_file(file, symbols, Detail::traces)));
      const std::string bytes = formats_test::read_whole_file(file);
      CHECK(formats_test::agree_across(lean, formats_test::load_stdin(bytes, symbols, Detail::traces)));
      if (formats_test::is_compressed(file) || bytes.empty()) continue;
      CHECK(formats_test::agree(lean, formats_test::load_mapped(bytes, symbols, Detail::traces)));
      CHECK(formats_test::agree_across(lean, formats_test::load_streamed(bytes, 1, symbols, Detail::traces)));
    }
  }

  TEST_CASE("every message is one short line in lower case without a full stop") {
    for (const std::string& line : lines_of(TMTOOLS_BAD_MESSAGES)) {
      CAPTURE(line);
      const std::string message = line.substr(line.find(": ") + 2);
      REQUIRE(!message.empty());
      CHECK(message.size() <= 240);
      CHECK(message.back() != '.');
      CHECK((message[0] < 'A' || message[0] > 'Z'));
    }
  }
}

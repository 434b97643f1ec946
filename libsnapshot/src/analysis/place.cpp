#include <snapshot/place.h>

#include "fnmatch.h"

#include <string_view>

namespace snapshot {
namespace {

std::string_view normalise(std::string_view filename) {
  if (filename.ends_with(".pyc")) filename.remove_suffix(1);
  return filename;
}

bool is_or_ends_with(std::string_view filename, std::string_view end) {
  if (!filename.ends_with(end)) return false;
  return filename.size() == end.size() || filename[filename.size() - end.size() - 1] == '/';
}

}  // namespace

std::vector<bool> frames_at(const Symbols& symbols, const Place& place) {
  enum class Answer : char { unknown, no, yes };
  const std::string_view wanted = normalise(place.filename);
  const bool is_pattern = wanted.find_first_of("*?[") != std::string_view::npos;
  const Fnmatch pattern(wanted);
  const auto matches = [&](std::string_view filename) {
    return is_or_ends_with(filename, wanted) || (is_pattern && pattern.matches(filename));
  };

  std::vector<Answer> filenames(symbols.string_count(), Answer::unknown);  // each name is looked at once
  std::vector<bool> frames(symbols.frame_count());
  for (std::uint32_t at = 0; at < frames.size(); ++at) {
    const Frame frame = symbols.frame(FrameId{at});
    Answer& answer = filenames[row(frame.filename)];
    if (answer == Answer::unknown) {
      answer = matches(normalise(symbols.text(frame.filename))) ? Answer::yes : Answer::no;
    }
    frames[at] = answer == Answer::yes && (!place.lineno || frame.lineno == *place.lineno);
  }
  return frames;
}

}  // namespace snapshot

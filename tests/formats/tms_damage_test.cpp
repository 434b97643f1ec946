// Damaged .tms files load the very same snapshot or are refused with an offset within the file: any other exception
// fails the test, and under ASan a read past the end does.
#include "folder.h"
#include "outcome.h"
#include "tests/support/sanitizer.h"
#include "tests/support/snapshot_from.h"
#include "tests/support/tms_random.h"
#include "tests/support/tms_text.h"

#include <doctest/doctest.h>

#include <snapshot/error.h>
#include <snapshot/file.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using snapshot::Detail;
using snapshot::Snapshot;
using snapshot::SnapshotFile;

namespace {

constexpr std::array kDetails{Detail::sites, Detail::totals, Detail::sizes, Detail::types, Detail::traces};

// Files up to this length are cut at every byte, longer ones at so many places and near both ends.
constexpr std::size_t kEveryByte = testing::kSanitized ? 2000 : 20'000;
constexpr std::size_t kCuts = testing::kSanitized ? 200 : 2000;
constexpr std::size_t kNearEnds = testing::kSanitized ? 50 : 300;

/// A sound file and what it says at each detail.
struct Sample {
  std::string name;
  std::string bytes;
  std::array<std::string, kDetails.size()> texts;  // by Detail
  std::string without_types;                       // but for these all

  Sample(std::string its_name, const Snapshot& snapshot)
      : name(std::move(its_name)),
        bytes(testing::saved(snapshot, 3)),
        without_types(testing::text_of(snapshot, Detail::traces, false)) {
    for (const Detail detail : kDetails) texts[static_cast<std::size_t>(detail)] = testing::text_of(snapshot, detail);
  }
  const std::string& text(Detail detail) const { return texts[static_cast<std::size_t>(detail)]; }
};

std::vector<Sample> small_samples() {
  std::vector<Sample> samples;
  samples.emplace_back("everything", testing::build(testing::spec_of_everything()));
  samples.emplace_back("sums alone", testing::build(testing::spec_of_everything(), true));
  samples.emplace_back("sizes", testing::snapshot_from("8 x3 a.py:1\n16 a.py:1 < b.py:2 nframe=9\n24 a.py:1 domain=2"));
  samples.emplace_back("types",
                       testing::snapshot_from("8 x3 a.py:1 type=dict\n8 a.py:1 type=list\n24 a.py:1 domain=2"));
  samples.emplace_back("empty", testing::build({}));
  return samples;
}

std::vector<Sample> samples() {
  std::vector<Sample> samples = small_samples();
  for (const auto& file : formats_test::samples()) {
    if (file.extension() != ".pickle") continue;
    const auto symbols = std::make_shared<snapshot::Symbols>();
    const auto outcome = formats_test::load_file(file, symbols, formats::Detail::traces);
    REQUIRE_MESSAGE(outcome.snapshot, outcome.message);
    Sample sample(file.filename(), *outcome.snapshot);
    // Dumps of one snapshot by several protocols are one here.
    if (std::ranges::find(samples, sample.bytes, &Sample::bytes) == samples.end()) samples.push_back(std::move(sample));
  }
  return samples;
}

/// Bytes of just that length, so that ASan sees a read past their end.
class Exact {
 public:
  explicit Exact(std::string_view bytes) : copy_(new char[bytes.size()]), bytes_(copy_.get(), bytes.size()) {
    std::ranges::copy(bytes, copy_.get());
  }
  std::string_view bytes() const { return bytes_; }

 private:
  std::unique_ptr<char[]> copy_;
  std::string_view bytes_;
};

/// Whether a message begins with an offset within the file.
bool has_offset(std::string_view message, std::size_t size) {
  if (!message.starts_with("offset ")) return false;
  const std::size_t colon = message.find(": ");
  return colon != std::string_view::npos && std::stoull(std::string(message.substr(7, colon - 7))) <= size;
}

enum class Way { view, receive };

SnapshotFile open(std::string_view bytes, Way way, Detail detail, bool salvage) {
  if (way == Way::view) return SnapshotFile::view(bytes, salvage);
  return SnapshotFile::receive(testing::pipe_of(bytes, 1 + bytes.size() % 977), detail, salvage);
}

/// Loads at one detail; whether it did. What is wrong is told to doctest.
bool loads_the_same(const Sample& sample, std::string_view bytes, Way way, Detail detail) {
  try {
    SnapshotFile file = open(bytes, way, detail, false);
    const Snapshot snapshot = file.load(std::make_shared<snapshot::Symbols>(), detail);
    CHECK(testing::text_of(snapshot, detail) == sample.text(detail));
    return true;
  } catch (const snapshot::Error& error) {
    const std::string message = error.what();
    if (!has_offset(message, bytes.size())) FAIL_CHECK(message);
    return false;
  }
}

/// Lines of `part` that are not in `whole`.
std::string strange_lines(std::string_view part, std::string_view whole) {
  const auto lines = [](std::string_view text) {
    std::set<std::string_view> found;
    for (std::size_t end = 0; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1))
      found.insert(text.substr(0, end));
    return found;
  };
  const auto known = lines(whole);
  std::string strange;
  for (const std::string_view line : lines(part)) strange += known.contains(line) ? "" : std::string(line) + "\n";
  return strange;
}

/// How much of the sound snapshot one that was salvaged has; its types may be lost for themselves.
Detail detail_of(const Snapshot& salvaged) {
  if (!salvaged.traces().address.empty()) return Detail::traces;
  if (!salvaged.traces().type.empty()) return Detail::types;
  return salvaged.has_traces() ? Detail::sizes : Detail::totals;
}

/// What salvage gives is of the sound snapshot: the sums always, then what else there is, and what is lost is told.
bool salvages(const Sample& sample, std::string_view bytes, Way way, bool damaged_once = true) {
  try {
    SnapshotFile file = open(bytes, way, Detail::traces, true);
    const Snapshot snapshot = file.load(std::make_shared<snapshot::Symbols>());
    const Detail kept = detail_of(snapshot);
    const bool untyped = kept == Detail::traces && snapshot.traces().type.empty();
    const std::string text = testing::text_of(snapshot, kept);
    // Facts of the process may be lost, and are then empty.
    const std::string strange =
        strange_lines(text, (untyped ? sample.without_types : sample.text(kept)) +
                                "recorder \"\"\nexecutable \"\"\nhost \"\"\n" + "platform \"\"\nruntime \"\" \"\"\n");
    // Without a directory nothing vouches for the name of a section that no one knows.
    if (damaged_once || !strange.starts_with("extra ")) CHECK(strange == "");
    const bool all = testing::text_of(snapshot) == sample.text(Detail::traces);
    if (!all) CHECK(!file.lost().empty());
    for (const std::string& line : file.lost()) {
      if (!has_offset(line, bytes.size())) FAIL_CHECK(line);
    }
    return true;
  } catch (const snapshot::Error&) {
    return false;
  }
}

bool verifies(std::string_view bytes) {
  try {
    SnapshotFile::view(bytes).verify();
    return true;
  } catch (const snapshot::Error&) {
    return false;
  }
}

std::set<std::size_t> places_to_cut(std::size_t length, std::mt19937_64& random) {
  std::set<std::size_t> places;
  const bool all = length <= kEveryByte;
  for (std::size_t at = 0; at < length; ++at) {
    if (all || at < kNearEnds || length - at <= kNearEnds) places.insert(at);
  }
  for (std::size_t count = 0; !all && count < kCuts; ++count) places.insert(random() % length);
  return places;
}

std::string flipped(std::string bytes, std::size_t bit) {
  bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
  return bytes;
}

/// Where TOTL ends: from there on, sums can be salvaged.
std::size_t end_of_totals(const Sample& sample) {
  const SnapshotFile file = SnapshotFile::view(sample.bytes);
  const auto found = std::ranges::find(file.sections(), "TOTL", &snapshot::Section::type);
  return static_cast<std::size_t>(found->offset + found->stored);
}

/// Whether a byte is under the checksum of a frame.
bool is_stored(const Sample& sample, std::size_t at) {
  const SnapshotFile file = SnapshotFile::view(sample.bytes);
  std::size_t end = 16;
  for (const snapshot::Section& section : file.sections()) {
    end = static_cast<std::size_t>(section.offset + section.stored);
    if (at >= section.offset && at < end) return true;
  }
  return at >= end + 20 && at < sample.bytes.size() - 24;  // the directory
}

}  // namespace

TEST_SUITE("formats.tms") {
  TEST_CASE("a file cut short at any byte is refused with an offset, and its sums can be salvaged") {
    std::mt19937_64 random(1);
    std::size_t cuts = 0;
    for (const Sample& sample : samples()) {
      CAPTURE(sample.name);
      const std::size_t enough = end_of_totals(sample);
      for (const std::size_t length : places_to_cut(sample.bytes.size(), random)) {
        CAPTURE(length);
        const Exact cut(std::string_view(sample.bytes).substr(0, length));
        ++cuts;
        for (const Way way : {Way::view, Way::receive}) {
          // A mapping is refused before it matters what is wanted of it.
          const std::size_t least = way == Way::view ? kDetails.size() - 1 : 0;
          for (std::size_t detail = least; detail < kDetails.size(); ++detail)
            CHECK(!loads_the_same(sample, cut.bytes(), way, kDetails[detail]));
          CHECK(salvages(sample, cut.bytes(), way) == (length >= enough));
        }
      }
    }
    MESSAGE(cuts, " cuts");
  }

  TEST_CASE("a file with any one bit flipped loads the same or is refused with an offset") {
    for (const Sample& sample : small_samples()) {
      CAPTURE(sample.name);
      std::vector<std::size_t> passed;  // bits that verify() does not see
      std::size_t loaded = 0;
      const std::size_t step = testing::kSanitized ? 7 : 1;
      for (std::size_t bit = 0; bit < 8 * sample.bytes.size(); bit += step) {
        CAPTURE(bit);
        const Exact bytes(flipped(sample.bytes, bit));
        std::array<bool, kDetails.size()> received{};
        for (const Detail detail : kDetails) {
          received[static_cast<std::size_t>(detail)] = loads_the_same(sample, bytes.bytes(), Way::receive, detail);
          loaded += loads_the_same(sample, bytes.bytes(), Way::view, detail);
        }
        salvages(sample, bytes.bytes(), Way::view);
        salvages(sample, bytes.bytes(), Way::receive);
        if (!verifies(bytes.bytes())) continue;
        passed.push_back(bit);
        for (const bool loads : received) CHECK(loads);
      }
      // The minor version, which has no checksum, and bits of zstd frames that unpack to the same.
      std::size_t minor = 0;
      for (const std::size_t bit : passed) {
        minor += bit / 8 == 10 || bit / 8 == 11;
        CHECK((bit / 8 == 10 || bit / 8 == 11 || is_stored(sample, bit / 8)));
      }
      MESSAGE(sample.name, ": ", 8 * sample.bytes.size() / step, " flips, ", loaded, " loads; verify() passes ",
              passed.size() - minor, " that zstd passes, and ", minor, " of the minor version");
    }
  }

  TEST_CASE("a file with wrong bytes here and there loads the same or is refused") {
    std::mt19937_64 random(2);
    const std::size_t each = testing::kSanitized ? 30 : 200;
    for (const Sample& sample : samples()) {
      CAPTURE(sample.name);
      for (std::size_t count = 0; count < each; ++count) {
        CAPTURE(count);
        std::string bytes = sample.bytes;
        for (auto left = 1 + random() % 3; left > 0; --left) {
          bytes = random() % 2 == 0 ? flipped(std::move(bytes), random() % (8 * bytes.size()))
                                    : bytes.replace(random() % bytes.size(), 1, 1, static_cast<char>(random()));
        }
        if (random() % 4 == 0) bytes.erase(random() % bytes.size(), 1 + random() % 30);
        const Exact exact(bytes);
        for (const Way way : {Way::view, Way::receive}) {
          loads_the_same(sample, exact.bytes(), way, kDetails[count % kDetails.size()]);
          salvages(sample, exact.bytes(), way, false);
        }
      }
    }
  }
}

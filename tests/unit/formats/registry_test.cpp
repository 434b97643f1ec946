#include <formats/registry.h>

#include <doctest/doctest.h>
#include <snapshot/builder.h>
#include <tests/support/snapshot_from.h>

#include "written.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

using formats::Parts;
using Names = std::vector<std::string_view>;

namespace {

std::string_view writer_name(std::string_view path) {
  const formats::Format* format = formats::writer_for_path(path);
  return format == nullptr ? "none" : format->name;
}

}  // namespace

TEST_CASE("every format is read or written, by functions that come together") {
  for (const formats::Format& format : formats::all_formats()) {
    CAPTURE(format.name);
    CHECK((format.sniff == nullptr) == (format.read == nullptr));
    CHECK((format.read != nullptr || format.write != nullptr));
    CHECK(format.extensions.empty() == (format.write == nullptr));
    CHECK((formats::find_writer(format.name) == &format) == (format.write != nullptr));
    CHECK((formats::find_reader(format.name) == &format) == (format.read != nullptr));
    for (const std::string_view extension : format.extensions) CHECK(extension.starts_with('.'));
  }
  CHECK(formats::find_reader("json") == nullptr);
  CHECK(formats::find_writer("") == nullptr);
}

TEST_CASE("an extension says which format is written") {
  CHECK(writer_name("out.tms") == "tms");
  CHECK(writer_name("a.b/out.pickle") == "tracemalloc");
  CHECK(writer_name("out.pkl") == "tracemalloc");
  CHECK(writer_name("out.json") == "json");
  CHECK(writer_name("out.folded") == "folded");
  CHECK(writer_name("out.sites") == "sites");
  for (const std::string_view path :
       {"", "out", "pickle", "out.pickle.gz", "out.PICKLE", "out.tms.gz", "out.pickle/"}) {
    CAPTURE(path);
    CHECK(writer_name(path) == "none");
  }
}

TEST_CASE("a snapshot has the parts that hold something") {
  const auto plain = testing::snapshot_from("4 a.py:1");
  CHECK(formats::parts_of(plain) == formats::kBlocks);
  CHECK(formats::parts_of(plain.totals_only()) == formats::kSums);
  CHECK(formats::parts_of(testing::snapshot_from("")) == 0);
  CHECK(formats::parts_of(testing::snapshot_from("").totals_only()) == 0);
  CHECK(formats::parts_of(testing::snapshot_from("4 a.py:1 < b.py:2")) == (formats::kBlocks | formats::kTracebacks));
  CHECK(formats::parts_of(testing::snapshot_from("4 a.py:1 domain=1")) == (formats::kBlocks | formats::kDomains));
  CHECK(formats::parts_of(testing::snapshot_from("4 a.py:1 nframe=1")) == (formats::kBlocks | formats::kTotalNframe));
  CHECK(formats::parts_of(testing::full_snapshot()) == (formats::kAllParts & ~Parts{formats::kSums}));
}

TEST_CASE("each part has a name") {
  CHECK(formats::part_names(0).empty());
  CHECK(formats::part_names(formats::kWeights | formats::kBlocks) == Names{"single blocks", "weights"});
  CHECK(formats::part_names(formats::kAllParts).size() == 22);
}

TEST_CASE("what a format does not carry is named") {
  const auto full = testing::full_snapshot();
  CHECK(formats::left_out(full, *formats::find_writer("tms")).empty());
  CHECK(formats::left_out(full.totals_only(), *formats::find_writer("tms")).empty());
  CHECK(formats::left_out(full, *formats::find_writer("json")) == Names{"extra sections"});
  CHECK(formats::left_out(full, *formats::find_writer("tracemalloc")) ==
        Names{"domain names", "addresses", "threads", "birth times", "weights", "types", "functions", "modules", "time",
              "recorder", "process", "sampling interval", "traced memory", "recorder memory", "metrics",
              "extra sections"});
  CHECK(formats::left_out(testing::snapshot_from("4 a.py:1 < b.py:2").totals_only(), *formats::find_writer("sites")) ==
        Names{"tracebacks"});
  CHECK(formats::left_out(testing::snapshot_from("4 a.py:1"), *formats::find_writer("tracemalloc")).empty());
}

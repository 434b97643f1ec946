#include "folder.h"
#include "outcome.h"

#include <doctest/doctest.h>

#include <formats/registry.h>

#include <initializer_list>

using formats::Detail;
using formats_test::Outcome;

TEST_SUITE("formats.samples") {
  TEST_CASE("every sample loads by content alone, from a file, from standard input and in pieces of any size") {
    for (const auto& file : formats_test::samples()) {
      CAPTURE(file.filename());
      const std::string bytes = formats_test::read_whole_file(file);
      const auto symbols = std::make_shared<snapshot::Symbols>();
      const Outcome whole = formats_test::load_file(file, symbols, Detail::traces);
      REQUIRE_MESSAGE(whole.snapshot, whole.message);
      CHECK(whole.snapshot->has_traces() == (file.filename() != "leak-0-totals.tms" && !formats_test::is_sites(file)));
      CHECK(formats_test::agree(whole, formats_test::load_stdin(bytes, symbols, Detail::traces)));
      if (formats_test::is_compressed(file)) continue;
      for (const std::size_t chunk : {1, 3, 4093}) {
        CAPTURE(chunk);
        CHECK(formats_test::agree(whole, formats_test::load_streamed(bytes, chunk, symbols, Detail::traces)));
      }
    }
  }

  TEST_CASE("sums alone are the sums of the traces") {
    for (const auto& file : formats_test::samples()) {
      CAPTURE(file.filename());
      const auto symbols = std::make_shared<snapshot::Symbols>();
      const Outcome lean = formats_test::load_file(file, symbols, Detail::totals);
      const Outcome full = formats_test::load_file(file, symbols, Detail::traces);
      CHECK(formats_test::agree(lean, full));
    }
  }

  TEST_CASE("every format says of its own samples that they are its own") {
    for (const auto& file : formats_test::samples()) {
      if (formats_test::is_compressed(file)) continue;
      CAPTURE(file.filename());
      const std::string bytes = formats_test::read_whole_file(file);
      formats::ByteReader reader(formats_test::make_chunk_source(bytes, bytes.size()));
      const char* const name = formats_test::is_tms(file)     ? "tms"
                               : formats_test::is_sites(file) ? "sites"
                                                              : "tracemalloc";
      CHECK(formats::recognise(reader).name == name);
      CHECK(reader.offset() == 0);
    }
  }

  TEST_CASE("two dumps read into one Symbols keep to their own totals") {
    const auto symbols = std::make_shared<snapshot::Symbols>();
    const std::string folder = TMTOOLS_SAMPLES;
    const Outcome first = formats_test::load_file(folder + "/leak-0.pickle", symbols, Detail::totals);
    const Outcome second = formats_test::load_file(folder + "/leak-2.pickle", symbols, Detail::totals);
    const Outcome again = formats_test::load_file(folder + "/leak-0.pickle", symbols, Detail::traces);
    CHECK(formats_test::agree(first, again));
    CHECK(!formats_test::agree(first, second));
  }
}

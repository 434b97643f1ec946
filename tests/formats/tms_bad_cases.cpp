#include "tms_bad_cases.h"

#include <cstdint>

namespace tms_bad {

using testing::assemble;
using testing::columns;
using testing::directory_entry;
using testing::FileParts;
using testing::fixed;
using testing::Part;
using testing::text;
using testing::varint;
using testing::varints;
using testing::zstd_frame;

namespace {

constexpr std::uint64_t kMost63 = ~std::uint64_t{0} >> 1U;
constexpr std::uint64_t kMost64 = ~std::uint64_t{0};

std::string strings(std::uint64_t rows, const std::string& shape, const std::string& bytes) {
  return columns(varint(rows), {shape, bytes});
}

std::string totals(const std::string& tracebacks, const std::string& nframes, const std::string& domains,
                   const std::string& counts, const std::string& averages, const std::string& remainders) {
  return columns(varint(3), {tracebacks, nframes, domains, counts, averages, remainders});
}

/// The sound file with another part in place of one.
std::string with(std::string_view type, std::string plain) {
  FileParts parts = sound();
  parts.replace(type, std::move(plain));
  return assemble(parts);
}

std::string with_meta(std::uint64_t size, std::uint64_t count, const std::string& fields) {
  return with("META", varint(size) + varint(count) + fields);
}

std::string without(std::initializer_list<std::string_view> types) {
  FileParts parts = sound();
  for (const std::string_view type : types) parts.remove(type);
  return assemble(parts);
}

std::string with_more(Part part) {
  FileParts parts = sound();
  parts.parts.push_back(std::move(part));
  return assemble(parts);
}

/// The entries of a right directory of a file whose sections stand in `file`.
std::vector<std::string> entries(const std::string& file) {
  std::vector<std::string> result;
  for (std::size_t at = 16; file.compare(at, 4, "DIRE") != 0;) {
    std::uint64_t stored = 0;
    for (std::size_t digit = 8; digit-- > 0;) stored = stored << 8U | static_cast<unsigned char>(file[at + 4 + digit]);
    const std::string plain = file.substr(at + 12, 8);
    result.push_back(file.substr(at, 4) + fixed(at + 20, 8) + fixed(stored, 8) + plain);
    at += 20 + stored;
  }
  return result;
}

/// The sound file whose directory's entry `which` has the byte at `at` changed, or lacks it.
std::string with_entry(std::size_t which, std::size_t at, const std::string& bytes) {
  const std::string file = assemble(sound());
  std::string directory;
  std::vector<std::string> all = entries(file);
  all[which].replace(at, bytes.size(), bytes);
  for (const std::string& entry : all) directory += entry;
  return assemble(sound(), directory);
}

std::string with_trailer(std::string trailer) {
  std::string file = assemble(sound());
  return file.replace(file.size() - trailer.size(), trailer.size(), trailer);
}

Cases directory_cases() {
  const std::string file = assemble(sound());
  const std::vector<std::string> all = entries(file);
  std::string swapped = all[1] + all[0];
  std::string doubled = all[0];
  std::string too_few;
  for (std::size_t at = 2; at < all.size(); ++at) swapped += all[at];
  for (const std::string& entry : all) doubled += entry;
  for (std::size_t at = 0; at + 1 < all.size(); ++at) too_few += all[at];
  return {
      {"directory: a length that is too long", with_entry(1, 12, fixed(1000, 8))},
      {"directory: a length that is too short", with_entry(1, 12, fixed(1, 8))},
      {"directory: a length of 2^64 - 1", with_entry(0, 12, fixed(kMost64, 8))},
      {"directory: an offset past the end", with_entry(7, 4, fixed(std::uint64_t{1} << 40U, 8))},
      {"directory: an offset before the header", with_entry(0, 4, fixed(0, 8))},
      {"directory: a plain length that is too long", with_entry(0, 20, fixed(1000, 8))},
      {"directory: a plain length of 2^64 - 1", with_entry(0, 20, fixed(kMost64, 8))},
      {"directory: another type", with_entry(1, 0, "FRMS")},
      {"directory: a type that is none", with_entry(1, 0, "ST-S")},
      {"directory: sections that overlap", with_entry(2, 4, all[1].substr(4, 8))},
      {"directory: sections in another order", assemble(sound(), swapped)},
      {"directory: a section twice", assemble(sound(), doubled)},
      {"directory: a section is left out", assemble(sound(), too_few)},
      {"directory: empty", assemble(sound(), "")},
      {"directory: half an entry", assemble(sound(), all[0].substr(0, 14))},
      {"trailer: the directory past the end",
       with_trailer(fixed(1U << 30U, 8) + fixed(~std::uint64_t{1U << 30U}, 8) + "\x8DTMSEND\n")},
      {"trailer: the directory in the header",
       with_trailer(fixed(3, 8) + fixed(~std::uint64_t{3}, 8) + "\x8DTMSEND\n")},
      {"trailer: the directory where META is",
       with_trailer(fixed(16, 8) + fixed(~std::uint64_t{16}, 8) + "\x8DTMSEND\n")},
      {"trailer: a complement that is none", with_trailer(fixed(16, 8) + fixed(16, 8) + "\x8DTMSEND\n")},
      {"trailer: bytes behind it", file + "x"},
  };
}

std::string many_sections(std::size_t count) {
  FileParts parts = sound();
  for (std::size_t at = 0; at < count; ++at) parts.parts.push_back({"note", "x"});
  return assemble(parts);
}

}  // namespace

FileParts sound() { return with_blocks({}, {}); }

FileParts with_blocks(const Index& index, const Page& page) {
  const std::string plain =
      columns("", {page.gaps, page.references, page.sizes, page.threads, page.births, page.weights});
  const std::string frame = zstd_frame(plain);
  std::string numbers = varints({index.rows, index.kinds, index.shift, index.rule, index.reference, frame.size()});
  if ((index.kinds & 1U) != 0) numbers += varints({index.first, index.reach});
  FileParts parts;
  parts.parts = {
      {"META", varint(104) + varint(4) + "\x10" + varint(0) + text("main")},
      {"STRS", strings(3, varints({0, 4, 0, 4, 0, 4}), "a.pyb.pyc.py")},
      {"FRMS", columns(varint(3), {varints({0, 1, 1}), varints({1, 2, 3}), "", ""})},
      {"TRCB", columns(varint(3), {varints({0, 0, 0, 0, 2, 0}), varint(1), varints({0, 1})})},
      {"TOTL", totals(varints({0, 1, 1}), varints({0, 0, 0}), varints({0, 0, 2}), varints({0, 1, 0}),
                      varints({16, 40, 8}), varints({0, 0, 0}))},
      {"SIZE", columns("", {varints({0, 1, 0}), varints({32, 15}), varint(0)})},
      {"BIDX", numbers},
      {"BLKS", plain, frame},
  };
  return parts;
}

Cases container_cases() {
  FileParts later = sound();
  later.major = 2;
  std::string zeros = assemble(sound());
  zeros[13] = 1;
  Cases cases = directory_cases();
  const auto add = [&](const std::string& name, const std::string& bytes) { cases.emplace_back(name, bytes); };
  add("header: version 2", assemble(later));
  add("header: other bytes than 0", zeros);
  add("a required section that is not known", with_more({"NEWS", "x"}));
  add("a second section", with_more({"TOTL", sound()["TOTL"].plain}));
  add("a type like that of a damaged directory", with_more({"dIRE", "x"}));
  add("4095 sections", many_sections(4087));
  add("4097 sections", many_sections(4089));
  for (const char* type : {"META", "STRS", "FRMS", "TRCB", "TOTL", "SIZE", "BIDX", "BLKS"})
    add(std::string("without ") + type, without({type}));
  add("without any", assemble({}));
  add("without SIZE, BIDX and BLKS", without({"SIZE", "BIDX", "BLKS"}));
  add("a frame without a checksum", with_more({"note", "x", zstd_frame("x", false)}));
  add("a section that is no frame", with_more({"note", "x", "x"}));
  add("a section that says it is longer", with_more({"note", "x", zstd_frame("x"), 2}));
  add("a section that says it is shorter", with_more({"note", "xy", zstd_frame("xy"), 1}));
  add("a section whose two plain lengths differ", with_more({"note", "x", zstd_frame("x"), 1, 2}));
  add("a section that says 2^63", with_more({"note", "x", zstd_frame("x"), std::uint64_t{1} << 63U}));
  add("META: half a number", with("META", "\x80"));
  add("META: empty", with("META", ""));
  add("META: a number in two bytes for one", with("META", std::string("\x84\x00", 2)));
  add("META: other sums", with_meta(105, 4, "\x10" + varint(0) + text("main")));
  add("META: other blocks", with_meta(104, 5, "\x10" + varint(0) + text("main")));
  add("META: no thread, but blocks name one", with_meta(104, 4, ""));
  add("META: text that is not UTF-8", with_meta(104, 4, "\x02" + text("\xC3")));
  add("META: fields out of order", with_meta(104, 4, "\x03\x01\x01\x01"));
  add("META: a field of later", with_meta(104, 4, "\x7F"));
  return cases;
}

Cases symbol_cases() {
  const auto frames = [](const std::string& names, const std::string& lines) {
    return with("FRMS", columns(varint(3), {names, lines, "", ""}));
  };
  const auto code = [](const std::string& functions, const std::string& modules) {
    return with("FRMS", columns(varint(3), {varints({0, 1, 1}), varints({1, 2, 3}), functions, modules}));
  };
  const auto tracebacks = [](const std::string& shape, const std::string& first, const std::string& rest) {
    return with("TRCB", columns(varint(3), {shape, first, rest}));
  };
  return {
      {"STRS: unsorted", with("STRS", strings(3, varints({0, 4, 0, 4, 0, 4}), "b.pya.pyc.py"))},
      {"STRS: one twice", with("STRS", strings(3, varints({0, 4, 0, 4, 0, 4}), "a.pya.pyc.py"))},
      {"STRS: not UTF-8", with("STRS", strings(3, varints({0, 4, 0, 4, 0, 4}), "a.pyb.pyc\xFFpy"))},
      {"STRS: shares more than there is", with("STRS", strings(3, varints({0, 4, 5, 4, 0, 4}), "a.pyb.pyc.py"))},
      {"STRS: more rows than bytes", with("STRS", strings(1 << 20, varints({0, 4}), "a.py"))},
      {"STRS: 2^64 - 1 rows", with("STRS", strings(kMost64, varints({0, 4}), "a.py"))},
      {"STRS: fewer than frames name", with("STRS", strings(2, varints({0, 4, 0, 4}), "a.pyb.py"))},
      {"STRS: lengths of columns past the end", with("STRS", varints({3, 100, 100}) + "a.py")},
      {"STRS: lengths of columns that overflow", with("STRS", varints({3, kMost64, 2}) + "a.py")},
      {"STRS: bytes behind the columns", with("STRS", sound()["STRS"].plain + "x")},
      {"FRMS: unsorted", frames(varints({0, 0, 2}), varints({2, kMost64, 3}))},
      {"FRMS: one twice", frames(varints({0, 0, 2}), varints({1, 0, 3}))},
      {"FRMS: a filename out of range", frames(varints({0, 1, 2}), varints({1, 2, 3}))},
      {"FRMS: a filename that overflows", frames(varints({0, 1, kMost64}), varints({1, 2, 3}))},
      {"FRMS: a lineno of 33 bits", frames(varints({0, 1, 1}), varints({1, 2, std::uint64_t{1} << 32U}))},
      {"FRMS: a lineno that overflows", frames(varints({0, 0, 1}), varints({2, 0xFFFFFFFF, 3}))},
      {"FRMS: a function out of range", code(varints({0, 8, 0}), varints({0, 0, 0}))},
      {"FRMS: a function below 0", code(varints({0, 1, 0}), varints({0, 0, 0}))},
      {"FRMS: a module out of range", code(varints({0, 0, 0}), varints({0, 0, 4}))},
      {"FRMS: too few functions", code(varints({0, 0}), varints({0, 0, 0}))},
      {"FRMS: modules without functions", code("", varints({0, 0, 0}))},
      {"TRCB: a frame out of range", tracebacks(varints({0, 0, 0, 0, 2, 0}), varint(1), varints({0, 3}))},
      {"TRCB: a first frame out of range", tracebacks(varints({0, 0, 0, 0, 2, 0}), varint(2), varints({0, 1}))},
      {"TRCB: a frame that overflows", tracebacks(varints({0, 0, 0, 0, 2, 0}), varint(1), varints({0, kMost64}))},
      {"TRCB: drops more than there is", tracebacks(varints({0, 0, 0, 0, 3, 0}), varint(1), varints({0, 1}))},
      {"TRCB: adds more than there is", tracebacks(varints({0, 0, 0, 9, 2, 0}), varint(1), varints({0, 1}))},
      {"TRCB: adds 2^64", tracebacks(varints({0, 0, 0, kMost64, 2, 0}), varint(1), varints({0, 1}))},
      {"TRCB: frames that nobody adds", tracebacks(varints({0, 0, 0, 0, 2, 0}), varint(1), varints({0, 1, 2}))},
  };
}

Cases total_cases() {
  const auto made = [](std::initializer_list<std::uint64_t> numbers, std::initializer_list<std::uint64_t> nframes,
                       std::initializer_list<std::uint64_t> counts, std::initializer_list<std::uint64_t> averages,
                       std::initializer_list<std::uint64_t> remainders) {
    return with("TOTL", totals(varints(numbers), varints(nframes), varints({0, 0, 2}), varints(counts),
                               varints(averages), varints(remainders)));
  };
  const auto sizes = [](const std::string& distinct, const std::string& steps, const std::string& counts) {
    return with("SIZE", columns("", {distinct, steps, counts}));
  };
  return {
      {"TOTL: a traceback out of range", made({0, 1, 2}, {0, 0, 0}, {0, 1, 0}, {16, 40, 8}, {0, 0, 0})},
      {"TOTL: a traceback that overflows", made({1, 1, kMost64}, {0, 0, 0}, {0, 1, 0}, {16, 40, 8}, {0, 0, 0})},
      {"TOTL: unsorted", made({0, 0, 2}, {1, 0, 0}, {0, 1, 0}, {16, 40, 8}, {0, 0, 0})},
      {"TOTL: one twice", made({0, 0, 2}, {0, 0, 0}, {0, 1, 0}, {16, 40, 8}, {0, 0, 0})},
      {"TOTL: a total_nframe below 1", made({0, 1, 1}, {2, 0, 0}, {0, 1, 0}, {16, 40, 8}, {0, 0, 0})},
      {"TOTL: a total_nframe of 33 bits", made({0, 1, 1}, {std::uint64_t{1} << 33U, 0, 0}, {0, 1, 0}, {16, 40, 8}, {})},
      {"TOTL: 2^63 blocks", made({0, 1, 1}, {0, 0, 0}, {0, kMost63, 0}, {16, 40, 8}, {0, 0, 0})},
      {"TOTL: counts that overflow together", made({0, 1, 1}, {0, 0, 0}, {kMost63 - 1, 1, 0}, {0, 40, 8}, {0, 0, 0})},
      {"TOTL: a size that overflows", made({0, 1, 1}, {0, 0, 0}, {0, 3, 0}, {16, kMost63, 8}, {0, 0, 0})},
      {"TOTL: sizes that overflow together", made({0, 1, 1}, {0, 0, 0}, {0, 0, 0}, {kMost63, kMost63, 8}, {0, 0, 0})},
      {"TOTL: a remainder as large as the count", made({0, 1, 1}, {0, 0, 0}, {0, 1, 0}, {16, 40, 8}, {0, 2, 0})},
      {"TOTL: other sums than META and SIZE", made({0, 1, 1}, {0, 0, 0}, {0, 1, 0}, {17, 40, 8}, {0, 0, 0})},
      {"TOTL: a column too short", made({0, 1, 1}, {0, 0, 0}, {0, 1}, {16, 40, 8}, {0, 0, 0})},
      {"TOTL: a column too long", made({0, 1, 1}, {0, 0, 0}, {0, 1, 0, 0}, {16, 40, 8}, {0, 0, 0})},
      {"TOTL: 2^40 rows", with("TOTL", varint(std::uint64_t{1} << 40U) + std::string(6, '\0'))},
      {"SIZE: sizes that do not add up", sizes(varints({0, 1, 0}), varints({32, 16}), varint(0))},
      {"SIZE: counts that do not add up", sizes(varints({0, 1, 0}), varints({32, 15}), varint(1))},
      {"SIZE: a size that overflows", sizes(varints({0, 1, 0}), varints({32, kMost63 - 1}), varint(0))},
      {"SIZE: sizes times counts that overflow", sizes(varints({0, 1, 0}), varints({kMost63 / 2, 15}), varint(0))},
      {"SIZE: more sizes than blocks", sizes(varints({0, 2, 0}), varints({32, 15, 0}), varints({0, 0}))},
      {"SIZE: 2^40 sizes", sizes(varints({0, std::uint64_t{1} << 40U, 0}), varints({32, 15}), varint(0))},
      {"SIZE: too few totals", sizes(varints({0, 1}), varints({32, 15}), varint(0))},
      {"SIZE: too many totals", sizes(varints({0, 1, 0, 0}), varints({32, 15}), varint(0))},
      {"SIZE: a total whose average is none", sizes(varints({0, 0, 0}), "", "")},
  };
}

namespace {

Cases index_cases() {
  Cases cases;
  const auto index = [&](const std::string& name, auto member, std::uint64_t value) {
    Index changed;
    changed.*member = value;
    cases.emplace_back("BIDX: " + name, assemble(with_blocks(changed, {})));
  };
  index("more blocks", &Index::rows, 5);
  index("fewer blocks", &Index::rows, 3);
  index("no blocks", &Index::rows, 0);
  index("2^31 blocks", &Index::rows, std::uint64_t{1} << 31U);
  index("2^64 - 1 blocks", &Index::rows, kMost64);
  index("a column that is not known", &Index::kinds, 16);
  index("a column that is not there", &Index::kinds, 7);
  index("a unit of 32", &Index::shift, 5);
  index("another unit", &Index::shift, 3);
  index("a rule that is not known", &Index::rule, 2);
  index("another rule", &Index::rule, 1);
  index("a reference that is not known", &Index::reference, 2);
  index("another reference", &Index::reference, 1);
  index("another first address", &Index::first, 0x101);
  index("a first address that overflows", &Index::first, kMost64);
  index("another reach", &Index::reach, 0x1007);
  index("a reach that overflows", &Index::reach, kMost64);
  return cases;
}

}  // namespace

Cases block_cases() {
  Cases cases = index_cases();
  const auto add = [&](const std::string& name, const Index& index, const Page& page) {
    cases.emplace_back(name, assemble(with_blocks(index, page)));
  };
  add("BLKS: a reference out of range", {}, {.references = varints({0, 1, 2, 4})});
  add("BLKS: a reference of 2^64 - 1", {}, {.references = varints({0, 1, 2, kMost64})});
  add("BLKS: the blocks of another total", {}, {.references = varints({0, 0, 2, 3})});
  add("BLKS: a thread out of range", {}, {.threads = varints({2, 0, 0, 0})});
  add("BLKS: addresses that go back", {}, {.gaps = varints({0, 2, 201, 496})});
  add("BLKS: too few gaps", {}, {.gaps = varints({0, 2, 2})});
  add("BLKS: too many gaps", {}, {.gaps = varints({0, 2, 2, 496, 0})});
  add("BLKS: sizes where none are", {}, {.sizes = varint(1)});
  const Index by_total{.reference = 1};
  // Total 1 has the most blocks and is number 0.
  const std::string numbers = varints({1, 0, 0, 2});
  add("BLKS: the size of a block before, of which there is none", by_total,
      {.references = numbers, .sizes = varints({17, 33, 49, 0})});
  add("BLKS: a size of 2^63", by_total,
      {.references = numbers, .sizes = varints({17, 33, 49, (std::uint64_t{1} << 63U) + 1})});
  add("BLKS: sizes that overflow together", {.kinds = 2, .reference = 1},
      {.gaps = "", .references = numbers, .sizes = varints({17, kMost63, kMost63, 9})});
  add("BLKS: sizes that add up but are not those of SIZE", by_total,
      {.gaps = varints({0, 2, 2, 494}), .references = numbers, .sizes = varints({17, 32, 50, 9})});
  FileParts parts = sound();
  const std::string frame = *parts["BLKS"].stored;
  parts["BLKS"].stored = frame + zstd_frame("");
  cases.emplace_back("BLKS: a frame that the index does not know", assemble(parts));
  parts["BLKS"].stored = frame;
  parts["BLKS"].says_plain = parts["BLKS"].plain.size() + 1;
  cases.emplace_back("BLKS: says it is longer", assemble(parts));
  parts["BLKS"].says_plain = 3;
  cases.emplace_back("BLKS: says it is shorter than it has blocks", assemble(parts));
  parts = sound();
  parts["BLKS"].stored = zstd_frame(std::string(300, '\0'));
  cases.emplace_back("BLKS: a page of more than blocks can take", assemble(parts));
  return cases;
}

}  // namespace tms_bad

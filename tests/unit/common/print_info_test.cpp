#include <apps/common/print_info.h>

#include "printed.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

namespace {

cli::FileInfo everything() {
  cli::FileInfo file;
  file.path = "a.tms";
  file.format = "tms";
  file.version = "1.0";
  file.bytes = 1000;
  file.size = 2048;
  file.count = 2;
  file.tables = {3, 4, 5, 6, 7};
  file.domains = {{0, "", 1024, 1}, {389047, "numpy", 1024, 1}};
  file.has_sizes = true;
  file.columns = {true, true, true, true, true};
  file.info.time = 1767323045250000000;
  file.info.recorder = "tmrecord 1.0";
  file.info.process = {42,
                       {"server", "a b", "it's", ""},
                       "/usr/bin/server",
                       "alpha",
                       "linux-x86_64",
                       "native",
                       "12.2.0",
                       -1'000'000'000};
  file.info.traceback_limit = 25;
  file.info.sampling_interval = 524'288;
  file.info.traced_memory = {300, std::numeric_limits<std::uint64_t>::max()};
  file.info.recorder_memory = 77;
  file.info.threads = {{7, "main\n"}};
  file.info.modules = {{"/usr/bin/server", std::string("\xAB\x00\x1F", 3), 0x5500'0000'0000, 4096}};
  file.info.metrics = {
      {"rss", std::int64_t{1'048'576}, "size"}, {"used", 0.125, "percent"},
      {"objects", std::int64_t{-5}, "int"},     {"uptime", 1.5, "s"},
      {"none", std::nan(""), "size"},           {"most", std::numeric_limits<double>::infinity(), "ratio"}};
  file.sections = {{"META", 36, 600, 4000}, {"note", 656, 100, 90}};
  return file;
}

std::string text_of(const cli::FileInfo& file, const cli::InfoStyle& style = {}) {
  return printed_by([&](cli::Output& output) { print_info(file, style, output); });
}

std::string json_of(const std::vector<cli::FileInfo>& files) {
  return printed_by([&](cli::Output& output) { print_info_json(files, output); });
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("people read a line for each fact and a table of what there are several of") {
  CHECK(text_of(everything()) == R"(a.tms
format:            tms 1.0
file:              1000 B
taken:             2026-01-02T03:04:05.25Z
recorder:          tmrecord 1.0
pid:               42
started:           1969-12-31T23:59:59Z
command:           server 'a b' 'it'\''s' ''
executable:        /usr/bin/server
host:              alpha
platform:          linux-x86_64
runtime:           native
runtime version:   12.2.0
traceback limit:   25
sampling interval: 512 KiB
traced memory:     300 B, at its peak 16777216 TiB
recorder memory:   77 B
size:              2048 B
count:             2
known of a block:  size, address, thread, birth, weight, type
totals:            3
tracebacks:        4
longest traceback: 5
frames:            6
strings:           7

domain    size  count  name
     0  1024 B      1
389047  1024 B      1  numpy

thread  name
     7  main\x0a

       address    size  build-id  module
0x550000000000  4096 B    ab001f  /usr/bin/server

    value  metric
 1024 KiB  rss
    12.5%  used
       -5  objects
    1.5 s  uptime
    nan B  none
inf ratio  most

section  offset  stored  share   plain
META         36   600 B  60.0%  4000 B
note        656   100 B  10.0%    90 B
rest              300 B  30.0%
)");
}

TEST_CASE("what is not known has no line, and exact sizes come where they are asked for") {
  cli::FileInfo file;
  file.path = "-";
  file.format = "tracemalloc";
  file.unpacked = 123456;
  file.size = 1'048'577;
  file.count = 1;
  file.domains = {{0, "", 1'048'577, 1}};
  CHECK(text_of(file, {.bytes = true}) == R"(-
format:           tracemalloc
file:             123456 B of a pipe
size:             1048577 B
count:            1
known of a block: nothing, sums alone
)");
  file.bytes = 99;
  CHECK(has(text_of(file), "file:             99 B, unpacked 121 KiB\n"));
  CHECK(has(text_of(everything(), {.bytes = true}), "at its peak 18446744073709551615 B\n"));
  CHECK(has(text_of(everything(), {.bytes = true}), "1048576 B  rss\n"));
}

TEST_CASE("programs read one object") {
  const std::string text = json_of({everything(), {}});
  CHECK(has(text, R"({"schema": "tminfo/1",
 "snapshots": [
  {"path": "a.tms", "format": "tms", "version": "1.0", "bytes": 1000, "size": 2048, "count": 2, "totals": 3, "tracebacks": 4, "longest_traceback": 5, "frames": 6, "strings": 7, "known": {"size": true, "address": true, "thread": true, "birth": true, "weight": true, "type": true}, "time": "2026-01-02T03:04:05.25Z", "recorder": "tmrecord 1.0", "process": {"pid": 42,)"));
  CHECK(has(text, R"("domains": [{"id": 0, "size": 1024, "count": 1}, {"id": 389047, "name": "numpy", "size": 1024,)"));
  CHECK(has(text, R"("modules": [{"path": "/usr/bin/server", "build_id": "ab001f", "address": "0x550000000000",)"));
  CHECK(has(text, R"({"name": "none", "value": "nan", "format": "size"}, {"name": "most", "value": "inf",)"));
  CHECK(has(text, R"("sections": [{"type": "META", "offset": 36, "stored": 600, "plain": 4000}, {"type": "note",)"));
  CHECK(text.ends_with(R"(,
  {"path": "", "known": {"size": false, "address": false, "thread": false, "birth": false, "weight": false, "type": false}}]}
)"));
}

TEST_CASE("no file is an empty list") { CHECK(json_of({}) == "{\"schema\": \"tminfo/1\",\n \"snapshots\": []}\n"); }

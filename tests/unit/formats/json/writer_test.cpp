#include <formats/json/writer.h>

#include <doctest/doctest.h>
#include <snapshot/builder.h>
#include <tests/support/snapshot_from.h>

#include "../written.h"

#include <limits>
#include <span>
#include <string>
#include <utility>

using testing::snapshot_from;
using testing::written;

TEST_CASE("the whole of a snapshot, every part of it") {
  CHECK(written("json", testing::full_snapshot()) ==
        R"({"schema": "snapshot/1",
 "info": {"time": "2026-01-02T03:04:05.000000006Z", "recorder": "tmrecord 1.0", "process": {"pid": 42, )"
        R"("command": ["server", "--port", "80 80"], "executable": "/usr/bin/server", "host": "alpha", )"
        R"("platform": "linux-x86_64", "runtime": "native", "runtime_version": "12.2.0", )"
        R"("start_time": "1969-12-31T23:59:59.999999999Z"}, "traceback_limit": 25, "sampling_interval": 524288, )"
        R"("traced_memory": {"size": 300, "peak": 18446744073709551615}, "recorder_memory": 77, )"
        R"("domains": [{"id": 389047, "name": "numpy"}], )"
        R"("threads": [{"id": 18446744073709551615, "name": "main \"loop\""}], )"
        R"("modules": [{"path": "/usr/bin/server", "build_id": "ab001f", "address": "0x550000000000", "size": 4096}], )"
        R"("metrics": [{"name": "load", "value": 0.5, "format": "percent"}, )"
        R"({"name": "round", "value": 2.0, "format": "ratio"}, {"name": "rss", "value": -1, "format": "size"}], )"
        R"("extra_sections": [{"type": "xtra", "size": 5}]},
 "total": {"size": 300, "count": 2},
 "totals": [
  {"traceback": [{"filename": "main.c", "lineno": 3, "function": "main", "module": "/usr/bin/server"}, )"
        R"({"filename": "pool.c", "lineno": 10, "function": "pool::get<int; char>"}], "total_nframe": 30, )"
        R"("domain": 389047, "size": 300, "count": 2, "traces": [)"
        R"({"size": 200, "count": 1, "address": "0x10", "birth": "2026-01-02T03:04:04.000000001Z", "weight": 1}, )"
        R"({"size": 100, "count": 1, "address": "0xfffffffffffffff0", "thread": 0, )"
        R"("birth": "1969-12-31T23:59:59.999999995Z", "weight": 524288, "type": "pool::Page"}]}]}
)");
}

TEST_CASE("what is not known has no member") {
  CHECK(written("json", snapshot_from("")) ==
        "{\"schema\": \"snapshot/1\",\n \"info\": {},\n \"total\": {\"size\": 0, \"count\": 0},\n \"totals\": []}\n");
  CHECK(written("json", snapshot_from("9 a.py:1").totals_only()) ==
        R"({"schema": "snapshot/1",
 "info": {},
 "total": {"size": 9, "count": 1},
 "totals": [
  {"traceback": [{"filename": "a.py", "lineno": 1}], "domain": 0, "size": 9, "count": 1}]}
)");
}

TEST_CASE("equal blocks are told once, and the order does not depend on the rows") {
  const std::string expected = R"({"schema": "snapshot/1",
 "info": {},
 "total": {"size": 35, "count": 7},
 "totals": [
  {"traceback": [{"filename": "b.py", "lineno": 1}], "domain": 0, "size": 15, "count": 3, )"
                               R"("traces": [{"size": 7, "count": 1}, {"size": 4, "count": 2}]},
  {"traceback": [{"filename": "b.py", "lineno": 2}], "domain": 0, "size": 10, "count": 2, )"
                               R"("traces": [{"size": 5, "count": 2}]},
  {"traceback": [{"filename": "a.py", "lineno": 2}], "domain": 0, "size": 5, "count": 1, )"
                               R"("traces": [{"size": 5, "count": 1}]},
  {"traceback": [{"filename": "a.py", "lineno": 2}], "domain": 1, "size": 5, "count": 1, )"
                               R"("traces": [{"size": 5, "count": 1}]}]}
)";
  CHECK(
      written("json", snapshot_from("5 a.py:2 domain=1\n5 b.py:2\n4 b.py:1\n5 a.py:2\n7 b.py:1\n4 b.py:1\n5 b.py:2")) ==
      expected);
  CHECK(
      written("json", snapshot_from("5 b.py:2\n4 b.py:1\n7 b.py:1\n4 b.py:1\n5 b.py:2\n5 a.py:2\n5 a.py:2 domain=1")) ==
      expected);
}

TEST_CASE("blocks of other types are others, in the order of their names") {
  const std::string json =
      written("json", snapshot_from("5 a.py:2 type=list\n5 a.py:2\n5 x2 a.py:2 type=dict\n6 a.py:2"));
  CHECK(json.find(R"("traces": [{"size": 6, "count": 1}, {"size": 5, "count": 1}, )"
                  R"({"size": 5, "count": 2, "type": "dict"}, {"size": 5, "count": 1, "type": "list"}])") !=
        std::string::npos);
}

TEST_CASE("tracebacks without a block are not told") {
  const std::string json = written("json", snapshot_from("9 b.py:2\n8 a.py:1").where_size(9, 9));
  CHECK(json.find("a.py") == std::string::npos);
  CHECK(json.find("b.py") != std::string::npos);
}

TEST_CASE("rows of equal blocks keep their count, and the largest numbers all their digits") {
  snapshot::SnapshotBuilder builder(std::make_shared<snapshot::Symbols>());
  builder.info().metrics = {{"worst", std::numeric_limits<double>::infinity(), ""}, {"tiny", 5e-324, ""}};
  auto& symbols = builder.symbols();
  const snapshot::FrameId frame = symbols.intern(snapshot::Frame{symbols.intern("a.py"), 4294967295});
  const std::uint32_t total = builder.total(symbols.intern(std::span(&frame, 1)), 0, 4294967295);
  builder.add_equal_traces(total, 1, 9'223'372'036'854'775'800);
  builder.add_equal_traces(total, 7, 1);
  const std::string json = written("json", std::move(builder).finish());
  CHECK(json.find(R"("lineno": 4294967295}], "domain": 4294967295, "size": 9223372036854775807)") != std::string::npos);
  CHECK(json.find(R"([{"size": 7, "count": 1}, {"size": 1, "count": 9223372036854775800}])") != std::string::npos);
  CHECK(json.find(R"([{"name": "worst", "value": "inf", "format": ""}, {"name": "tiny", "value": 5e-324,)") !=
        std::string::npos);
}

#include <snapshot/snapshot.h>

#include <doctest/doctest.h>
#include <tests/support/snapshot_from.h>

#include <vector>

using testing::Lines;
using testing::snapshot_from;
using testing::totals_of;
using testing::traces_of;

namespace {

constexpr const char* kFour = R"(
  10 a.py:1
  4294967296 b.py:2 < a.py:9 domain=3 nframe=30
  20 a.py:1
  5 c.py:3
)";

}  // namespace

TEST_CASE("the text of a snapshot says what the snapshot holds") {
  const auto snapshot = snapshot_from(kFour);
  CHECK(traces_of(snapshot) ==
        Lines{"10 a.py:1", "4294967296 b.py:2 < a.py:9 domain=3 nframe=30", "20 a.py:1", "5 c.py:3"});
  CHECK(totals_of(snapshot) ==
        Lines{"30 x2 a.py:1", "4294967296 x1 b.py:2 < a.py:9 domain=3 nframe=30", "5 x1 c.py:3"});
  CHECK(snapshot.size() == 4294967331);
  CHECK(snapshot.count() == 4);
  CHECK(traces_of(snapshot_from("7 x2 <frozen:1")) == Lines{"7 <frozen:1", "7 <frozen:1"});
}

TEST_CASE("where_total keeps the traces of the marked totals, in their order") {
  const auto snapshot = snapshot_from(kFour);
  const auto kept = snapshot.where_total({false, true, true});
  CHECK(traces_of(kept) == Lines{"4294967296 b.py:2 < a.py:9 domain=3 nframe=30", "5 c.py:3"});
  CHECK(kept.totals().size() == 2);
  CHECK(kept.size() == 4294967301);
  CHECK(kept.count() == 2);
  CHECK(&kept.symbols() == &snapshot.symbols());
  CHECK(traces_of(snapshot).size() == 4);  // untouched

  CHECK(traces_of(snapshot.where_total({true, true, true})) == traces_of(snapshot));
  const auto none = snapshot.where_total({false, false, false});
  CHECK(none.totals().empty());
  CHECK(none.size() == 0);
  CHECK(none.count() == 0);
  CHECK(none.has_traces());
}

TEST_CASE("where_total works on sums alone") {
  const auto snapshot = snapshot_from(kFour, std::make_shared<snapshot::Symbols>(), true);
  const auto kept = snapshot.where_total({true, false, true});
  CHECK_FALSE(kept.has_traces());
  CHECK(totals_of(kept) == Lines{"30 x2 a.py:1", "5 x1 c.py:3"});
  CHECK(kept.size() == 35);
  CHECK(kept.count() == 3);
}

TEST_CASE("where_size keeps blocks of both bounds and between") {
  const auto snapshot = snapshot_from(kFour);
  CHECK(traces_of(snapshot.where_size(0, 9223372036854775807)) == traces_of(snapshot));
  CHECK(traces_of(snapshot.where_size(10, 20)) == Lines{"10 a.py:1", "20 a.py:1"});
  CHECK(traces_of(snapshot.where_size(11, 20)) == Lines{"20 a.py:1"});
  CHECK(traces_of(snapshot.where_size(4294967296, 4294967296)).size() == 1);
  CHECK(traces_of(snapshot.where_size(20, 10)).empty());

  const auto small = snapshot.where_size(5, 10);
  CHECK(totals_of(small) == Lines{"10 x1 a.py:1", "5 x1 c.py:3"});
  CHECK(small.size() == 15);
  CHECK(small.count() == 2);
  CHECK(small.has_traces());
}

#include <snapshot/builder.h>
#include <snapshot/statistics.h>

#include <array>
#include <cstdio>
#include <memory>
#include <span>
#include <utility>

int main() {
  auto symbols = std::make_shared<snapshot::Symbols>();
  snapshot::SnapshotBuilder builder(symbols);
  const std::array frames{symbols->intern(snapshot::Frame{symbols->intern("app.py"), 10})};
  builder.add_trace(builder.total(symbols->intern(frames), 1, 0), 4096);
  const snapshot::Snapshot snapshot = std::move(builder).finish();
  const auto rows =
      snapshot::statistics(std::span(&snapshot, 1), snapshot::GroupBy::lineno, snapshot::Charge::most_recent);
  std::printf("%zu row of %lld bytes\n", rows.size(), static_cast<long long>(rows[0].size));
}

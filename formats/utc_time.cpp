#include "utc_time.h"

#include <fmt/format.h>

#include <chrono>

namespace formats {

std::string utc_time(std::int64_t nanoseconds) {
  constexpr std::int64_t kSecond = 1000000000;
  // Rounded down by hand: the start of the first day, in nanoseconds, is below the least int64.
  const std::int64_t whole = nanoseconds / kSecond - static_cast<int>(nanoseconds % kSecond < 0);
  const std::int64_t fraction = (nanoseconds % kSecond + kSecond) % kSecond;

  const std::chrono::sys_seconds time{std::chrono::seconds(whole)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", int{date.year()}, unsigned{date.month()}, unsigned{date.day()},
                  clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  if (fraction != 0) {
    text += fmt::format(".{:09}", fraction);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text + "Z";
}

}  // namespace formats

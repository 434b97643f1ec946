#include "process_numbers.h"

#include <unistd.h>

#include <cstddef>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace cli {
namespace {

std::string read(std::uint32_t pid, const char* name) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/" + name);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// The number behind "Name:" in lines such as "VmRSS:     1234 kB".
std::optional<std::int64_t> field(const std::string& text, const std::string& name) {
  const std::size_t at = text.find(name + ":");
  if (at == std::string::npos || (at != 0 && text[at - 1] != '\n')) return std::nullopt;
  std::istringstream line(text.substr(at + name.size() + 1, 40));
  std::int64_t value = 0;
  return line >> value ? std::optional(value) : std::nullopt;
}

/// The fields of /proc/PID/stat behind the name of the program, which may hold anything; the first is the state.
std::vector<std::string> stat_fields(std::uint32_t pid) {
  const std::string text = read(pid, "stat");
  const std::size_t end = text.rfind(')');
  if (end == std::string::npos) return {};
  std::istringstream rest(text.substr(end + 1));
  return {std::istream_iterator<std::string>(rest), std::istream_iterator<std::string>()};
}

void add(std::vector<snapshot::Metric>& metrics, const char* name, std::optional<std::int64_t> value, std::int64_t unit,
         const char* format) {
  if (value) metrics.push_back({name, *value * unit, format});
}

}  // namespace

std::vector<snapshot::Metric> process_metrics(std::uint32_t pid, const MetricChoice& choice) {
  std::vector<snapshot::Metric> metrics;
  const std::string status = read(pid, "status");
  if (choice.rss) {
    add(metrics, "rss", field(status, "VmRSS"), 1024, "size");
    add(metrics, "peak_rss", field(status, "VmHWM"), 1024, "size");
  }
  if (choice.pss) add(metrics, "pss", field(read(pid, "smaps_rollup"), "Pss"), 1024, "size");
  if (choice.page_faults) {
    constexpr std::size_t kMinor = 7;  // fields 10 and 12 of proc(5), of which the state is field 3
    constexpr std::size_t kMajor = 9;
    if (const auto fields = stat_fields(pid); fields.size() > kMajor) {
      metrics.push_back({"page_faults", std::int64_t{std::stoll(fields[kMinor]) + std::stoll(fields[kMajor])}, "int"});
    }
  }
  if (choice.threads) add(metrics, "threads", field(status, "Threads"), 1, "int");
  return metrics;
}

std::vector<snapshot::Metric> usage_metrics(const rusage& usage, const MetricChoice& choice) {
  std::vector<snapshot::Metric> metrics;
  if (choice.rss) metrics.push_back({"peak_rss", std::int64_t{usage.ru_maxrss} * 1024, "size"});
  if (choice.page_faults) metrics.push_back({"page_faults", std::int64_t{usage.ru_minflt + usage.ru_majflt}, "int"});
  return metrics;
}

std::optional<std::int64_t> resident_memory(std::uint32_t pid) {
  std::istringstream pages(read(pid, "statm"));
  std::int64_t size = 0;
  std::int64_t resident = 0;
  if (!(pages >> size >> resident)) return std::nullopt;
  return resident * ::sysconf(_SC_PAGESIZE);
}

bool is_alive(std::uint32_t pid) {
  const auto fields = stat_fields(pid);
  return !fields.empty() && fields[0] != "Z" && fields[0] != "X";
}

}  // namespace cli

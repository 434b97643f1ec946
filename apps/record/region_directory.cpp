#include "region_directory.h"

#include <dirent.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string_view>

namespace cli {
namespace {

constexpr std::uint64_t kLeastRoom = std::uint64_t{256} << 20;
constexpr const char* kInMemory = "/dev/shm";

std::uint64_t room_in(const std::string& directory) {
  struct statvfs system {};
  return ::statvfs(directory.c_str(), &system) == 0 ? system.f_bavail * system.f_frsize : 0;
}

std::string temporary_directory() {
  const char* const set = std::getenv("TMPDIR");
  return set != nullptr && *set == '/' ? set : "/tmp";
}

std::string own_name(const std::string& parent) { return parent + "/tmrecord-" + std::to_string(::geteuid()); }

/// Whether nobody else can put anything there.
bool is_own(const std::string& directory) {
  struct stat status {};
  return ::lstat(directory.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid() &&
         (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

void list(const std::string& directory, std::vector<RegionName>& regions) {
  DIR* const open = ::opendir(directory.c_str());
  if (open == nullptr) return;
  while (const dirent* entry = ::readdir(open)) {
    if (const auto region = parse_region_name(directory, entry->d_name)) regions.push_back(*region);
  }
  ::closedir(open);
}

void sort(std::vector<RegionName>& regions) {
  std::ranges::sort(regions, [](const RegionName& a, const RegionName& b) {
    return a.pid != b.pid ? a.pid < b.pid : a.sequence != b.sequence ? a.sequence < b.sequence : a.path < b.path;
  });
}

}  // namespace

std::optional<RegionName> parse_region_name(const std::string& directory, const std::string& name) {
  constexpr std::string_view kEnd = ".region";
  if (!name.ends_with(kEnd)) return std::nullopt;
  const std::string_view rest = std::string_view(name).substr(0, name.size() - kEnd.size());
  const std::size_t last = rest.rfind('.');
  if (last == std::string_view::npos || last == 0) return std::nullopt;
  const std::size_t first = rest.rfind('.', last - 1);
  if (first == std::string_view::npos) return std::nullopt;
  const auto pid = number(rest.substr(first + 1, last - first - 1));
  const auto sequence = number(rest.substr(last + 1));
  if (!pid || !sequence) return std::nullopt;
  return RegionName{directory + "/" + name, std::string(rest.substr(0, first)), *pid, *sequence};
}

std::string region_directory() {
  const std::string parent = room_in(kInMemory) >= kLeastRoom ? kInMemory : temporary_directory();
  const std::string directory = own_name(parent);
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    throw std::runtime_error(directory + ": " + std::strerror(errno));
  }
  if (!is_own(directory)) throw std::runtime_error(directory + ": is not a directory of this user alone");
  return directory;
}

std::vector<RegionName> all_regions() {
  std::vector<RegionName> regions;
  for (const std::string& directory : {own_name(kInMemory), own_name(temporary_directory())}) {
    if (is_own(directory)) list(directory, regions);
  }
  sort(regions);
  return regions;
}

std::vector<RegionName> regions_of(const std::string& directory, const std::string& session) {
  std::vector<RegionName> regions;
  list(directory, regions);
  std::erase_if(regions, [&](const RegionName& region) { return region.session != session; });
  sort(regions);
  return regions;
}

std::uint64_t usual_max_memory(const std::string& directory) {
  const auto pages = static_cast<std::uint64_t>(std::max(1L, ::sysconf(_SC_PHYS_PAGES)));
  std::uint64_t most = std::min(room_in(directory), pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))) / 2;
  // The region is mapped as a whole, used or not.
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) most = std::min(most, limit.rlim_cur / 4);
  return most;
}

}  // namespace cli

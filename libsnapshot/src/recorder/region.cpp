#include "recorder/region.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstring>

namespace snapshot::recorder {
namespace {

constexpr std::uint64_t kLeastSlots = std::uint64_t{1} << 16;
constexpr std::uint64_t kMostSlots = std::uint64_t{1} << 34;

std::uint64_t usable_slots(std::uint64_t wanted) {
  return std::bit_ceil(wanted < kLeastSlots ? kLeastSlots : wanted > kMostSlots ? kMostSlots : wanted);
}

/// Not a power of two, so that the processor's cache of page addresses (TLB) has room for the first pages of all
/// shards: without that, fetching them took half of the time of an update.
std::uint64_t stride_of(std::uint64_t slots) { return slots / kShards * sizeof(Slot) + 67 * 4096; }

bool fits(const Header& header, std::uint64_t file_size) {
  const std::uint64_t slots = header.settings.max_slots;
  return slots == usable_slots(slots) && header.header_size == sizeof(Header) &&
         header.shard_stride == stride_of(slots) && header.region_size == region_size(slots) &&
         file_size >= header.region_size;
}

}  // namespace

void lay_out(Header& header, const Settings& settings) {
  header.magic = kRegionMagic;
  header.version = kRegionVersion;
  header.header_size = sizeof(Header);
  header.settings = settings;
  header.settings.max_slots = usable_slots(settings.max_slots);
  header.shard_stride = stride_of(header.settings.max_slots);
  header.region_size = region_size(header.settings.max_slots);
}

std::uint64_t region_size(std::uint64_t max_slots) {
  const std::uint64_t slots = usable_slots(max_slots);
  return Layout::kScratch + (kShards + 1) * stride_of(slots) +
         whole_pages(small_entry_count(slots) * sizeof(SmallEntry));
}

RegionMap create_region_in(int descriptor, const Settings& settings) {
  if (descriptor < 0) return {};
  void* base = MAP_FAILED;
  const std::uint64_t size = region_size(settings.max_slots);
  rlimit most{};
  if (getrlimit(RLIMIT_FSIZE, &most) == 0 && most.rlim_cur < size) {  // where ftruncate() would end the program
    errno = EFBIG;
  } else if (ftruncate(descriptor, static_cast<off_t>(size)) == 0) {
    base = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, descriptor, 0);
  }
  const int error = errno;
  close(descriptor);
  errno = error;
  if (base == MAP_FAILED) return {};
  const RegionMap region(base);
  lay_out(region.header(), settings);
  return region;
}

RegionMap create_region(const char* path, const Settings& settings) {
  const int descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return {};
  const RegionMap region = create_region_in(descriptor, settings);
  if (!region) {
    const int error = errno;
    unlink(path);
    errno = error;
  }
  return region;
}

RegionMap map_region(int descriptor, bool writable) {
  struct stat status {};
  if (fstat(descriptor, &status) != 0) return {};
  if (!S_ISREG(status.st_mode) || static_cast<std::uint64_t>(status.st_size) < sizeof(Header)) {
    errno = EINVAL;
    return {};
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  void* base =
      mmap(nullptr, size, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED | MAP_NORESERVE, descriptor, 0);
  if (base == MAP_FAILED) return {};
  const RegionMap region(base);
  const Header& header = region.header();
  int error = 0;
  if (header.magic != kRegionMagic) {
    error = EINVAL;
  } else if (header.version != kRegionVersion) {
    error = EPROTO;
  } else if (!fits(header, size)) {
    error = EINVAL;
  }
  if (error == 0) return region;
  munmap(base, size);
  errno = error;
  return {};
}

void unmap_region(RegionMap region) {
  if (region) munmap(region.base(), region.header().region_size);
}

bool region_path(char* path, std::size_t size, const char* directory, const char* session, std::uint32_t pid,
                 std::uint32_t sequence) {
  // By hand: snprintf may allocate, and takes locks of the locale.
  std::size_t length = 0;
  const auto text = [&](const char* from) {
    const std::size_t more = strlen(from);
    if (length + more >= size) return false;
    memcpy(path + length, from, more + 1);
    length += more;
    return true;
  };
  const auto number = [&](std::uint32_t value, std::size_t width) {
    char digits[12] = {};
    std::size_t first = sizeof digits - 1;
    for (; value != 0 || first + width > sizeof digits - 1; value /= 10) {
      digits[--first] = static_cast<char>('0' + value % 10);
    }
    return text(digits + first);
  };
  return text(directory) && text("/") && text(session) && text(".") && number(pid, kPidDigits) && text(".") &&
         number(sequence, 1) && text(".region");
}

}  // namespace snapshot::recorder

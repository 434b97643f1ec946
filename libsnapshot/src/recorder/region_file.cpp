#include "recorder/region_file.h"

#include <fcntl.h>
#include <snapshot/error.h>
#include <snapshot/utf8.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

namespace snapshot::recorder {
namespace {

std::string why_not(int error) {
  if (error == EINVAL) return "is no region of a recorded program";
  if (error == EPROTO) return "is the region of another version of the recorder";
  return std::strerror(error);
}

}  // namespace

RegionFile::RegionFile(std::string path, Links links)
    : path_(std::move(path)),
      descriptor_(::open(path_.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK | (links == Links::refused ? O_NOFOLLOW : 0))),
      layout_(std::make_unique<Header>()) {
  if (descriptor_ < 0) throw Error(why_not(errno));
  map_ = map_region(descriptor_, true);
  if (!map_) {
    const int error = errno;
    ::close(descriptor_);
    throw Error(why_not(error));
  }
  keep_layout();
}

RegionFile::RegionFile(RegionMap own) : descriptor_(-1), map_(own), layout_(std::make_unique<Header>()) {
  keep_layout();
}

void RegionFile::keep_layout() {
  const Settings settings = map_.header().settings;
  lay_out(*layout_, settings);
  layout_->pid = map_.header().pid.load();
  layout_->sequence = map_.header().sequence;
}

RegionFile::~RegionFile() {
  if (descriptor_ < 0) return;
  ::munmap(map_.base(), layout_->region_size);
  ::close(descriptor_);
}

void RegionFile::read(std::uint64_t offset, void* to, std::size_t size) const {
  if (descriptor_ < 0) {
    std::memcpy(to, static_cast<const char*>(map_.base()) + offset, size);
    return;
  }
  auto* next = static_cast<char*>(to);
  while (size > 0) {
    const ssize_t got = ::pread(descriptor_, next, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error(std::string("cannot be read: ") + std::strerror(errno));
    if (got == 0) throw Error("ends too early");
    next += got;
    offset += static_cast<std::uint64_t>(got);
    size -= static_cast<std::size_t>(got);
  }
}

std::string text_of(const char* field, std::size_t size) {
  return text_from_bytes(std::string_view(field, ::strnlen(field, size)));
}

}  // namespace snapshot::recorder

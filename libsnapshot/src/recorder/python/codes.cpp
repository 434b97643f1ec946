#include "recorder/python/codes.h"

#include "recorder/block_table.h"
#include "recorder/capture_filter.h"
#include "recorder/python/line_number.h"
#include "recorder/system.h"

#include <fnmatch.h>

#include <cstring>

namespace snapshot::recorder {
namespace {

constexpr std::uint32_t kTextAtOnce = 1 << 16;  // bytes
constexpr std::size_t kLongestText = 4096;      // of a name; more is cut
char g_encoded[kLongestText];                   // under the lock of the codes

std::uint32_t hash_of(const void* data, std::size_t size) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (std::size_t i = 0; i < size; ++i) hash = (hash ^ static_cast<const unsigned char*>(data)[i]) * 0x100000001b3;
  return static_cast<std::uint32_t>(hash ^ hash >> 32);
}

std::size_t encode(const Interpreter& python, std::uint64_t object) {
  return encode_text(python, reinterpret_cast<PyObject*>(object), g_encoded, kLongestText);
}

}  // namespace

std::size_t encode_text(const Interpreter& python, PyObject* text, char* to, std::size_t most) {
  const std::ptrdiff_t length = text != nullptr ? python.text_length(text) : 0;
  std::size_t size = 0;
  for (std::ptrdiff_t i = 0; i < length && size + 4 <= most; ++i) {
    const std::uint32_t c = python.text_char(text, i);
    const auto put = [&](std::uint32_t byte) { to[size++] = static_cast<char>(byte); };
    if (c < 0x80) {
      put(c);
      continue;
    }
    const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    put((0xf00U >> more & 0xff) | c >> 6 * more);
    for (int rest = more; rest-- != 0;) put(0x80 | (c >> 6 * rest & 0x3f));
  }
  return size;
}

bool PythonCodes::start() const {
  Header& header = region_.header();
  header.python.text_used.store(1);  // place 0 is none
  return populate_counted(header, region_.code_buckets(), kCodeBuckets * sizeof(std::uint32_t)) &&
         populate_counted(header, region_.text_buckets(), kTextBuckets * sizeof(std::uint32_t)) &&
         populate_counted(header, region_.texts(), kTextAtOnce);
}

PythonCodes::Text PythonCodes::text(std::uint32_t place) const {
  const unsigned char* at = region_.texts() + std::size_t{place} * kTextUnit;
  return {reinterpret_cast<const char*>(at + sizeof(TextRow)), reinterpret_cast<const TextRow*>(at)->size};
}

/// The place of a text; 0 when there is no more room.
std::uint32_t PythonCodes::add_text(const char* bytes, std::size_t size) const {
  Header& header = region_.header();
  const std::uint32_t hash = hash_of(bytes, size);
  std::uint32_t& bucket = region_.text_buckets()[hash % kTextBuckets];
  for (std::uint32_t place = bucket; place != 0;) {
    const auto& row = *reinterpret_cast<const TextRow*>(region_.texts() + std::size_t{place} * kTextUnit);
    if (row.hash == hash && row.size == size && memcmp(text(place).data, bytes, size) == 0) return place;
    place = row.next;
  }
  const std::uint32_t place = header.python.text_used.load(std::memory_order_relaxed);
  const std::size_t begin = std::size_t{place} * kTextUnit;
  const std::size_t end = begin + (sizeof(TextRow) + size + kTextUnit - 1) / kTextUnit * kTextUnit;
  if (end > kTextBytes) return 0;
  const std::size_t there = (begin + kTextAtOnce - 1) / kTextAtOnce * kTextAtOnce;
  const std::size_t wanted = (end + kTextAtOnce - 1) / kTextAtOnce * kTextAtOnce;
  if (wanted > there && !populate_counted(header, region_.texts() + there, wanted - there)) return 0;
  unsigned char* at = region_.texts() + begin;
  *reinterpret_cast<TextRow*>(at) = {bucket, hash, static_cast<std::uint32_t>(size)};
  memcpy(at + sizeof(TextRow), bytes, size);
  header.python.text_used.store(static_cast<std::uint32_t>(end / kTextUnit), std::memory_order_release);
  bucket = place;
  return place;
}

std::uint32_t PythonCodes::add_name(const char* bytes, std::size_t size) const {
  Header& header = region_.header();
  spin_lock(header.python.lock);
  const std::uint32_t place = add_text(bytes, size);
  header.python.lock.store(0, std::memory_order_release);
  return place;
}

std::uint32_t PythonCodes::add_row(const CodeRow& wanted) const {
  Header& header = region_.header();
  std::uint32_t& bucket = region_.code_buckets()[wanted.hash % kCodeBuckets];
  for (std::uint32_t next = bucket; next != 0; next = region_.codes()[next - 1].next) {
    const CodeRow& row = region_.codes()[next - 1];
    if (row.hash == wanted.hash && row.filename == wanted.filename && row.name == wanted.name &&
        row.lines == wanted.lines && row.first_line == wanted.first_line) {
      return next - 1;
    }
  }
  const std::uint32_t row = header.python.code_count.load(std::memory_order_relaxed);
  if (row >= kMaxCodes) return kNone;
  if (row % kCodesAtOnce == 0 && !populate_counted(header, region_.codes() + row, kCodesAtOnce * sizeof(CodeRow))) {
    return kNone;
  }
  region_.codes()[row] = wanted;
  region_.codes()[row].next = bucket;
  header.python.code_count.store(row + 1, std::memory_order_release);
  bucket = row + 1;
  return row;
}

std::uint32_t PythonCodes::add(const Interpreter& python, const PythonLayout& layout, std::uint64_t code) const {
  const KeepErrno keep;
  Header& header = region_.header();
  CodeRow row{};
  auto* const lines = reinterpret_cast<PyObject*>(read_at<std::uint64_t>(code, layout.lines));
  row.first_line = read_at<std::uint32_t>(code, layout.first_line);
  spin_lock(header.python.lock);
  row.filename = add_text(g_encoded, encode(python, read_at<std::uint64_t>(code, layout.filename)));
  row.name = add_text(g_encoded, encode(python, read_at<std::uint64_t>(code, layout.name)));
  row.lines = add_text(python.bytes_data(lines), static_cast<std::size_t>(python.bytes_size(lines)));
  std::uint32_t result = kNone;
  if (row.filename != 0 && row.name != 0 && row.lines != 0) {
    row.hash = hash_of(&row, sizeof row);
    result = add_row(row);
  }
  header.python.lock.store(0, std::memory_order_release);
  if (result == kNone) become_full(header, FullReason::nodes);
  return result;
}

std::uint32_t PythonCodes::line(std::uint64_t frame) const {
  const CodeRow& row = region_.codes()[code_of(frame)];
  const Text table = text(row.lines);
  return line_number(region_.header().python.line_table, reinterpret_cast<const unsigned char*>(table.data), table.size,
                     row.first_line, instruction_of(frame));
}

bool PythonCodes::matches_one(const CaptureFilter& filter, std::uint64_t frame) const {
  if (!is_code_frame(frame)) return false;
  char name[kLongestText + 1];
  const Text file = filename(code_of(frame));
  memcpy(name, file.data, file.size);
  // tracemalloc's own rule: a compiled file stands for its source.
  name[file.size > 4 && memcmp(file.data + file.size - 4, ".pyc", 4) == 0 ? file.size - 1 : file.size] = '\0';
  if (filter.lineno != 0 && line(frame) != filter.lineno) return false;
  return fnmatch(filter.pattern, name, FNM_NOESCAPE) == 0;
}

bool PythonCodes::matches(const CaptureFilter& filter, std::uint64_t frame, std::uint32_t parent) const {
  if (matches_one(filter, frame)) return true;
  if (filter.all_frames == 0) return false;
  for (const Node* nodes = region_.nodes(); parent != 0;
       parent = nodes[parent].parent.load(std::memory_order_relaxed)) {
    if (matches_one(filter, nodes[parent].frame.load(std::memory_order_relaxed))) return true;
  }
  return false;
}

bool PythonCodes::is_excluded(std::uint64_t frame, std::uint32_t parent) const {
  return filters_leave_out(region_.header(),
                           [&](const CaptureFilter& filter) { return matches(filter, frame, parent); });
}

}  // namespace snapshot::recorder

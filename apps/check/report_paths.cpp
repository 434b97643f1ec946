#include "check/report_paths.h"

#include <snapshot/utf8.h>

#include <fmt/format.h>

#include <charconv>
#include <filesystem>

namespace cli {
namespace {

bool is_unreserved(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '-' ||
         byte == '.' || byte == '_' || byte == '~';
}

}  // namespace

std::string path_below(std::string_view root, std::string_view path) {
  const std::string plain = std::filesystem::path(path).lexically_normal().string();
  std::string above = std::filesystem::path(root).lexically_normal().string();
  if (above.empty()) return plain;
  if (above.back() != '/') above += '/';
  if (plain + "/" == above || plain == above) return ".";
  return plain.size() > above.size() && plain.starts_with(above) ? plain.substr(above.size()) : plain;
}

std::string uri_of(std::string_view path) {
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char byte : snapshot::bytes_from_text(path)) {
    uri += is_unreserved(byte) || byte == '/' ? std::string(1, byte)
                                              : fmt::format("%{:02X}", static_cast<unsigned char>(byte));
  }
  return uri;
}

Place place_of(const Finding& finding, const CheckReport& report, std::string_view root) {
  if (finding.site && !finding.site->filename.empty()) {
    return {path_below(root, finding.site->filename), finding.site->lineno};
  }
  std::string path = finding.rule.scope == Scope::directory ? finding.rule.subject : "";
  if (path.empty() && !report.heads.empty()) path = snapshot::text_from_bytes(report.heads.front().path);
  path = path_below(root, path);
  return {path.empty() ? "." : path, 0};
}

Place place_of_frame(std::string_view frame, std::string_view root) {
  const std::size_t colon = frame.rfind(':');
  std::uint32_t lineno = 0;
  if (colon != std::string_view::npos) {
    const char* const end = frame.data() + frame.size();
    const auto [stop, error] = std::from_chars(frame.data() + colon + 1, end, lineno);
    if (error != std::errc() || stop != end) return {path_below(root, frame), 0};
    frame = frame.substr(0, colon);
  }
  const std::string path = path_below(root, frame);
  return {path.empty() ? "." : path, lineno};
}

}  // namespace cli

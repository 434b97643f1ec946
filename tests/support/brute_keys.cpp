#include "brute_keys.h"

#include "brute_paths.h"

#include <algorithm>
#include <limits>

namespace brute_force {
namespace {

using snapshot::GroupBy;
using snapshot::SizeClasses;

std::int64_t rounded_up(std::int64_t size, std::int64_t step) { return size + (step - size % step) % step; }

/// Above one power of two, up to the next.
SizeClass between_powers(std::int64_t size) {
  if (size < 2) return {size, size};
  std::int64_t power = 1;
  while (power < size && power < std::int64_t{1} << 62U) power *= 2;
  if (power < size) return {power + 1, std::numeric_limits<std::int64_t>::max()};
  return {power / 2 + 1, power};
}

/// Steps of 16 bytes up to `last`, of which the first is as long as `first`, and powers of two above.
SizeClass in_steps(std::int64_t size, std::int64_t first, std::int64_t last) {
  if (size <= first) return {0, first};
  if (size <= last) {
    const std::int64_t most = first + rounded_up(size - first, 16);
    return {most - 15, most};
  }
  const SizeClass powers = between_powers(size);
  return {std::max(powers.least, last + 1), powers.most};
}

/// Four steps from one power of two to the next, none less than 16 bytes.
SizeClass of_jemalloc(std::int64_t size) {
  if (size <= 8) return {0, 8};
  if (size <= 16) return {9, 16};
  const SizeClass powers = between_powers(size);
  if (powers.most == std::numeric_limits<std::int64_t>::max()) return powers;
  const std::int64_t step = std::max<std::int64_t>(16, powers.most / 8);
  const std::int64_t most = rounded_up(size, step);
  return {most - step + 1, most};
}

std::string domain_label(std::uint32_t domain) {
  const std::string id = std::to_string(domain);
  for (const snapshot::Domain& named : kNamedDomains) {
    if (named.id == domain && !named.name.empty()) return named.name + " (" + id + ")";
  }
  return id;
}

std::string thread_label(const Trace& trace) {
  if (!trace.thread) return "unknown";
  const std::string id = std::to_string(trace.thread->id);
  return trace.thread->name.empty() ? id : trace.thread->name + " (" + id + ")";
}

}  // namespace

SizeClass size_class_of(std::int64_t size, SizeClasses classes) {
  switch (classes) {
    case SizeClasses::powers: return between_powers(size);
    case SizeClasses::glibc: return in_steps(size, 24, 1032);
    case SizeClasses::pymalloc: return in_steps(size, 16, 512);
    case SizeClasses::jemalloc: return of_jemalloc(size);
  }
  return {};
}

Key key_of(const Trace& trace, const Frame& frame, const snapshot::GroupSpec& spec) {
  Key key;
  switch (spec.by) {
    case GroupBy::lineno: key.frames = {Frame{frame.filename, frame.lineno}}; break;
    case GroupBy::filename: key.frames = {Frame{frame.filename, 0}}; break;
    case GroupBy::traceback: key.frames.assign(trace.frames.rbegin(), trace.frames.rend()); break;
    case GroupBy::function:
      key.label = frame.function.value_or("");
      key.known = frame.function.has_value();
      key.frames = {Frame{frame.filename, 0}};
      break;
    case GroupBy::directory: key.label = directory_of(frame.filename, spec.depth); break;
    case GroupBy::module: key.label = frame.module ? *frame.module : package_of(frame.filename, spec.projects); break;
    case GroupBy::domain:
      key.number = trace.domain;
      key.label = domain_label(trace.domain);
      break;
    case GroupBy::thread: key.label = thread_label(trace); break;
    case GroupBy::type: key.label = trace.type.value_or("<unknown>"); break;
    case GroupBy::size_class: {
      const auto [least, most] = size_class_of(trace.size, spec.size_classes);
      key.number = static_cast<std::uint64_t>(most);
      key.label = least == most ? std::to_string(most) : std::to_string(least) + "-" + std::to_string(most);
      break;
    }
  }
  return key;
}

}  // namespace brute_force

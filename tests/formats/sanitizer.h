#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define TMTOOLS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TMTOOLS_ASAN 1
#endif
#endif

namespace formats_test {

/// Under ASan everything takes several times as long and as much memory.
#ifdef TMTOOLS_ASAN
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace formats_test

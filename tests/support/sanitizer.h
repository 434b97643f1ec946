#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define TMTOOLS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TMTOOLS_ASAN 1
#endif
#endif

namespace testing {

/// Under ASan everything takes several times as long and as much memory.
#ifdef TMTOOLS_ASAN
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

/// How many rounds of random work to compare with the brute force. Answers are judged in the plain build, in all
/// rounds; ASan is after errors of memory, which the first of them make as well as the last.
constexpr int rounds(int plain) { return kSanitized ? plain / 5 : plain; }

}  // namespace testing

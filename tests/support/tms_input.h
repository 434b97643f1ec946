#pragma once

#include <string>
#include <string_view>

namespace testing {

// What the fuzzer of .tms files works on. A checksum stops it before the parsers, so most inputs are plain bytes of
// sections, which are made a well-framed file here:
//
//   byte      0x8D, and the input is a file as it stands; else any
//   sections: byte which one, of kInputTypes, or 't' for tYPE; 2 bytes of length, lowest first; as many plain bytes
//   in BLKS   2 bytes of length and the plain bytes, for each page
//   in BIDX   the lengths of pages are left out, and put in as they are
//
// A length past the end means what is left.

inline constexpr std::string_view kInputTypes = "METASTRSFRMSTRCBTOTLSIZEBIDXBLKSnotenOTExtraXTRA";

/// The file that an input means.
std::string file_of_input(std::string_view input);

/// The input in sections that means a sound file, whose sections and pages are shorter than 64 KiB.
std::string input_of_file(std::string_view file);

}  // namespace testing

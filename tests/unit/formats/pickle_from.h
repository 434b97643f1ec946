#pragma once

#include <tests/support/snapshot_from.h>

#include <string>
#include <string_view>

namespace testing {

/// A pickle assembled from text: the opcodes by pickletools' names, each with its arguments behind it, apart by white
/// space.
///
///   PROTO 4  SHORT_BINUNICODE app.py  BININT1 10  TUPLE2  STOP
///
/// Strings are words: "" is the empty one, and \xNN a byte. Lengths are counted here. LONG1 and LONG4 take bytes,
/// BINFLOAT nothing.
std::string pickle_from(std::string_view text);

/// The text of a dump, as CPython 3.9 writes it with protocol 4, whose list of traces is what `traces` leaves on the
/// stack; `extra` are further attributes of the Snapshot, name and value in turn.
std::string dump_text(std::string_view traces, std::string_view extra = "");

/// What the reader says of a pickle: its traces in the words of snapshot_from, or "error: " and the message. It is read
/// mapped and piped, with the traces and without; when these disagree, that is said instead.
Lines outcome_of(const std::string& pickle);

/// The outcome of dump_text.
Lines outcome_of_traces(std::string_view traces, std::string_view extra = "");

}  // namespace testing

#pragma once

#include "recorder/region.h"

namespace snapshot::recorder {

/// Has the signal of Settings::signal ask the reader for a snapshot, where it would end the program otherwise: a
/// program that handles it itself, or ignores it, keeps that.
void prepare_signal(const Header& header);

}  // namespace snapshot::recorder

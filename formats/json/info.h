#pragma once

#include "../json_object.h"

#include <snapshot/info.h>

#include <string>

namespace formats::json {

/// Adds the members of what is known, without extra sections; `domains` is the list that tells of them, or empty.
void add_info(JsonObject& object, const snapshot::SnapshotInfo& info, const std::string& domains);

/// A SnapshotInfo as a JSON object (FORMAT.md); what is not known has no member.
std::string info_json(const snapshot::SnapshotInfo& info);

}  // namespace formats::json

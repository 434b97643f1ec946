#pragma once

namespace snapshot::recorder {

/// Has forked children go on in a region of their own, a copy of their parent's, where Settings::follow_fork says so;
/// the parent waits for the copy. Others, and children of forks that the C library does not see, are not recorded.
/// Once.
void prepare_forks();

}  // namespace snapshot::recorder

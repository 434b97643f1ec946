#!/bin/sh
# make_tms.sh BUILD: makes snapshots/*.tms and *.sites again, with the tools and the example of a build with tests (build/release).
set -eu
build=$(cd "$1" && pwd)
cd "$(dirname "$0")/snapshots"
"$build/apps/tmconvert" leak-1.pickle leak-1.tms
"$build/apps/tmconvert" --quiet --totals-only leak-0.pickle leak-0-totals.tms
"$build/samples/arena" arena.tms >/dev/null
"$build/samples/objects" objects.tms
mkdir -p series
"$build/samples/series" series
"$build/apps/tmconvert" --quiet leak-0.pickle leak-0.sites
"$build/apps/tmconvert" --quiet arena.tms arena.sites

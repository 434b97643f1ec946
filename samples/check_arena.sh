#!/bin/sh
# check_arena.sh ARENA TMCONVERT SAMPLE: the example runs, finds its block, and writes what the sample has.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" "$folder/arena.tms" >"$folder/said"
cat >"$folder/expected" <<'EOF'
100 blocks, 7488 bytes, recorded by arena 1.0
byte 4 of a block of 64 bytes, from Cache::insert at cache.cpp:57
EOF
diff "$folder/expected" "$folder/said"
"$2" "$folder/arena.tms" "$folder/new.json"
"$2" "$3" "$folder/sample.json"
cmp "$folder/new.json" "$folder/sample.json"

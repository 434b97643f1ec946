#!/bin/sh
# check_top.sh TOP TMTOP SAMPLE: the example prints what tmtop does, and says what is wrong with a file.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" "$3" >"$folder/said"
"$2" -x '/usr/lib/*' -n 5 -f csv "$3" |
  awk -F, 'NR > 1 { print $3 " bytes in " $4 " blocks at " $1 ":" $2 }' >"$folder/expected"
test "$(wc -l <"$folder/said")" = 5
diff "$folder/expected" "$folder/said"
status=0
"$1" "$0" 2>"$folder/said" || status=$?
test $status = 2
grep -q '^top: ' "$folder/said"

#!/bin/sh
# check_series.sh SERIES TMCONVERT SAMPLES: the example runs, and writes what the samples have.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" "$folder"
for number in 0 1 2 3 4 5 6 7 8 9 10 11; do
  "$2" "$folder/z-$number.tms" "$folder/new.json"
  "$2" "$3/z-$number.tms" "$folder/sample.json"
  cmp "$folder/new.json" "$folder/sample.json"
done

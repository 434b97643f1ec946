#!/bin/sh
# check_objects.sh OBJECTS TMCONVERT SAMPLE: the example runs, and writes what the sample has.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" "$folder/objects.tms"
"$2" "$folder/objects.tms" "$folder/new.json"
"$2" "$3" "$folder/sample.json"
cmp "$folder/new.json" "$folder/sample.json"

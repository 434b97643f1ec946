#!/bin/sh
# packages.sh PACKAGE...: installs those of the Debian packages that are missing, with sudo where needed, and says so.
set -eu

missing=
for package in "$@"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
test -n "$missing" || exit 0

as_root=
test "$(id -u)" = 0 || as_root=sudo
echo "installing Debian packages:$missing"
$as_root apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null

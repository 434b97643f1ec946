#!/usr/bin/env python3
"""C++ is as clang-format writes it, by .clang-format."""
import collections
import os
import re

import house

house.need("clang-format")
paths = [os.path.join(house.ROOT, path) for path in house.files("libsnapshot", "formats", "apps", "tests")]
said = house.output("clang-format", "--dry-run", "-Werror", "--style=file", *paths)
places = collections.Counter(re.findall(r"^%s/(\S+?):\d+:\d+: error" % re.escape(house.ROOT), said, re.MULTILINE))
faults = ["%s: %d places not as clang-format writes them" % place for place in sorted(places.items())]
house.conclude(faults or ([said] if "error" in said else []))

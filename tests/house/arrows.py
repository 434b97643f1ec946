#!/usr/bin/env python3
"""No #include goes against the arrows of CONTRIBUTING.md:

apps/*.cpp -> apps/common -> formats -> libsnapshot:  analysis -> model,  file -> model,  recorder -> {file, model}
"""
import os
import re

import house

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)

# (files, what they never include, why)
RULES = [
    (r"libsnapshot/", r"(\.\./)*(formats|apps|cli|common)/", "the library knows neither formats nor tools"),
    (r"libsnapshot/src/(model|analysis)/", r"(\.\./|snapshot/)*(file|recorder)/", "analysis needs no file"),
    (r"libsnapshot/src/model/", r"(\.\./)*analysis/", "the model stands below the analysis"),
    (r"libsnapshot/src/model/", r"snapshot/(filter|statistics|compare|rank)\.h", "the model stands below the analysis"),
    (r"libsnapshot/src/file/", r"(\.\./|snapshot/)*(analysis|recorder)/", "the file stands on the model alone"),
    (r"libsnapshot/src/recorder/", r"(\.\./)*analysis/", "the recorder stands on the file and the model alone"),
    (r"libsnapshot/include/", r'(?!snapshot/|[a-z_0-9]+$|std(def|int)\.h$)', "public headers need nothing else"),
    (r"formats/", r"(\.\./)*(apps|cli|common)/", "formats know no tools"),
    (r"formats/", r"CLI/", "only apps/common parses options"),
    (r"apps/[^/]+$", r"CLI/", "only apps/common parses options"),
    (r"apps/[^/]+$", r"(?!common/|check/|trend/|record/|snapshot/|formats/|[a-z_0-9]+$).*\.", "a tool includes no other tool"),
    (r"apps/common/", r"(\.\./)*(check|trend|record)/", "what tools share knows no room of one tool"),
    (r"apps/common/", r"(\.\./)*tm\w+\.(h|cpp)", "what tools share knows no tool"),
    (r"apps/(common/print_|check/report_)", r"snapshot/(snapshot|builder)\.h|.*load_snapshots\.h",
     "printers see rows, not snapshots"),
    (r".*\.h$", r"CLI/|nlohmann/|.*json\.hpp", "costs seconds of compile time in each file that includes the header"),
]


def format_of(path):
    """The folder of the one format that a file belongs to."""
    match = re.match(r"formats/(\w+)/", path)
    return match.group(1) if match and match.group(1) != "bytes" else None


def other_format(path, included):
    """Whether a format's file includes one of another format, named from its own folder or from the root."""
    beside = os.path.normpath(os.path.join(os.path.dirname(path), included))
    return format_of(path) and any(format_of(name) not in (None, format_of(path)) for name in (beside, included))


def main():
    faults = []
    seen = 0
    for path in house.files("libsnapshot", "formats", "apps"):
        for included in INCLUDE.findall(house.read(path)):
            seen += 1
            for files, forbidden, why in RULES:
                if re.match(files, path) and re.match(forbidden, included):
                    faults.append("%s includes %s: %s" % (path, included, why))
            if other_format(path, included):
                faults.append("%s includes %s: a format knows no other format" % (path, included))
    if seen < 100:
        faults.append("only %d includes were found: the check looks in the wrong place" % seen)
    house.conclude(faults)


main()

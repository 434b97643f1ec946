#!/usr/bin/env python3
"""Every format has its prose, its samples, its seeds for the fuzzer and its row in the table of formats."""
import os
import re

import house

FOLDER = os.path.join(house.ROOT, "formats")
SHARED = {"bytes"}  # compression and bounds checks: a layer, not a format


def has_files(*path):
    folder = os.path.join(house.ROOT, *path)
    return os.path.isdir(folder) and any(os.scandir(folder))


def samples():
    """The sample files of each format."""
    names = os.listdir(os.path.join(house.ROOT, "samples", "snapshots"))
    return {"tracemalloc": [name for name in names if ".pickle" in name]}


def main():
    formats = {entry.name for entry in os.scandir(FOLDER) if entry.is_dir()} - SHARED
    rows = set(re.findall(r'Format\{"([\w-]+)"', house.read("formats/registry.cpp")))
    faults = ["formats/registry.cpp: no row for " + name for name in sorted(formats - rows)]
    faults += ["formats/registry.cpp: a row for %s, which has no folder" % name for name in sorted(rows - formats)]
    for name in sorted(formats):
        if not os.path.exists(os.path.join(FOLDER, name, "FORMAT.md")):
            faults.append("formats/%s/FORMAT.md is missing" % name)
        if not samples().get(name):
            faults.append("samples/snapshots has no sample of " + name)
        if not has_files("tests", "fuzz", "corpus", name):
            faults.append("tests/fuzz/corpus/%s is missing or empty" % name)
    house.conclude(faults)


main()

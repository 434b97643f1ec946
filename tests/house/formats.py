#!/usr/bin/env python3
"""Every format has its prose and its row in the table of formats; one that is read its samples and its seeds for the
fuzzer; one that is written its unit test and its judge.
"""
import os
import re

import house

FOLDER = os.path.join(house.ROOT, "formats")
SHARED = {"bytes"}  # compression and bounds checks: a layer, not a format
OWN = {"tms"}  # its prose and its tests are libsnapshot's, and nobody but the toolkit reads it


def has_files(*path):
    folder = os.path.join(house.ROOT, *path)
    return os.path.isdir(folder) and any(os.scandir(folder))


def samples():
    """The sample files of each format."""
    names = os.listdir(os.path.join(house.ROOT, "samples", "snapshots"))
    return {"tracemalloc": [name for name in names if ".pickle" in name],
            "tms": [name for name in names if name.endswith(".tms")],
            "sites": [name for name in names if name.endswith(".sites")]}


def rows():
    """The table of formats: {name: its row's text}."""
    table = re.split(r"\bFormat\{\s*(?=\.name)", house.read("formats/registry.cpp"))[1:]
    return {re.match(r'\.name = "([\w-]+)"', row).group(1): row.partition("}")[0] for row in table}


def judges():
    """The formats whose written files somebody else reads in tests/interop."""
    table = house.read("tests/interop/convert.py").partition("\nJUDGES = {")[2].partition("}")[0]
    return set(re.findall(r'"([\w-]+)":', table))


def faults_of_reader(name):
    if not samples().get(name):
        yield "samples/snapshots has no sample of " + name
    if not has_files("tests", "fuzz", "corpus", name):
        yield "tests/fuzz/corpus/%s is missing or empty" % name


def faults_of_writer(name):
    if not os.path.exists(os.path.join(house.ROOT, "tests", "unit", "formats", name, "writer_test.cpp")):
        yield "tests/unit/formats/%s/writer_test.cpp is missing" % name
    if name not in judges():
        yield "tests/interop/convert.py: nobody judges what is written as " + name


def main():
    formats = {entry.name for entry in os.scandir(FOLDER) if entry.is_dir()} - SHARED
    faults = ["formats/registry.cpp: no row for " + name for name in sorted(formats - rows().keys())]
    faults += ["formats/registry.cpp: a row for %s, which has no folder" % name
               for name in sorted(rows().keys() - formats)]
    for name, row in sorted(rows().items()):
        if name not in OWN and not os.path.exists(os.path.join(FOLDER, name, "FORMAT.md")):
            faults.append("formats/%s/FORMAT.md is missing" % name)
        if ".read =" in row:
            faults += faults_of_reader(name)
        if ".write =" in row and name not in OWN:
            faults += faults_of_writer(name)
    if not any(".read =" in row for row in rows().values()) or not any(".write =" in row for row in rows().values()):
        faults.append("no row of formats/registry.cpp reads, or none writes: the check is blind")
    house.conclude(faults)


main()

#!/usr/bin/env python3
"""Writes goldens/*.transcript: what CPython says about the samples, for machines without CPython.

    python3 tests/interop/record.py

A transcript holds commands as typed in the repository's root (`$ `), and what they print (`| `). The lines come
from judge.py under the Python that runs this, 3.9 or later, so that it reads every sample; never from our tools.
"""
import glob
import os
import shlex
import sys

import judge
import run

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
GOLDENS = os.path.join(HERE, "goldens")

# Enough to tell the reader's every shape and the tools' every order; run.py asks the rest where there is a CPython.
DUMPS = [
    "attributes-protocol-2", "attributes-protocol-5", "cache-0", "domains", "large", "leak-0.pickle.gz", "leak-1.pickle.zst",
    "names", "names-protocol-0", "no-memo", "old-py34-leak", "old-py35-recurse", "optimized",
    "protocol-0", "protocol-1", "protocol-2", "protocol-3", "protocol-4", "protocol-5",
    "py36-domains", "py36-leak", "py36-recurse", "py38-leak", "py39-leak", "py311-leak", "py313-leak", "py313-recurse",
    "startup", "traces-tuple", "unshared",
]
PAIRS = [
    ("talk-0", "talk-1"), ("leak-0", "leak-1"), ("leak-2", "leak-0"), ("cache-0", "cache-1"), ("empty", "domains"),
    ("protocol-0", "protocol-4"), ("py38-leak", "py39-leak"),
]
GROUPINGS = [["-g", "lineno"], ["-g", "filename"], ["-g", "traceback"], ["-g", "lineno", "-c", "--count-recursion"]]
FILTERS = [["-i", "/srv/*"], ["--exclude-domain", "389047", "-X", "*/manage.py"]]  # of judge.filter_sets()


def wanted(case):
    if not case["lines"]:
        return False  # a golden would have to know the status, and CPython has none
    arguments = case["arguments"]
    return arguments in GROUPINGS or arguments in [["-g", "lineno"] + filters for filters in FILTERS]


def transcript(tool, names):
    """The commands and their output as bytes: a name that is not UTF-8 is printed as the bytes it stands for."""
    paths = ["samples/snapshots/" + run.file_name(name) for name in names]
    for case in judge.cases([os.path.join(ROOT, run.uncompressed(path)) for path in paths]):
        if wanted(case):
            command = [tool, "-f", "tracemalloc", "-n", "0"] + case["arguments"] + paths
            yield os.fsencode("$ " + " ".join(map(shlex.quote, command)))
            printed = "".join(line + "\n" for line in case["lines"]).encode("utf-8", "surrogateescape")
            for line in printed.split(b"\n")[:-1]:  # not splitlines(): names hold other ends of lines
                yield b"| " + line if line else b"|"


def record(tool, *names):
    path = os.path.join(GOLDENS, "--".join(names) + ".transcript")
    with open(path, "wb") as file:
        file.write(b"".join(line + b"\n" for line in transcript(tool, names)))


def main():
    if sys.version_info < (3, 9):
        sys.exit("record.py: needs CPython 3.9 or later")
    os.makedirs(GOLDENS, exist_ok=True)
    for path in glob.glob(os.path.join(GOLDENS, "*.transcript")):
        os.remove(path)
    for name in DUMPS:
        record("tmtop", name)
    for pair in PAIRS:
        record("tmdiff", *pair)


if __name__ == "__main__":
    main()

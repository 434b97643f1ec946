#!/usr/bin/env python3
"""Disturbs a program while it writes a file: then the old file or the new one must be there, whole, and nothing else.

    python3 tests/faults/driver.py CHECK... [options] --writer PROGRAM...

The program is called with two more arguments, the file to read and the file to write (the writer here copies; tmconvert
converts). What it makes when nobody disturbs it is what a file must hold. --list names the checks.
"""
import argparse
import os
import random
import shutil
import sys
import tempfile

import checks
from world import Skipped, World, WriterFault


KNOWN = {**checks.ALL, **checks.ON_DEMAND}


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("check", nargs="*", help="what to try (default: all)")
    parser.add_argument("--list", action="store_true", help="name the checks")
    parser.add_argument("--inputs", nargs=2, metavar="FILE", help="what it reads in turn (default: random bytes)")
    parser.add_argument("--name", default="heap.tms", help="of the file that it writes (default: %(default)s)")
    parser.add_argument("--megabytes", type=float, default=8, help="of random bytes (default: %(default)s)")
    parser.add_argument("--faulty-calls", metavar="LIBRARY", help="the library made of faulty_calls.cpp")
    parser.add_argument("--no-tmpfile", action="store_true", help="on a file system without files that have no name")
    parser.add_argument("--rounds", type=int, default=200, help="writers to kill (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=random.randrange(10 ** 6), help="of the moments (default: another)")
    parser.add_argument("--directory", help="where to write (default: a new one here, removed in the end)")
    parser.add_argument("--writer", nargs=argparse.REMAINDER, help="the program and what it is given first; comes last")
    return parser, parser.parse_args()


def inputs_of(options, directory):
    """Paths of two files; random ones are of two sizes."""
    if options.inputs:
        return [os.path.abspath(path) for path in options.inputs]
    paths = [os.path.join(directory, "input-%d" % number) for number in range(2)]
    source = random.Random(1)
    for number, path in enumerate(paths):
        with open(path, "wb") as file:
            size = int(options.megabytes * 1e6) + 12345 * number
            file.write(source.getrandbits(8 * size).to_bytes(size, "little"))
    return paths


def run(options, directory):
    world = World(options, directory, inputs_of(options, directory))
    status = 0
    for name in options.check or checks.ALL:
        try:
            print("%s: %s" % (name, KNOWN[name](world) or "ok"), flush=True)
        except Skipped as reason:
            print("SKIPPED: %s: %s" % (name, reason), flush=True)
            status = status or 77
        except WriterFault as fault:
            print("FAIL: %s (seed %d): %s" % (name, options.seed, fault), flush=True)
            status = 1
    return status


def main():
    parser, options = parse()
    if options.list:
        for name, check in checks.ALL.items():
            print("%-12s %s" % (name, check.__doc__))
        return 0
    if not options.writer or not set(options.check) <= set(KNOWN):
        parser.error("no --writer, or no such check")
    variant = ", no_tmpfile" if options.no_tmpfile else ""
    print("seed %d, writer %s%s" % (options.seed, " ".join(options.writer), variant))
    directory = options.directory or tempfile.mkdtemp(prefix="faults-", dir=".")
    try:
        return run(options, os.path.abspath(directory))
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

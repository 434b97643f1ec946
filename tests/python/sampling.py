#!/usr/bin/env python3
"""Judges samples: what they say is held is what the same program holds when all of it is recorded, but for chance.

    python3 tests/python/sampling.py --tools build/dev/apps --package build/dev/libsnapshot/python

Samples are a Poisson process over the bytes that are allocated, so the sum of the weights of those of T bytes, one in I,
has the standard deviation sqrt(T * I). Python is tried with each of its allocators: only one lets samples alone be hooked.
"""
import math
import os
import subprocess
import tempfile

import pythons
from recording import Fault, function_name, the_snapshot

PROGRAM = os.path.join(pythons.PROGRAMS, "sampled.py")
FUNCTIONS = ("kept", "large", "grown", "shrunk", "dropped", "in_a_thread")
ALLOCATORS = ("pymalloc", "malloc", "debug")
INTERVAL = 8192
DEVIATIONS = 5  # so far it is chance
LEAST = 500000  # bytes of each
MAP_NODE = 131072  # bytes: of the map of its arenas, which Python's allocator takes from the raw domain for itself
ODD = 4  # samples that may be among what the program does not hold


def sums_of(snapshot):
    """{function: bytes that its blocks are, or stand for}"""
    sums = dict.fromkeys(FUNCTIONS, 0)
    for total in snapshot["totals"]:
        names = [function_name(frame) for frame in total["traceback"] if frame["filename"] == PROGRAM]
        function = next((name for name in reversed(names) if name in FUNCTIONS), None)
        if function is not None:
            sums[function] += sum(trace.get("weight", trace["size"]) * trace["count"] for trace in total["traces"]
                                  if trace["size"] != MAP_NODE)
    return sums


def faults_in(sums, wanted):
    for function in FUNCTIONS:
        most = DEVIATIONS * math.sqrt(wanted[function] * INTERVAL) + ODD * INTERVAL
        if abs(sums[function] - wanted[function]) > most:
            yield "%s(): samples stand for %d bytes, not %d, give or take %d" % (function, sums[function], wanted[function], most)


def recorded(world, python, options, environment):
    run = world.tools.record([python.path, PROGRAM], ["--frames", "5", *options], env=environment)
    if (run.status, run.stdout, b" sampled blocks" in run.stderr) != (0, b"", "--sample" in options):
        raise Fault("status %d, stdout %r, stderr %r" % (run.status, run.stdout, run.stderr))
    return sums_of(the_snapshot(run))


def recorded_by_itself(world, python, environment):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "own.tms")
        run = subprocess.run([python.path, PROGRAM, path, str(INTERVAL)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, timeout=300, check=False, env=environment)
        if run.returncode != 0:
            raise Fault("recording itself: status %d, stderr %r" % (run.returncode, run.stderr))
        return sums_of(world.tools.read(path))


def faults_with(world, python, environment):
    wanted = recorded(world, python, [], environment)
    if min(wanted[function] for function in FUNCTIONS if function != "dropped") < LEAST:
        yield "the whole record has %r" % wanted
    yield from faults_in(recorded(world, python, ["--sample", str(INTERVAL)], environment), wanted)
    for fault in faults_in(recorded_by_itself(world, python, environment), wanted):
        yield "recording itself: " + fault


def faults_of(world, python):
    for allocator in ALLOCATORS:
        try:
            faults = list(faults_with(world, python, world.environment(PYTHONMALLOC=allocator)))
        except Fault as fault:
            faults = [str(fault)]
        yield from ("%s: %s" % (allocator, fault) for fault in faults)


if __name__ == "__main__":
    pythons.judge(pythons.World(pythons.parser_of(__doc__).parse_args()), faults_of)

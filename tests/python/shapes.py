#!/usr/bin/env python3
"""Judges what tracemalloc does not tell: types of objects, native frames beneath Python's, and the domains of others' blocks.

    python3 tests/python/shapes.py --tools build/dev/apps --package build/dev/libsnapshot/python
"""
import os

import pythons
from recording import function_name, the_snapshot

PROGRAM = os.path.join(pythons.PROGRAMS, "shapes.py")
# Of objects that the program makes. There is one block for each, and no other of the type in its lines.
COUNTS = {"__main__.Plain": 300, "__main__.Slotted": 400, "collections.OrderedDict": 70, "set": 90}
TEXTS = 30  # of more than 2,000 bytes
LEAST_PAIRS = 110  # of 200: others come from a free list, and have the line that had them first
NUMPY = 389047
TAKEN = [70000 + i for i in range(20)]  # bytes, of malloc()


def own(frames):
    return [frame for frame in frames if frame["filename"] == PROGRAM]


def traces_of(snapshot):
    for total in snapshot["totals"]:
        for trace in total["traces"]:
            yield total, trace


def faults_of_types(snapshot):
    counts, texts = {}, 0
    for total, trace in traces_of(snapshot):
        name = trace.get("type")
        if total["domain"] != 0 or not own(total["traceback"][-1:]):
            continue
        counts[name] = counts.get(name, 0) + trace["count"]
        texts += trace["count"] if name == "str" and trace["size"] > 2000 else 0
    for name, wanted in COUNTS.items():
        # Slots that free lists give again are charged to the line that had them first, before 3.13.
        if not wanted - 2 <= counts.get(name, 0) <= wanted:
            yield "%d objects of %s, not %d" % (counts.get(name, 0), name, wanted)
    if texts != TEXTS:
        yield "%d long texts, not %d" % (texts, TEXTS)
    if counts.get("tuple", 0) < LEAST_PAIRS:
        yield "%d tuples, not %d at least" % (counts.get("tuple", 0), LEAST_PAIRS)


def faults_of_native(snapshot):
    """What ctypes takes by malloc lies under a line of take(), with the native frames of the call beneath."""
    found = []
    for total, trace in traces_of(snapshot):
        if trace["size"] not in TAKEN or total["domain"] == 0:
            continue
        names = [function_name(frame) for frame in total["traceback"]]
        found += [trace["size"]] * trace["count"]
        last = max((i for i, frame in enumerate(total["traceback"]) if frame["filename"] == PROGRAM), default=None)
        if last is None or "take" not in names[:last + 1] or not any("ffi_call" in name for name in names[last + 1:]):
            yield "a block of malloc's is under %s" % names
    if sorted(found) != TAKEN:
        yield "blocks of malloc's are of %s bytes" % sorted(found)


def faults_of_domains(snapshot, has_others):
    blocks = [(total, trace) for total, trace in traces_of(snapshot) if total["domain"] == NUMPY]
    if not has_others:
        return
    if [(trace["size"], trace["address"]) for _, trace in blocks] != [(54321, "0x2000")]:
        yield "blocks of domain %d: %r" % (NUMPY, [trace for _, trace in blocks])
    elif [frame["function"] for frame in own(blocks[0][0]["traceback"])] != ["<module>", "track"]:
        yield "a tracked block's traceback is %r" % blocks[0][0]["traceback"]


def faults_of(world, python):
    run = world.tools.record([python.path, PROGRAM], ["--quiet", "--native"], env=world.environment())
    if (run.status, run.stdout) != (0, b""):
        yield "status %d, stdout %r, stderr %r" % (run.status, run.stdout, run.stderr)
        return
    snapshot = the_snapshot(run)
    yield from faults_of_types(snapshot)
    yield from faults_of_native(snapshot)
    has_others = world.run([python.path, "-c", "import _testcapi"]).returncode == 0
    yield from faults_of_domains(snapshot, has_others)


if __name__ == "__main__":
    pythons.judge(pythons.World(pythons.parser_of(__doc__).parse_args()), faults_of)

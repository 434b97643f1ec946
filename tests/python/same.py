#!/usr/bin/env python3
"""Judges that tmrecorder says the same as tracemalloc: of the same program, run under each of them.

    python3 tests/python/same.py --tools build/dev/apps --package build/dev/libsnapshot/python [--seeds 3] [--frames 1 25]

Compared are the statistics of every line outside the recorders, by file, line and traceback, also cumulative and filtered,
differences of two snapshots, traced memory and its peak, and the tracebacks of some hundred objects.

tracemalloc attributes an object that comes back to life from a free list to the line that revives it. The recorder
is told of that from CPython 3.13 on. Before that only a program is the same that revives none; of others their totals are.
"""
import json
import os

import pythons

FIRST_WITH_REVIVAL = 13  # CPython 3.13's PyRefTracer
TOTALS = ("traced memory", "peak", "limit")
# At the peak the arguments of audited events may be alive, which are made when somebody hooks these, as the recorder does.
AUDITED = 256


def told(world, python, module, arguments):
    program = os.path.join(pythons.PROGRAMS, "tell.py")
    result = world.run([python.path, program, module, *arguments])
    if result.returncode != 0 or result.stderr:
        return None, "%s: status %d; stderr: %s" % (module, result.returncode, result.stderr.decode(errors="replace")[-900:])
    return json.loads(result.stdout), None


def is_same(key, wanted, found, is_exact):
    if key == "peak":
        return 0 <= found - wanted <= AUDITED
    if key == "objects":
        # CPython 3.11 does not find those whose attributes lie before them; tracemalloc has None for them.
        return not is_exact or all(one is None or one == other for one, other in zip(wanted, found))
    return wanted == found or not is_exact and key not in TOTALS


def short(value):
    text = json.dumps(value)
    return text if len(text) < 200 else "..." + text[-200:]


def difference(wanted, found):
    """The first rows that differ, and how many do."""
    if not isinstance(wanted, list) or not wanted or not isinstance(wanted[0], list):
        return "%s, not %s" % (short(found), short(wanted))
    texts = [{json.dumps(row) for row in rows} for rows in (wanted, found)]
    missing, more = sorted(texts[0] - texts[1]), sorted(texts[1] - texts[0])
    return "%d of %d rows are missing: %s; %d are too many: %s" % (
        len(missing), len(wanted), "; ".join(text[-160:] for text in missing[:2]), len(more),
        "; ".join(text[-160:] for text in more[:2]))


def faults_of_run(world, python, arguments, is_exact):
    wanted, fault = told(world, python, "tracemalloc", arguments)
    found, other = told(world, python, "tmrecorder", arguments) if fault is None else (None, None)
    if fault or other:
        yield fault or other
        return
    if len(wanted["by lineno"]) < 15 or len([one for one in wanted["objects"] if one]) < 300:
        yield "the program is no test: %d lines, %d objects" % (len(wanted["by lineno"]), len(wanted["objects"]))
    for key in wanted:
        if not is_same(key, wanted[key], found[key], is_exact):
            yield "%s: %s" % (key, difference(wanted[key], found[key]))


def faults_of(world, python):
    for seed in range(1, 1 + world.options.seeds):
        for frames in world.options.frames:
            for how in ("steady", "churn"):
                arguments = [str(frames), how, str(seed)]
                is_exact = how == "steady" or python.minor >= FIRST_WITH_REVIVAL
                yield from ("%s: %s" % (" ".join(arguments), fault)
                            for fault in faults_of_run(world, python, arguments, is_exact))


def main():
    parser = pythons.parser_of(__doc__)
    parser.add_argument("--seeds", type=int, default=1, help="of the program (default: %(default)s)")
    parser.add_argument("--frames", type=int, nargs="+", default=[1, 25], help="of a traceback (default: 1 25)")
    pythons.judge(pythons.World(parser.parse_args()), faults_of)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Whether a converted pickle is to this CPython what the dump was that it was made from.

    convert_judge.py DUMP PICKLE [DUMP PICKLE]...

Prints a JSON line for each pair: {"compared": N, "faults": [...]}, or {"unsupported": reason} when this CPython cannot
read the dump. Runs under CPython 3.6 and later.
"""
import json
import os
import pickle
import sys
import tracemalloc

import judge


def raw(trace):
    """A trace of CPython 3.4 and 3.5 as those of 3.6 on; an absent total_nframe as an unknown one."""
    if len(trace) == 2:
        trace = (0,) + trace
    return trace[:3] if trace[3:] == (None,) else trace


def raw_snapshot(path):
    """As it stands in the file, before judge.load makes it one of this CPython's."""
    snapshot = tracemalloc.Snapshot.load(path)
    return list(snapshot.traces._traces), snapshot.traceback_limit


def checks(dump, converted):
    """(what, the dump's, the pickle's)"""
    traces, limit = raw_snapshot(dump)
    converted_traces, converted_limit = raw_snapshot(converted)
    yield "traces", [raw(trace) for trace in traces], [raw(trace) for trace in converted_traces]
    yield "traceback_limit", limit, converted_limit
    old, new = judge.load(dump), judge.load(converted)
    for key, cumulative in judge.GROUPINGS:
        yield ("statistics(%r, %r)" % (key, cumulative),
               old.statistics(key, cumulative), new.statistics(key, cumulative))
    yield "compare_to", [], [diff for diff in new.compare_to(old, "traceback") if diff.size_diff or diff.count_diff]


def own_size(path):
    """What CPython makes of the same traces with the same protocol."""
    snapshot = tracemalloc.Snapshot.load(path)
    snapshot.traces._traces = list(map(raw, snapshot.traces._traces))
    return len(pickle.dumps(snapshot, 4))


def verdict(dump, converted):
    try:
        results = list(checks(dump, converted))
    except judge.Unsupported as error:
        return {"unsupported": str(error)}
    except ValueError as error:  # of raw_snapshot
        if "pickle protocol" not in str(error):
            raise
        return {"unsupported": str(error)}
    faults = ["%s differs" % what for what, expected, actual in results if expected != actual]
    if os.path.getsize(converted) > own_size(dump):
        faults.append("%d bytes, where CPython takes %d" % (os.path.getsize(converted), own_size(dump)))
    return {"compared": len(results) + 1, "faults": faults}


def main():
    names = sys.argv[1:]
    for dump, converted in zip(names[::2], names[1::2]):
        print(json.dumps(verdict(dump, converted)))


if __name__ == "__main__":
    main()

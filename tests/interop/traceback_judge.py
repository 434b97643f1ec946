#!/usr/bin/env python3
"""CPython's own answers about the tracebacks of a dump.

    traceback_judge.py DUMP SOURCES     what Traceback.format() says; lines of source are those of files under SOURCES
    traceback_judge.py --record DUMP    the same of a dump that this CPython makes now, of files that are where they say

Prints JSON lines as judge.py does. Runs under CPython 3.7 and later, whose Traceback.format() knows most_recent_first.
"""
import collections
import fnmatch
import json
import linecache
import os
import platform
import sys
import tokenize
import tracemalloc

import judge

LIMITS = [None, 1, 3, 100, -1, -2, -100, 0]


# Lines of source

def find_source(filename, folder):
    """The rule of the manual page: the whole path below the folder, then ever fewer of its leading directories."""
    parts = [part for part in filename.split("/") if part]
    for first in range(len(parts)):
        path = os.path.join(folder, *parts[first:])
        if "\0" not in path and os.path.isfile(path):
            return path
    return None


def register_sources(snapshot, folder):
    """Makes linecache find the files under the folder, and no others."""
    for filename in {frame[0] for trace in snapshot.traces._traces for frame in trace[2]}:
        path = find_source(filename, folder)
        lines = []
        if path:
            with tokenize.open(path) as file:
                lines = file.readlines()
        linecache.cache[filename] = (len(lines), None, lines, filename)


# Traceback.format

def format_cases(statistics):
    for limit in LIMITS:
        for most_recent_first in (False, True):
            texts = ["".join(line + "\n" for line in stat.traceback.format(limit, most_recent_first))
                     for stat in statistics]
            yield {
                "arguments": ([] if limit is None else ["--frames", str(limit)])
                             + (["--most-recent-first"] if most_recent_first else []),
                "text": "\n".join(texts),
            }


# Numbers: the rows, the tree, and what a place selects

def total_nframes(path):
    """{traceback: [least, most]} of a dump that tells them, each frame as in the dump: most recent first."""
    found = {}
    for trace in tracemalloc.Snapshot.load(path).traces._traces:
        if len(trace) == 4:
            least, most = found.get(trace[2], (trace[3], trace[3]))
            found[trace[2]] = min(least, trace[3]), max(most, trace[3])
    return found


def rows(statistics, nframes):
    return [[stat.size, stat.count, judge.frames_of(stat.traceback), nframes.get(tuple(stat.traceback._frames[::-1]))]
            for stat in statistics]


def tree(traces, callers):
    """[path, size, count, own size, own count] of each node, in the order of the paths."""
    nodes = collections.defaultdict(lambda: [0, 0, 0, 0])
    for trace in traces:
        path = trace[2] if callers else trace[2][::-1]
        for length in range(1, len(path) + 1):
            node = nodes[path[:length]]
            node[0] += trace[1]
            node[1] += 1
        nodes[path][2] += trace[1]
        nodes[path][3] += 1
    return [[[list(frame) for frame in path]] + sums for path, sums in sorted(nodes.items())]


def as_source(filename):
    return filename[:-1] if filename.endswith(".pyc") else filename


def is_at(frame, name, lineno):
    filename, name = as_source(frame[0]), as_source(name)
    meant = (filename == name or filename.endswith("/" + name)
             or any(letter in name for letter in "*?[") and fnmatch.fnmatchcase(filename, name))
    return meant and lineno in (None, frame[1])


def places(traces):
    """Names as people type them: the last part of the path, with a line and without; a pattern; and a file that is not."""
    frames = sorted({frame for trace in traces for frame in trace[2]})
    for filename, lineno in frames[::max(1, len(frames) // 6)]:
        name = filename.split("/")[-1]
        if name:
            yield name, lineno
            yield name, None
            yield "*" + name[1:], lineno
    yield "no-such-file.py", 1


def place_cases(traces):
    for name, lineno in places(traces):
        for any_frame in (False, True):
            sizes = [trace[1] for trace in traces
                     if any(is_at(frame, name, lineno) for frame in (trace[2] if any_frame else trace[2][:1]))]
            yield {
                "place": name if lineno is None else "%s:%d" % (name, lineno),
                "arguments": ["--any-frame"] if any_frame else [],
                "total": [sum(sizes), len(sizes)],
            }


def answers(snapshot, path):
    statistics = snapshot.statistics("traceback")
    for case in format_cases(statistics):
        yield case
    traces = snapshot.traces._traces
    yield {"arguments": [], "rows": rows(statistics, total_nframes(path))}
    for arguments in ([], ["--callers"]):
        yield {"arguments": ["--tree"] + arguments, "tree": tree(traces, bool(arguments))}
    for case in place_cases(traces):
        yield case


# A dump of this CPython's own

def work():
    documents = [json.loads(json.dumps({"number": number, "name": "row %d" % number})) for number in range(20)]
    return collections.OrderedDict((document["name"], document) for document in documents)


def record(path):
    tracemalloc.start(12)
    kept = work()
    snapshot = tracemalloc.take_snapshot()
    tracemalloc.stop()
    snapshot.dump(path)
    return len(kept) and snapshot


def main():
    try:
        if sys.argv[1] == "--record":
            path = sys.argv[2]
            cases = list(format_cases(record(path).statistics("traceback")))
        else:
            path, folder = sys.argv[1:]
            snapshot = judge.load(path)
            register_sources(snapshot, folder)
            cases = list(answers(snapshot, path))
    except judge.Unsupported as reason:
        print(json.dumps({"unsupported": str(reason)}))
        return
    print(json.dumps({"python": platform.python_version()}))
    for case in cases:
        print(json.dumps(case))


if __name__ == "__main__":
    main()

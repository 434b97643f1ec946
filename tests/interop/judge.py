#!/usr/bin/env python3
"""CPython's own answers about one dump, or about the difference of two.

    judge.py DUMP          what Snapshot.statistics() says
    judge.py OLD NEW       what NEW.compare_to(OLD) says

Prints JSON lines. The first holds {"python": "3.11.7"} or, when this CPython cannot read the dump,
{"unsupported": reason}. Each further line is a case: the arguments that ask our tool the same question,
the lines that print(stat) would print, the same as numbers, and the totals. Runs under CPython 3.6 and later.
"""
import glob
import json
import platform
import re
import sys
import tracemalloc

# 3.6 and before keep the most recent frame first: the other end is printed, and compared first in a tie.
OLDEST_FIRST = sys.version_info >= (3, 7)
FIELDS = 4 if sys.version_info >= (3, 9) else 3

GROUPINGS = [("lineno", False), ("filename", False), ("traceback", False), ("lineno", True), ("filename", True)]


class Unsupported(Exception):
    pass


def load(path):
    try:
        snapshot = tracemalloc.Snapshot.load(path)
    except ValueError as error:
        if "pickle protocol" not in str(error):
            raise
        raise Unsupported(str(error))
    snapshot.traces._traces = [as_this_python_has_it(trace) for trace in snapshot.traces._traces]
    return snapshot


def as_this_python_has_it(trace):
    """(size, traceback) until 3.5, with a domain in front from 3.6, with total_nframe behind from 3.9."""
    if len(trace) == FIELDS:
        return trace
    if len(trace) == 2:
        trace = (0,) + trace
    return trace[:3] + (len(trace[2]),) * (FIELDS - 3)


# Filters: written once, as the arguments of our tools, and made into tracemalloc's from there.

def filter_of(flag, value):
    pattern, lineno = re.match(r"(.*?)(?::(\d+))?$", value, re.DOTALL).groups()
    return tracemalloc.Filter(inclusive=flag in ("-i", "-I"), filename_pattern=pattern,
                              lineno=lineno and int(lineno), all_frames=flag in ("-I", "-X"))


def apply(snapshot, arguments):
    """Conditions on names and conditions on domains are joined by "and", so the domains are a second filter_traces()."""
    options = list(zip(arguments[::2], arguments[1::2]))
    names = [filter_of(flag, value) for flag, value in options if flag in ("-i", "-x", "-I", "-X")]
    domains = [tracemalloc.DomainFilter(flag == "--domain", int(value))
               for flag, value in options if flag in ("--domain", "--exclude-domain")]
    return snapshot.filter_traces(names).filter_traces(domains)


def place(frame):
    filename, lineno = frame
    return "%s:%d" % (glob.escape(filename), lineno), glob.escape(filename)


def filter_sets(snapshot):
    """No filter, those that ask for a place of this very dump, and those that ask all dumps the same."""
    tracebacks = [trace[2] for trace in snapshot.traces._traces]
    recent = [frames[0] for frames in tracebacks] or [("app.py", 1)]
    busy, busy_file = place(max(sorted(set(recent)), key=recent.count))
    oldest, _ = place(max(tracebacks, key=lambda frames: (len(frames), frames), default=[("app.py", 1)])[-1])
    return [
        [],
        ["-i", busy],
        ["-x", busy_file, "-x", "<*>"],
        ["-I", oldest, "-X", busy],
        ["-X", oldest],
        ["-i", "/srv/*"],
        ["-x", "*/python3*", "-i", "*.pyc"],
        ["-i", "*/[c-r]*.py", "-I", "*/shop.py:21"],
        ["-i", "*/[!c-r]????.py", "-i", "<?*[!0-9]>", "-x", "*abc*"],
        ["-i", "*caf?.py", "-i", "/srv/shop/[\uff00-\U0001ffff].p[xyz]", "-i", "*[[\t ]*", "-i", "*\udcff*"],
        ["--domain", "389047"],
        ["--domain", "0", "--domain", "4294967295", "-I", "*/domains.py:25"],
        ["--exclude-domain", "389047", "-X", "*/manage.py"],
        ["-i", "/nowhere/*"],
    ]


def group_arguments(key, cumulative):
    return (["-g", key]
            + (["-c", "--count-recursion"] if cumulative else [])
            + (["--most-recent-first"] if key == "traceback" and not OLDEST_FIRST else []))


def frames_of(traceback):
    frames = [[frame.filename, frame.lineno] for frame in traceback]
    return frames if OLDEST_FIRST else frames[::-1]


def total(snapshot):
    return [sum(trace.size for trace in snapshot.traces), len(snapshot.traces)]


# Cases: one a filter set and a grouping.

def statistics_cases(snapshot, filter_arguments):
    selected = apply(snapshot, filter_arguments)
    for key, cumulative in GROUPINGS:
        statistics = selected.statistics(key, cumulative)
        yield {
            "arguments": group_arguments(key, cumulative) + filter_arguments,
            "lines": [str(stat) for stat in statistics],
            "rows": [[stat.size, stat.count, frames_of(stat.traceback)] for stat in statistics],
            "total": total(selected),
        }


def status(diff, old_places):
    if diff.count == 0:
        return "GONE"
    if diff.traceback not in old_places:
        return "NEW"
    change = diff.size_diff or diff.count_diff
    return "GROWN" if change > 0 else "SHRUNK" if change < 0 else "SAME"


def compare_cases(old, new, filter_arguments):
    old, new = apply(old, filter_arguments), apply(new, filter_arguments)
    old_size, old_count = total(old)
    size, count = total(new)
    for key, cumulative in GROUPINGS:
        diffs = new.compare_to(old, key, cumulative)
        old_places = {stat.traceback for stat in old.statistics(key, cumulative)}
        yield {
            "arguments": group_arguments(key, cumulative) + filter_arguments,
            "lines": [str(diff) for diff in diffs],
            "rows": [[diff.size, diff.size_diff, diff.count, diff.count_diff, status(diff, old_places),
                      frames_of(diff.traceback)] for diff in diffs],
            "total": [size, size - old_size, count, count - old_count],
        }


def cases(paths):
    snapshots = [load(path) for path in paths]
    filters = filter_sets(snapshots[-1])
    if len(paths) == 1:
        ask = statistics_cases
    else:
        ask, filters = compare_cases, filters[::3]  # filters are judged on one dump; here only that both sides pass them
    for filter_arguments in filters:
        for case in ask(*snapshots, filter_arguments):
            yield case


def main():
    try:
        answers = list(cases(sys.argv[1:]))
    except Unsupported as reason:
        print(json.dumps({"unsupported": str(reason)}))
        return
    print(json.dumps({"python": platform.python_version()}))
    for case in answers:
        print(json.dumps(case))


if __name__ == "__main__":
    main()

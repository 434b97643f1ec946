#!/usr/bin/env python3
"""The interop test of tmtrend: series that each CPython at hand records of three programs, one that leaks, one that fills a
cache and one that stays as it is, are called what they are; all amounts are those of CPython's own statistics, and p and
slope are those of a slow and obvious count.

    python3 tests/interop/trend.py --tmtrend build/dev/apps/tmtrend --programs samples/programs

Status 1 when anything differs, 77 without a CPython that records.
"""
import argparse
import fractions
import functools
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile

from pythons import find_pythons, version_text

SKIPPED = 77
SNAPSHOTS = 10
EXPECTED = {"leaking": "leak", "caching": "saturating", "steady": "flat"}

# What the Python that wrote a series says of it: the sizes of each line, in each snapshot.
JUDGE = """
import json, sys, tracemalloc
series = []
for path in sys.argv[1:]:
    rows = tracemalloc.Snapshot.load(path).statistics("lineno")
    series.append([[row.traceback[0].filename, row.traceback[0].lineno, row.size, row.count] for row in rows])
json.dump(series, sys.stdout)
"""


def planted_line(program, name):
    """The line of the program that its comment names."""
    with open(program, encoding="utf-8") as file:
        return next(number for number, line in enumerate(file, 1) if "# %s:" % name in line)


def record(python, program, name, folder):
    subprocess.run([python, program, name], cwd=folder, check=True, stdin=subprocess.DEVNULL)
    return [os.path.join(folder, "worker-%d.pickle" % number) for number in range(SNAPSHOTS)]


def trend(tool, *arguments):
    result = subprocess.run([tool, "--json", "-n", "0", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            check=False)
    if result.returncode != 0 or result.stderr:
        raise AssertionError("status %d: %s" % (result.returncode, result.stderr.decode()))
    return json.loads(result.stdout)


@functools.lru_cache(maxsize=None)
def orders(counts):
    """{s: number of orders} of values of which there are so many of each, the least first: by where the largest are put."""
    if sum(counts) == 0:
        return {0: 1}
    found = {}
    for at, count in enumerate(counts):  # the value that comes last
        if count == 0:
            continue
        less = sum(counts[:at])
        more = sum(counts[at + 1:])
        for s, ways in orders(counts[:at] + (count - 1,) + counts[at + 1:]).items():
            found[s + less - more] = found.get(s + less - more, 0) + ways
    return found


def exact_p(values):
    s = sum((late > early) - (late < early) for at, late in enumerate(values) for early in values[:at])
    ways = orders(tuple(values.count(value) for value in sorted(set(values))))
    return float(fractions.Fraction(sum(count for score, count in ways.items() if score >= s), sum(ways.values())))


def slope(values):
    return statistics.median((late - early) / (b - a) for b, late in enumerate(values)
                             for a, early in enumerate(values[:b]))


def faults_of_numbers(row):
    used = row["values"][-row["n"]:]
    if not math.isclose(row["growth_per_interval"], slope(used), abs_tol=1e-9):
        yield "growth per interval is %r, not %r" % (row["growth_per_interval"], slope(used))
    if not math.isclose(row["p"], exact_p(used), rel_tol=1e-9):
        yield "p is %r, not %r" % (row["p"], exact_p(used))
    if row["p_adjusted"] < row["p"] or not 0 <= row["confidence"] <= 1:
        yield "adjusted p %r, confidence %r" % (row["p_adjusted"], row["confidence"])


def faults_of_amounts(document, judged, column):
    amounts = {}
    for number, rows in enumerate(judged):
        for row in rows:
            amounts.setdefault((row[0], row[1]), [0] * len(judged))[number] = row[column]
    ours = {(row["traceback"][0]["filename"], row["traceback"][0]["lineno"]): row["values"]
            for row in document["statistics"]}
    if ours != amounts:
        yield "amounts differ from CPython's: %r" % sorted(set(ours) ^ set(amounts))[:3]
    totals = [sum(row[column] for row in rows) for rows in judged]
    if document["total"]["values"] != totals:
        yield "totals are %r, not %r" % (document["total"]["values"], totals)


def faults_of_class(document, program, name):
    lineno = planted_line(program, name)
    row = next(row for row in document["statistics"]
               if row["traceback"][0] == {"filename": program, "lineno": lineno})
    if row["class"] != EXPECTED[name]:
        yield "line %d is called %s, not %s: %r" % (lineno, row["class"], EXPECTED[name], row["values"])
    for other in document["statistics"]:
        # tracemalloc keeps what was recorded of the program alone: no line but the planted one may be called a leak.
        if other["class"] == "leak" and other is not row:
            yield "%r is called a leak: %r" % (other["traceback"], other["values"])
    first = document["statistics"][0]
    if name == "leaking" and first is not row:
        yield "the leak is not the first row, but %r" % first["traceback"]


def check(options, python, name, folder):
    program = os.path.join(options.programs, "worker.py")
    paths = record(python, program, name, folder)
    judged = json.loads(subprocess.run([python, "-c", JUDGE, *paths], stdout=subprocess.PIPE, check=True).stdout)
    document = trend(options.tmtrend, *reversed(paths))  # the order is that of the names
    yield from faults_of_class(document, program, name)
    yield from faults_of_amounts(document, judged, 2)
    yield from faults_of_amounts(trend(options.tmtrend, "--quantity", "count", folder), judged, 3)
    for row in [*document["statistics"], document["total"]]:
        yield from faults_of_numbers(row)
    status = subprocess.run([options.tmtrend, "--fail-on", "leak", "-i", program, folder], stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE, check=False)
    if status.returncode != (1 if name == "leaking" else 0):
        yield "--fail-on leak: status %d: %s" % (status.returncode, status.stderr.decode())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(":", maxsplit=1)[0])
    parser.add_argument("--tmtrend", required=True)
    parser.add_argument("--programs", required=True)
    options = parser.parse_args()
    options.programs = os.path.abspath(options.programs)
    pythons = find_pythons()
    if not pythons:
        print("SKIPPED: no CPython to record with")
        sys.exit(SKIPPED)
    faults = []
    for version, python in pythons.items():
        for name in EXPECTED:
            with tempfile.TemporaryDirectory() as folder:
                faults += ["CPython %s, %s: %s" % (version_text(version), name, fault)
                           for fault in check(options, python, name, folder)]
    print("\n".join(faults + ["judged by CPython " + ", ".join(map(version_text, pythons))]))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()

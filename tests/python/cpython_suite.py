#!/usr/bin/env python3
"""Judges that CPython's own test_tracemalloc passes with tmrecorder in tracemalloc's place: but for EXCEPTIONS.

    python3 tests/python/cpython_suite.py --tools build/dev/apps --package build/dev/libsnapshot/python [--show]

An exception that passes is a fault, too: the list is to stay true.
"""
import json
import os
import tempfile

import pythons

ALL = range(8, 14)
# Test: (minor versions in which it fails, why)
EXCEPTIONS = {
    "TestSnapshot.test_create_snapshot": (ALL, "it replaces _get_traces(), of which take_snapshot() is not made"),
    "TestTracemallocEnabled.test_new_reference": (range(8, 13), "PyRefTracer, which tells of revived objects, is new in 3.13"),
    "TestTracemallocEnabled.test_snapshot": (range(9, 14), "frames beyond the limit are not looked at, and so not counted"),
    "TestTracemallocEnabled.test_snapshot_save_attr": (ALL, "a .tms file has no place for attributes"),
}


def outcomes_of(world, python):
    with tempfile.TemporaryDirectory() as folder:
        result = world.run([python.path, os.path.join(pythons.PROGRAMS, "run_cpython_suite.py")], cwd=folder)
    if result.returncode != 0:
        text = result.stderr.decode(errors="replace")
        return None if "test_tracemalloc" in text.strip().split("\n")[-1] and "Import" in text else text
    return json.loads(result.stdout)


def faults_of(world, python):
    outcomes = outcomes_of(world, python)
    if outcomes is None:
        raise pythons.Skipped("has no test_tracemalloc")
    if not isinstance(outcomes, dict):
        yield "it did not run: %s" % outcomes[-900:]
        return
    ran = [name for name, (outcome, _) in outcomes.items() if outcome != "skipped"]
    print("    %d tests, %d exceptions" % (len(ran), sum(python.minor in EXCEPTIONS.get(name, [()])[0] for name in outcomes)))
    if len(ran) < 40:
        yield "only %d tests ran" % len(ran)
    for name, (outcome, text) in sorted(outcomes.items()):
        is_exception = name in EXCEPTIONS and python.minor in EXCEPTIONS[name][0]
        if outcome == "skipped":
            print("SKIPPED: %s: %s" % (name, text))
        elif outcome == "failed" and not is_exception:
            yield "%s: %s" % (name, text if world.options.show else text.strip().split("\n")[-1])
        elif outcome == "passed" and is_exception:
            yield "%s passes, and is listed as an exception: %s" % (name, EXCEPTIONS[name][1])
    for name in EXCEPTIONS:
        if python.minor in EXCEPTIONS[name][0] and name not in outcomes:
            yield "%s is listed as an exception, and no test" % name


def main():
    parser = pythons.parser_of(__doc__)
    parser.add_argument("--show", action="store_true", help="tell all of a failure")
    pythons.judge(pythons.World(parser.parse_args()), faults_of)


if __name__ == "__main__":
    main()

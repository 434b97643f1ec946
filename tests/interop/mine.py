#!/usr/bin/env python3
"""tmtop --mine on real dumps of a program that lives in the standard library: no row is outside of the program.

    python3 tests/interop/mine.py --tmtop build/dev/apps/tmtop --program samples/programs/digest.py

Each CPython at hand runs the program under tracemalloc. The judge is that very CPython, which charges each block to the
most recent frame in the program's file, the slow and obvious way. Status 1 when anything differs.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

from pythons import find_pythons, version_text

# argv: the program, the dump to write. Prints what each line of the program holds.
RECORD = """
import collections, json, runpy, sys, tracemalloc
program, path = sys.argv[1:]
tracemalloc.start(60)
kept = runpy.run_path(program, run_name="__main__")
snapshot = tracemalloc.take_snapshot()
tracemalloc.stop()
snapshot.dump(path)
rows, outside = collections.defaultdict(lambda: [0, 0]), [0, 0]
files = set()
for trace in snapshot.traces:
    recent_first = list(trace.traceback)
    if sys.version_info >= (3, 7):
        recent_first.reverse()
    lines = [frame.lineno for frame in recent_first if frame.filename == program]
    into = rows[lines[0]] if lines else outside
    into[0] += trace.size
    into[1] += 1
    files.update(frame.filename for frame in recent_first)
print(json.dumps([sorted([lineno] + sums for lineno, sums in rows.items()), outside, len(files)]))
"""


def judge(python, tmtop, program, folder):
    """(rows, files that take part, faults) of one CPython."""
    dump = os.path.join(folder, "digest.pickle")
    said = subprocess.run([python, "-c", RECORD, program, dump], stdout=subprocess.PIPE, check=True).stdout
    expected_rows, expected_outside, files = json.loads(said)
    faults = []
    for option in (["--mine"], ["--project", os.path.dirname(program)]):
        report = json.loads(subprocess.run([tmtop, *option, "--json", dump], stdout=subprocess.PIPE, check=True).stdout)
        frames = [row["traceback"][0] for row in report["statistics"]]
        faults += ["%s: a row at %s" % (option[0], frame) for frame in frames if frame["filename"] != program]
        rows = sorted([frame["lineno"], row["size"], row["count"]] for frame, row in zip(frames, report["statistics"]))
        if rows != expected_rows:
            differing = [pair for pair in zip(rows, expected_rows) if pair[0] != pair[1]]
            faults.append("%s: rows differ: %s" % (option[0], differing[:3]))
        outside = [report["outside"]["size"], report["outside"]["count"]]
        if outside != expected_outside:
            faults.append("%s: outside is %s, not %s" % (option[0], outside, expected_outside))
    return len(expected_rows), files, faults


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tmtop", required=True)
    parser.add_argument("--program", required=True)
    args = parser.parse_args()
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(os.path.realpath(folder), "digest.py")
        shutil.copy(args.program, program)
        for version, python in find_pythons().items():
            rows, files, found = judge(python, args.tmtop, program, folder)
            print("CPython %s: %d rows, frames of %d files" % (version_text(version), rows, files))
            faults += ["CPython %s: %s" % (version_text(version), fault) for fault in found]
            if rows < 20 or files < 20:
                faults.append("CPython %s: the program shows too little" % version_text(version))
    print("\n".join(faults))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()

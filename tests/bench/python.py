"""What recording Python costs: off, tracemalloc and tmrecorder, on the same programs, for each CPython.

    python.py [--build DIR] [--pythons PATH,...] [--cases talk,deep,json,...] [--runs 7] [--slow-runs 2]
              [--scale 1] [--blocks 1M] [--seed 1] [--json]

Each run is a process of its own; all of a turn come in random order, so that a disturbance meets all. See README.md
beside this file. Nothing is asserted but that all programs end well.
"""
import argparse
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
from typing import NamedTuple

from run import number, print_table

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "interop"))
from pythons import find_pythons  # noqa: E402

SKIPPED = 77
INTERVAL = 512 * 1024  # bytes, for sampling
USUAL = ((3, 11), (3, 13))  # the versions of the talk and of now
LIMITS = {"talk": (1, 10, 25), "deep": (1, 10, 25)}  # frames; 25 for all others
CASES = ("talk", "deep", "json", "dict", "tree", "threads", "hold")


class Way(NamedTuple):
    recorder: str  # a module, or "off"
    frames: int
    interval: int = 0

    def __str__(self):
        if self.recorder == "off":
            return "off"
        return "%s, %d frame%s%s" % (self.recorder, self.frames, "s"[: self.frames - 1], ", sampling" if self.interval else "")


def ways_of(case):
    limits = LIMITS.get(case, (25,))
    ways = [Way("off", 0)]
    for recorder in ("tracemalloc", "tmrecorder"):
        ways += [Way(recorder, frames) for frames in limits]
    return ways if case == "hold" else ways + [Way("tmrecorder", limits[-1], INTERVAL)]


def once(python, case, way, options):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "TMRECORD"))}
    environment.update(PYTHONPATH=str(options.build / "libsnapshot/python"), PYTHONHASHSEED="0")
    command = [python, str(HERE / "python_programs.py"), case, way.recorder, str(way.frames), str(way.interval),
               str(options.blocks if case == "hold" else options.scale)]
    result = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, check=False)
    if result.returncode != 0:
        sys.exit("python.py: %s: status %d: %s" % (" ".join(command), result.returncode, result.stderr.decode()))
    return json.loads(result.stdout.decode())


def measure(python, case, options, chance):
    """{way: {what: its values}}"""
    found = {way: {} for way in ways_of(case)}
    for turn in range(options.runs):
        ways = list(found)
        chance.shuffle(ways)
        for way in ways:
            if way.recorder == "tracemalloc" and turn >= options.slow_runs:
                continue
            for what, value in once(python, case, way, options).items():
                found[way].setdefault(what, []).append(value)
    return found


def median(found, what):
    return statistics.median(found[what])


RUN_HEAD = ["recorder", "best ms", "ratio", "CPU ms", "ratio", "peak MiB", "ratio"]
HOLD_HEAD = ["recorder", "own bytes a block", "resident", "snapshot ms", "growth MiB", "statistics ms"]


def run_rows(found):
    off = found[Way("off", 0)]
    for way, its in found.items():
        yield [str(way), "%.1f" % (1e3 * min(its["seconds"])), "%.2f" % (min(its["seconds"]) / min(off["seconds"])),
               "%.1f" % (1e3 * median(its, "cpu")), "%.2f" % (median(its, "cpu") / median(off, "cpu")),
               "%.1f" % (median(its, "peak") / 2**20), "%.2f" % (median(its, "peak") / median(off, "peak"))]


def hold_rows(found):
    off = found[Way("off", 0)]
    for way, its in found.items():
        if way.recorder == "off":
            continue
        blocks = its["blocks"][0]
        yield [str(way), "%.1f" % (median(its, "own") / blocks),
               "%.1f" % ((median(its, "resident") - median(off, "resident")) / blocks), "%.0f" % (1e3 * median(its, "snapshot")),
               "%.1f" % (median(its, "growth") / 2**20), "%.0f" % (1e3 * median(its, "statistics"))]


def choose_pythons(options):
    """{version as text: path}; by default the newest of the usual versions that there are, or any that can be recorded."""
    if options.pythons:
        return {path: path for path in options.pythons.split(",")}
    found = {version: path for version, path in find_pythons().items() if (3, 8) <= version[:2] <= (3, 13)}
    newest = {version[:2]: (version, path) for version, path in found.items()}
    chosen = [newest[usual] for usual in USUAL if usual in newest] or list(newest.values())[-1:]
    return {".".join(map(str, version)): path for version, path in chosen}


def parse():
    parser = argparse.ArgumentParser(description="Compare what recording Python costs.")
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parent.parent / "build/release")
    parser.add_argument("--pythons", default="", help="paths of interpreters (default: 3.11 and 3.13, where found)")
    parser.add_argument("--cases", default=",".join(CASES), help="which (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=7, help="of each (default: %(default)s)")
    parser.add_argument("--slow-runs", type=int, default=2, help="of those of tracemalloc (default: %(default)s)")
    parser.add_argument("--blocks", type=number, default=1_000_000, help="of the case hold (default: 1M)")
    parser.add_argument("--scale", type=float, default=1, help="how much each does (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the order (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    return parser.parse_args()


def main():
    options = parse()
    if not list((options.build / "libsnapshot/python/tmrecorder").glob("_tmrecorder*.so")):
        print("SKIPPED: the package tmrecorder is not in " + str(options.build))
        sys.exit(SKIPPED)
    results = {}
    chance = random.Random(options.seed)
    for version, path in choose_pythons(options).items():
        for case in options.cases.split(","):
            print("%s: %s" % (version, case), file=sys.stderr)
            found = measure(path, case, options, chance)
            results.setdefault(version, {})[case] = {str(way): its for way, its in found.items()}
            if not options.json:
                print("\nCPython %s, %s\n" % (version, case))
                print_table(*((HOLD_HEAD, list(hold_rows(found))) if case == "hold" else (RUN_HEAD, list(run_rows(found)))))
    if options.json:
        print(json.dumps(results))


if __name__ == "__main__":
    main()

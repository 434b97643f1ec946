"""What recording costs: tmrecord beside heaptrack, jemalloc's and gperftools' profilers and DHAT, on the same programs.

    record.py [--build DIR] [--cases live,pairs,cc1plus] [--recorders plain,tmrecord,...] [--runs 5] [--slow-runs 1]
              [--blocks 1M] [--pairs 2M] [--json]

See README.md beside this file. Nothing is asserted but that all programs end well.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

from recorders import RECORDERS, cases, jemalloc_profiles, missing
from run import number, print_table

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = "#include <algorithm>\n#include <iostream>\n#include <map>\n#include <regex>\n#include <string>\n" \
         "int main() { std::map<std::string, std::regex> m{{\"a\", std::regex(\"a+\")}}; std::cout << m.size(); }\n"
SKIPPED = 77


class Run(NamedTuple):
    wall: float  # seconds, from before the recorder to its end
    cpu: float  # seconds, of the recorder's processes too
    own: float  # seconds, as the program tells; 0 where it does not
    peak: float  # MB, of the largest process
    size: int  # bytes of all files that it wrote


def filled(text, places):
    return re.sub(r"[A-Z1_]+", lambda name: places.get(name[0], name[0]), text)


def once(recorder, case, places):
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        named = {"OUT": os.path.join(folder, "out"), **places}
        command = [filled(word, named) for word in recorder.command + case.command]
        environment = {**os.environ, **{name: filled(value, named) for name, value in recorder.environment.items()}}
        begun = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            sys.exit("record.py: %s: status %d: %s" % (" ".join(command), process.returncode, errors.read().decode()))
        own = [line for line in output.read().decode().splitlines() if line.replace(".", "").isdigit()]
        size = sum(file.stat().st_size for file in os.scandir(folder))
        return Run(wall, usage.ru_utime + usage.ru_stime, float(own[0]) if own and case.unit else 0.0,
                   usage.ru_maxrss / 1024, size)


def measure(case, recorders, places, options):
    """In turn, so that a disturbance meets all. {recorder's name: runs}"""
    runs = {recorder.name: [] for recorder in recorders}
    for turn in range(options.runs):
        for recorder in recorders:
            if turn < (options.slow_runs if recorder.slow else options.runs):
                runs[recorder.name].append(once(recorder, case, places))
                print("%s: %s: %.2f s" % (case.name, recorder.name, runs[recorder.name][-1].wall), file=sys.stderr)
    return runs


def medians(runs):
    return Run(*(statistics.median(column) for column in zip(*runs)))


def row(name, runs, plain, case):
    its = medians(runs)
    nanoseconds = "%.1f" % (1e9 * its.own / case.unit) if its.own else "-"
    beyond = "%+.1f" % (1e9 * (its.own - plain.own) / case.unit) if its.own else "-"
    return [name, "%.2f" % its.wall, "%.2f" % (its.wall / plain.wall), "%.2f" % (its.cpu / plain.cpu), nanoseconds, beyond,
            "%.0f" % its.peak, "%.2f" % (its.peak / plain.peak), "{:,}".format(int(its.size)) if its.size else "-",
            str(len(runs))]


HEAD = ["recorder", "wall s", "ratio", "CPU ratio", "own ns", "above plain", "peak MB", "ratio", "file, bytes", "runs"]


def choose(options):
    """The recorders that are wanted and there; says what is missing."""
    wanted = options.recorders.split(",") if options.recorders else []
    chosen = []
    for recorder in RECORDERS:
        simple = recorder.name.replace(", ", "-").replace(" ", "-").replace("---", "-")
        if wanted and recorder.name != "plain" and simple not in wanted:
            continue
        lacks = missing(recorder, options.tmrecord)
        if not lacks and "prof:true" in recorder.environment.get("MALLOC_CONF", "") and not jemalloc_profiles():
            lacks = "jemalloc with its profiler"
        if lacks:
            print("SKIPPED %s: no %s" % (recorder.name, lacks), file=sys.stderr)
        else:
            chosen.append(recorder)
        if lacks and recorder.name in options.must.split(","):
            sys.exit(SKIPPED)
    return chosen


def preprocess(source, path):
    """The compiler proper does not know where Debian keeps its headers."""
    if shutil.which("g++"):
        subprocess.run(["g++", "-E", "-x", "c++", "-", "-o", path], input=source.encode(), check=True)


def find_cc1plus():
    found = subprocess.run([shutil.which("g++") or "false", "-print-prog-name=cc1plus"], stdout=subprocess.PIPE, check=False)
    return found.stdout.decode().strip()


def parse():
    parser = argparse.ArgumentParser(description="Compare what recording costs.")
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parent.parent / "build/release")
    parser.add_argument("--cases", default="", help="which, by the beginnings of their names (default: all)")
    parser.add_argument("--recorders", default="", help="which besides plain, as tmrecord,heaptrack-raw (default: all)")
    parser.add_argument("--runs", type=int, default=5, help="of each recorder (default: %(default)s)")
    parser.add_argument("--slow-runs", type=int, default=1, help="of those that take minutes (default: %(default)s)")
    parser.add_argument("--blocks", type=number, default=1_000_000, help="live at the end (default: 1M)")
    parser.add_argument("--pairs", type=number, default=2_000_000, help="of malloc and free (default: 2M)")
    parser.add_argument("--must", default="", help="end as skipped, with status 77, where this recorder is missing")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    options = parser.parse_args()
    options.tmrecord = str(options.build / "apps/tmrecord")
    return options


def main():
    options = parse()
    recorders = choose(options)
    with tempfile.TemporaryDirectory() as folder:
        places = {"TMRECORD": options.tmrecord, "ALLOCATE_FP": str(options.build / "tests/bench/allocate_frame_pointers"),
                  "ALLOCATE": str(options.build / "tests/bench/allocate"), "CC1PLUS": find_cc1plus(),
                  "SOURCE": os.path.join(folder, "source.ii")}
        preprocess(SOURCE, places["SOURCE"])
        results = {}
        for case in cases(options.blocks, options.pairs):
            if not any(case.name.startswith(start) for start in options.cases.split(",")):
                continue
            if case.command[0] == "CC1PLUS" and not places["CC1PLUS"]:
                print("SKIPPED cc1plus: g++ is not installed", file=sys.stderr)
                continue
            results[case.name] = runs = measure(case, recorders, places, options)
            if not options.json:
                print("\n%s\n" % case.name)
                plain = medians(runs["plain"])
                print_table(HEAD, [row(name, of_one, plain, case) for name, of_one in runs.items() if of_one])
    if options.json:
        print(json.dumps({case: {name: [run._asdict() for run in runs] for name, runs in of_case.items()}
                          for case, of_case in results.items()}))


if __name__ == "__main__":
    main()

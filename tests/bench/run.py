"""Compare tmtop and tmdiff with CPython doing the same work, whole process against whole process.

    run.py [--tmtop PATH] [--tmdiff PATH] [--sizes 1M,4M] [--frames 1,25] [--cases lineno,traceback,...] [--json]

See README.md beside this file. Status: 0 every output equalled CPython's, 1 some did not, 2 usage.
"""
import argparse
import ctypes
import fcntl
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

from dumps import Dump, dump_of, pack, packed

HERE = pathlib.Path(__file__).resolve().parent
BUILT = HERE.parent.parent / "build/release/apps"
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8"}

PEAK_AIM = 10  # at most one tenth of CPython's
START_UP_AIM_MS = 5
START_UP_RUNS = 200

# ---- What is compared ----

LOAD = "snapshot = Snapshot.load(sys.argv[1])"
LOAD_STDIN = "import pickle; snapshot = pickle.load(sys.stdin.buffer)"
LOAD_GZIP = "import gzip, pickle; snapshot = pickle.load(gzip.open(sys.argv[1]))"
LOAD_TWO = "old, snapshot = Snapshot.load(sys.argv[1]), Snapshot.load(sys.argv[2])"
# What --cumulative without --count-recursion says, in CPython's terms: every frame of a traceback once.
LOAD_ONCE = LOAD + """
snapshot.traces._traces = [(d, size, tuple(dict.fromkeys(frames)), n) for d, size, frames, n in snapshot.traces._traces]"""

FILTER = "[Filter(False, '<frozen*')]"
FILTER_ALL = "[Filter(False, '*/json/*', all_frames=True), Filter(True, '*/tokenize.py', all_frames=True)]"


class Case(NamedTuple):
    name: str
    options: list  # ours
    rows: str  # what CPython evaluates to get its rows
    aim: int  # times faster
    load: str = LOAD
    tool: str = "tmtop"
    source: str = "plain"  # or piped, gz, zst, tms
    judge_load: str = ""  # where the right answer takes other work than the work to compare the time with


CASES = [
    Case("lineno", [], "snapshot.statistics('lineno')", 25),
    Case("filename", ["-g", "filename"], "snapshot.statistics('filename')", 25),
    Case("traceback", ["-g", "traceback"], "snapshot.statistics('traceback')", 25),
    Case("cumulative", ["--cumulative", "--count-recursion"], "snapshot.statistics('lineno', True)", 60),
    Case("cumulative-once", ["--cumulative"], "snapshot.statistics('lineno', True)", 60, judge_load=LOAD_ONCE),
    Case("filter", ["-x", "<frozen*"], f"snapshot.filter_traces({FILTER}).statistics('lineno')", 25),
    Case("filter-all", ["-X", "*/json/*", "-I", "*/tokenize.py"],
         f"snapshot.filter_traces({FILTER_ALL}).statistics('lineno')", 200),
    Case("diff-lineno", [], "snapshot.compare_to(old, 'lineno')", 25, LOAD_TWO, "tmdiff"),
    Case("diff-traceback", ["-g", "traceback"], "snapshot.compare_to(old, 'traceback')", 25, LOAD_TWO, "tmdiff"),
    Case("pipe", [], "snapshot.statistics('lineno')", 25, LOAD_STDIN, source="piped"),
    Case("gz", [], "snapshot.statistics('lineno')", 25, LOAD_GZIP, source="gz"),
    Case("zst", [], "snapshot.statistics('lineno')", 25, LOAD_STDIN, source="zst"),
    Case("tms-lineno", [], "snapshot.statistics('lineno')", 300, source="tms"),
    Case("tms-traceback", ["-g", "traceback"], "snapshot.statistics('traceback')", 300, source="tms"),
    Case("tms-cumulative", ["--cumulative", "--count-recursion"], "snapshot.statistics('lineno', True)", 300, source="tms"),
    Case("tms-diff-lineno", [], "snapshot.compare_to(old, 'lineno')", 300, LOAD_TWO, "tmdiff", "tms"),
    Case("tms-diff-traceback", ["-g", "traceback"], "snapshot.compare_to(old, 'traceback')", 300, LOAD_TWO, "tmdiff", "tms"),
]


class Command(NamedTuple):
    argv: list
    feeder: list = []  # its output is argv's standard input


def inputs(case, dump):
    return [dump.old, dump.new] if case.tool == "tmdiff" else [dump.old]


def ours(case, dump, options):
    tool = [getattr(options, case.tool), "-f", "tracemalloc", "-n", "10", *case.options]
    if case.source == "piped":
        return Command([*tool, "-"], ["cat", dump.old])
    return Command([*tool, *(packed(path, case.source, options) for path in inputs(case, dump))])


def cpython(case, dump, options, load):
    script = f"import sys\nfrom tracemalloc import Filter, Snapshot\n{load}\nfor stat in {case.rows}[:10]: print(stat)"
    # -I: the user's own settings and packages are not what is measured.
    python = [options.python, "-I", "-c", script]
    if case.tool == "tmdiff":
        return Command([*python, dump.old, dump.new])
    if case.source == "piped":
        return Command(python, ["cat", dump.old])
    if case.source == "zst":  # Python reads zstd by itself only since 3.14
        return Command(python, ["zstd", "-dcq", packed(dump.old, "zst", options)])
    return Command([*python, packed(dump.old, "gz", options) if case.source == "gz" else dump.old])


# ---- Running and measuring ----


class Run(NamedTuple):
    status: int
    seconds: float
    peak_mb: float
    output: bytes


def spawn(argv, *descriptors):
    """Starts argv with the given (ours, its) descriptors."""
    # Out of the way first: a number that it will have may be one that we have.
    copies = [fcntl.fcntl(mine, fcntl.F_DUPFD_CLOEXEC, 100) for mine, _ in descriptors]
    actions = [(os.POSIX_SPAWN_DUP2, copy, its) for copy, (_, its) in zip(copies, descriptors)]
    try:
        return os.posix_spawnp(argv[0], argv, ENVIRONMENT, file_actions=actions)
    finally:
        for copy in copies:
            os.close(copy)


def input_of(command):
    """Returns the descriptor to read from and the processes that write to it."""
    if not command.feeder:
        return os.open(os.devnull, os.O_RDONLY), []
    reader, writer = os.pipe()
    feeder = spawn(command.feeder, (writer, 1))
    os.close(writer)
    return reader, [feeder]


def finish(pid, feeders, output, begun):
    _, status, usage = os.wait4(pid, 0)
    for feeder in feeders:
        os.waitpid(feeder, 0)
    seconds = time.perf_counter() - begun
    output.seek(0)
    return Run(os.waitstatus_to_exitcode(status), seconds, usage.ru_maxrss / 1024, output.read())


def timed(command):
    """One run, fork and exec included. The peak is not to be trusted below that of this process: see `measured`."""
    with tempfile.TemporaryFile() as output:
        begun = time.perf_counter()
        stdin, feeders = input_of(command)
        pid = spawn(command.argv, (stdin, 0), (output.fileno(), 1))
        os.close(stdin)
        return finish(pid, feeders, output, begun)


def measured(command):
    """One run with its true peak of memory; not for its time.

    Linux counts as a process's peak also what its address space held before exec, which is a copy of the parent's. So the
    parent is a shell of one megabyte. It must not be the one that waits, because only we can read the peak: it leaves,
    the orphan falls to us (main() asked for that), and starts only then.
    """
    with tempfile.TemporaryFile() as output:
        gate, opener = os.pipe()
        stdin, feeders = input_of(command)
        orphan = '{ read -r go <&9; exec "$@" <&8 8<&- 9<&-; } & echo $! >&7'
        with tempfile.TemporaryFile() as told:
            shell = spawn(["sh", "-c", orphan, "sh", *command.argv],
                          (stdin, 8), (gate, 9), (told.fileno(), 7), (output.fileno(), 1))
            os.waitpid(shell, 0)
            told.seek(0)
            pid = int(told.read())
        os.close(stdin)
        os.close(gate)
        begun = time.perf_counter()
        os.write(opener, b"\n")
        os.close(opener)
        return finish(pid, feeders, output, begun)


def adopt_orphans():
    pr_set_child_subreaper = 36
    if ctypes.CDLL(None).prctl(pr_set_child_subreaper, 1, 0, 0, 0) != 0:
        sys.exit("run.py: cannot adopt orphans, so peaks cannot be measured")


# ---- One case ----


def difference(got, wanted):
    """Why our run is not the right answer, or an empty string."""
    if wanted.status != 0:
        return f"CPython failed with status {wanted.status}"
    if got.status != 0:
        return f"status {got.status}"
    got_lines, wanted_lines = got.output.decode().splitlines(), wanted.output.decode().splitlines()
    for number in range(max(len(got_lines), len(wanted_lines))):
        got_line, wanted_line = ("".join(lines[number : number + 1]) for lines in (got_lines, wanted_lines))
        if got_line != wanted_line:
            return f"line {number + 1}: ours '{got_line}', CPython's '{wanted_line}'"
    return ""


def median_ms(runs):
    return statistics.median(run.seconds for run in runs) * 1000


def compare(case, dump, options):
    """A/B/A/B, at most options.runs pairs, and no further pair that would exceed the budget."""
    mine, theirs = ours(case, dump, options), cpython(case, dump, options, case.load)
    peak = measured(mine)  # also warms the page cache
    pairs = []
    begun = time.perf_counter()
    while len(pairs) < options.runs:
        pairs.append((timed(mine), timed(theirs)))
        spent = time.perf_counter() - begun
        if spent + spent / len(pairs) > options.budget:
            break
    judge = timed(cpython(case, dump, options, case.judge_load)) if case.judge_load else pairs[0][1]
    wrong = difference(peak, judge) or next(filter(None, (difference(run, judge) for run, _ in pairs)), "")
    return {
        "dump": dump.title, "case": case.name, "runs": len(pairs),
        "ours_ms": median_ms(pair[0] for pair in pairs), "cpython_ms": median_ms(pair[1] for pair in pairs), "aim": case.aim,
        "ours_mb": peak.peak_mb, "cpython_mb": max(pair[1].peak_mb for pair in pairs), "aim_mb": PEAK_AIM,
        "difference": wrong,
    }


def start_up(options, runs):
    tiny = dump_of(options, 100, 25)
    case = CASES[0]
    commands = {"ours": ours(case, tiny, options), "cpython": cpython(case, tiny, options, case.load),
                "true": Command(["/bin/true"])}
    wrong = difference(timed(commands["ours"]), timed(commands["cpython"]))
    times = {name: [] for name in commands}
    for number in range(runs):
        for name, command in commands.items():
            if name != "cpython" or number % 10 == 0:
                times[name].append(timed(command))
    result = {"aim_ms": START_UP_AIM_MS, "runs": runs, "difference": wrong}
    for name, command in commands.items():
        result |= {name + "_ms": median_ms(times[name]), name + "_mb": measured(command).peak_mb}
    return result


# ---- Printing ----


def cells(row):
    # A wrong answer has no speed.
    faster, smaller = ("-" if row["difference"] else f"{row['cpython_' + unit] / row['ours_' + unit]:.1f}x"
                       for unit in ("ms", "mb"))
    return [row["case"], f"{row['ours_ms']:.1f}", f"{row['cpython_ms']:.0f}", faster, f"{row['aim']}x",
            f"{row['ours_mb']:.1f}", f"{row['cpython_mb']:.0f}", smaller, f"{row['aim_mb']}x",
            str(row["runs"]), "DIFFERS" if row["difference"] else "equal"]


HEAD = ["case", "ours ms", "CPython ms", "faster", "aim", "ours MB", "CPython MB", "smaller", "aim", "runs", "output"]


def print_table(head, rows):
    """A table for the eye that is also Markdown."""
    widths = [max(map(len, column)) for column in zip(head, *rows)]
    for row in (head, ["-" * (width - 1) + ":" for width in widths], *rows):
        print("| " + " | ".join(cell.rjust(width) for cell, width in zip(row, widths)) + " |")


def print_start_up(result):
    print("\nStart-up, on a dump of 100 traces\n")
    labels = {"ours": "tmtop", "true": "/bin/true, the floor", "cpython": "CPython"}
    print_table(["process", "median ms", "peak MB"],
                [[label, f"{result[name + '_ms']:.2f}", f"{result[name + '_mb']:.1f}"] for name, label in labels.items()])
    print(f"\nAim: tmtop under {result['aim_ms']} ms. Medians of {result['runs']} runs, output "
          + ("DIFFERS" if result["difference"] else "equal"))


# ---- Options ----


def number(text):
    factor = {"K": 1000, "M": 1_000_000}.get(text[-1:].upper())
    return int(float(text[:-1]) * factor) if factor else int(text)


def numbers(text):
    return [number(part) for part in text.split(",")]


def parse():
    names = [case.name for case in CASES] + ["start-up"]
    parser = argparse.ArgumentParser(description="Compare tmtop and tmdiff with CPython doing the same work.")
    parser.add_argument("--tmtop", default=str(BUILT / "tmtop"))
    parser.add_argument("--tmdiff", default=str(BUILT / "tmdiff"))
    parser.add_argument("--tmconvert", default=str(BUILT / "tmconvert"))
    parser.add_argument("--python", default=sys.executable, help="the CPython to compare with, 3.9 or later (default: this one)")
    parser.add_argument("--sizes", type=numbers, default=[1_000_000], help="traces in the dumps, e.g. 1M,4M (default: 1M)")
    parser.add_argument("--frames", type=numbers, default=[25], help="traceback limits, e.g. 1,25 (default: 25)")
    parser.add_argument("--pair", nargs=2, action="append", metavar=("OLD", "NEW"),
                        help="measure on these dumps instead; repeatable")
    parser.add_argument("--cases", default=",".join(names), help="which (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=5, help="pairs of runs (default: %(default)s)")
    parser.add_argument("--budget", type=float, default=60, metavar="SECONDS",
                        help="for each case; slow ones get fewer runs (default: %(default)s)")
    parser.add_argument("--dumps", type=pathlib.Path, metavar="DIR",
                        default=pathlib.Path(tempfile.gettempdir()) / "tmtools-bench",
                        help="where generated and compressed dumps are kept (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--smoke", action="store_true", help="every case once on tiny dumps: are the outputs equal?")
    options = parser.parse_args()
    options.cases = options.cases.split(",")
    if unknown := set(options.cases) - set(names):
        parser.error(f"no such case: {', '.join(sorted(unknown))}")
    for tool in (options.tmtop, options.tmdiff, options.tmconvert, options.python):
        if not shutil.which(tool):
            parser.error(f"no such program: {tool}")
    if options.smoke:
        options.sizes, options.frames, options.runs = [2000], [1, 25], 1
    return options


def run(options):
    dumps = [Dump(os.path.basename(old), old, new) for old, new in options.pair or []]
    dumps = dumps or [dump_of(options, size, frames) for frames in options.frames for size in options.sizes]
    rows = []
    for dump in dumps:
        of_dump = []
        for case in CASES:
            if case.name not in options.cases:
                continue
            if case.source in ("gz", "zst", "tms") and not all(pack(path, case.source, options) for path in inputs(case, dump)):
                print(f"run.py: SKIPPED {case.name}: no zstd program", file=sys.stderr)
                continue
            of_dump.append(compare(case, dump, options))
            if wrong := of_dump[-1]["difference"]:
                print(f"run.py: {dump.title}: {case.name}: {wrong}", file=sys.stderr)
        if of_dump and not options.json:
            print(f"\n{dump.title}, {os.path.getsize(dump.old) / 1e6:.1f} MB\n")
            print_table(HEAD, [cells(row) for row in of_dump])
        rows += of_dump
    startup = start_up(options, 1 if options.smoke else START_UP_RUNS) if "start-up" in options.cases else None
    if startup and not options.json:
        print_start_up(startup)
    if startup and startup["difference"]:
        print(f"run.py: start-up: {startup['difference']}", file=sys.stderr)
    return rows, startup


def main():
    options = parse()
    adopt_orphans()
    with tempfile.TemporaryDirectory() as fresh:
        if options.smoke:
            options.dumps = pathlib.Path(fresh)
        options.dumps.mkdir(parents=True, exist_ok=True)
        rows, startup = run(options)
    if options.json:
        version = subprocess.run([options.python, "-IV"], check=True, capture_output=True, text=True).stdout.strip()
        print(json.dumps({"schema": "bench/1", "python": version, "machine": platform.machine(), "cpus": os.cpu_count(),
                          "cases": rows, "start_up": startup}, indent=1))
    return 1 if any(row["difference"] for row in [*rows, *([startup] if startup else [])]) else 0


if __name__ == "__main__":
    sys.exit(main())

"""How long does tmtrend take for a long series of large snapshots, and how much memory?

    trend.py [--pickle DUMP] [--blocks 1400K] [--snapshots 100] [--build build/release] [--runs 5]

The blocks of a dump are placed by a real malloc (place_blocks), so that each has its address; of each snapshot of the series
(later_snapshots) seven tenths of them are alive. The lines of code vary at random, all of them, but for one in 64, which leaks.
Whole processes: medians of the time, and of the processor's time, which other processes disturb less; the peak of the memory.
"""
import json
import os
import re
import statistics
import subprocess
import tempfile
import time

from dumps import dump_to_repeat, repeating_parser
from run import number, print_table


def run(command):
    """Milliseconds, those of them on a processor, and MiB as the process itself tells. A small shell starts it, since what a
    process held before exec counts."""
    begun, before = time.perf_counter(), os.times()
    said = subprocess.run(["sh", "-c", '"$0" "$@"; exit $?', *command, "--timing"], check=True, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE).stderr
    took, after = time.perf_counter() - begun, os.times()
    busy = after.children_user + after.children_system - before.children_user - before.children_system
    return 1000 * took, 1000 * busy, max(map(float, re.findall(r"peak ([\d.]+) MiB", said.decode())))


def parse():
    parser = repeating_parser("Measure tmtrend.", runs=5)
    parser.add_argument("--blocks", type=number, default=1_430_000, help="to choose from (default: 1430K)")
    parser.add_argument("--snapshots", type=int, default=100)
    return parser.parse_args()


def main():
    options = parse()
    dump = dump_to_repeat(options)
    bench = options.build / "tests/bench"
    tmtrend = options.build / "apps/tmtrend"
    with tempfile.TemporaryDirectory() as folder:
        placed = dump
        if not options.pickle:
            placed = os.path.join(folder, "placed.tms")
            subprocess.run([bench / "place_blocks", str(options.blocks), dump, placed], check=True,
                           stdout=subprocess.DEVNULL)
        series = os.path.join(folder, "series")
        os.mkdir(series)
        made = subprocess.run([bench / "later_snapshots", placed, series, str(options.snapshots)], check=True,
                              stdout=subprocess.PIPE, text=True).stdout.strip()
        said = json.loads(subprocess.run([tmtrend, "--json", series], check=True, stdout=subprocess.PIPE).stdout)
        print(f"{options.snapshots} snapshots, the first of {made}; {len(said['statistics'])} lines; classes: " +
              ", ".join(f"{name} {sum(row['class'] == name for row in said['statistics'])}"
                        for name in sorted({row["class"] for row in said["statistics"]})))
        rows = []
        for name, arguments in (("tmtrend", []), ("tmtrend -g traceback", ["-g", "traceback"]),
                                ("tmtrend -c", ["-c"]), ("tmtrend --json", ["--json"])):
            runs = [run([tmtrend, *arguments, series]) for _ in range(options.runs)]
            took, busy, peak = zip(*runs)
            rows.append([name, f"{statistics.median(took):.0f}", f"{statistics.median(busy):.0f}", f"{max(peak):.0f}"])
        print_table(["whole process", "ms, median", "on a processor", "peak, MiB"], rows)


if __name__ == "__main__":
    main()

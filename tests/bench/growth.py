"""Does the time to open a .tms file grow with the blocks, or with the distinct tracebacks? What does one address cost,
and what a search?

    growth.py [--pickle DUMP] [--blocks 1M,3M,10M] [--build build/release] [--runs 15]

The blocks of a dump, repeated to each number and placed by a real malloc (place_blocks), have the same tracebacks whatever
their number. Whole processes, medians; the files take turns, so that a disturbance meets all of them.
"""
import os
import statistics
import subprocess
import tempfile
import time

from dumps import dump_to_repeat, repeating_parser
from run import numbers, print_table

# In which kinds of data they look: sums of lines, of tracebacks, of each size, and single blocks.
SEARCHES = [["-i", "*/json/*"], ["-I", "*/json/*"], ["-E", "-I", "(json|token)"], ["--min-size", "1K"],
            ["--address", "0-ffffffffffff"]]


def output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def timed(*command):
    begun = time.perf_counter()
    status = subprocess.run(command, stdout=subprocess.DEVNULL).returncode
    if status > 1:  # 1: tmgrep has found nothing
        raise RuntimeError(f"status {status}: {command}")
    return 1000 * (time.perf_counter() - begun)


def parse():
    parser = repeating_parser("Measure how reading a .tms file grows.", runs=15)
    parser.add_argument("--blocks", type=numbers, default=[1_000_000, 10_000_000], help="in each file (default: 1M,10M)")
    return parser.parse_args()


def main():
    options = parse()
    dump = dump_to_repeat(options)
    bench = options.build / "tests/bench"
    with tempfile.TemporaryDirectory() as folder:
        commands = []
        for blocks in options.blocks:
            path = os.path.join(folder, f"{blocks}.tms")
            output(bench / "place_blocks", str(blocks), dump, path)
            addresses = output(bench / "find_block", path).split()
            commands.append([
                ("tmtop", [options.build / "apps/tmtop", "-n", "10", path]),
                ("tmtop -g traceback", [options.build / "apps/tmtop", "-n", "10", "-g", "traceback", path]),
                *((f"tmtrace, {place} block", [options.build / "apps/tmtrace", "--no-source", path, address])
                  for place, address in zip(("first", "middle", "last"), addresses)),
                *((" ".join(["tmgrep", *words]), [options.build / "apps/tmgrep", *words, path]) for words in SEARCHES),
                ("tmgrep -i ... -o", [options.build / "apps/tmgrep", "-i", "*/json/*", "-o", "/dev/null", "--to", "tms", path]),
                ("load all", [bench / "find_block", path]),
            ])
        times = [[[] for _ in of_file] for of_file in commands]
        for _ in range(options.runs):
            for of_file, kept in zip(commands, times):
                for (_, command), runs in zip(of_file, kept):
                    runs.append(timed(*command))
        head = ["ms, medians", *(f"{blocks:,} blocks" for blocks in options.blocks)]
        rows = [[name, *(f"{statistics.median(kept[at]):.1f}" for kept in times)] for at, (name, _) in enumerate(commands[0])]
        rows.append(["file, bytes", *(f"{os.path.getsize(of_file[0][1][-1]):,}" for of_file in commands)])
        print_table(head, rows)


if __name__ == "__main__":
    main()

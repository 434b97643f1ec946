#!/usr/bin/env python3
"""What tmgrep selects and another tool looks at is what that tool selects by itself, for every sample.

    python3 tests/interop/pipes.py --tools build/dev/apps --samples samples/snapshots

`tmgrep FILTERS SAMPLE -o - | TOOL -` must print the bytes of `TOOL FILTERS SAMPLE`, whatever the format in the pipe.
Status 1 when anything differs.
"""
import argparse
import concurrent.futures
import glob
import itertools
import json
import os
import subprocess
import sys

import share

FILTERS = [
    ["-i", "*/shop.py"],
    ["-x", "/usr/lib/*", "-x", "<*"],
    ["-I", "*/json/*", "-X", "*/nowhere/*"],
    ["-i", "*shop*", "--min-size", "60", "--max-size", "1K"],
    ["-E", "-x", r"(decoder|__init__)\.py$"],
    ["--domain", "0", "--exclude-domain", "389047"],
    ["--map-path", "/srv/shop=/home/ann/shop", "-i", "/home/*"],
    ["--strip-prefix", "/srv/shop", "-x", "/usr/*"],
    ["-x", "*"],  # nothing is left
]
# Address ranges and threads are known of this sample alone.
FILTERS_OF_ARENA = [["--address", "7f0000000044-7f00000003ff"], ["--thread", "worker"], ["--function", "Cache::*"]]

# Renaming happens once, in tmgrep; then it is not to be asked for again.
LOOKS = [
    ["tmtop", "-f", "json"],
    ["tmtop", "-c", "-f", "tracemalloc", "-n", "0"],
    ["tmtop", "-g", "traceback", "-n", "0"],
    ["tmtop", "-g", "directory,filename", "--bytes", "-n", "3"],
    ["tmtrace", "--no-source", "-n", "0"],
    ["tmtrace", "--tree", "--json"],
]


def run(command, data=None):
    done = subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return done.returncode, done.stdout, done.stderr


def without_input(out):
    """JSON says what was read, which is another file, and other amounts: those before the filters."""
    if not out.startswith(b"{"):
        return out
    said = json.loads(out)
    del said["snapshots"]
    return said


def questions_of(sample):
    """(filters, format in the pipe, look): what is asked of a sample."""
    for filters in FILTERS + (FILTERS_OF_ARENA if "arena" in sample else []):
        if can_not(sample, filters):
            continue
        through_pickles = "totals" not in sample and filters in FILTERS[:3] + FILTERS_OF_ARENA
        for to in ("tms", "tracemalloc") if through_pickles else ("tms",):
            for look in LOOKS:
                yield filters, to, look


def compare(tools, sample, filters, to, looks):
    """Yields a line for each fault, and None for each comparison."""
    tool = lambda name: os.path.join(tools, name)
    status, bytes_, error = run([tool("tmgrep"), *filters, sample, "--to", to, "-o", "-"])
    known_losses = to == "tracemalloc" and error.startswith(b"tmgrep: ")
    if status not in (0, 1) or (error and not known_losses):
        yield "%s %s --to %s: status %d, %r" % (sample, filters, to, status, error)
        return
    for name, *options in looks:
        if known_losses and name == "tmtrace":
            continue  # a pickle keeps no function
        piped = run([tool(name), *options, "-"], bytes_)
        straight = run([tool(name), *options, *filters, sample])
        same = (piped[0], without_input(piped[1])) == (straight[0], without_input(straight[1]))
        yield None if same else "%s %s: %s by %s differs" % (sample, filters, [name, *options], to)


def work_of(samples, every):
    """The arguments of compare(), one for each pipe."""
    for number, sample in enumerate(samples):
        asked = share.share(questions_of(sample), every, number)
        for (filters, to), questions in itertools.groupby(asked, lambda question: question[:2]):
            yield sample, filters, to, [look for _, _, look in questions]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tools", required=True)
    parser.add_argument("--samples", required=True)
    share.add_option(parser)
    args = parser.parse_args()
    samples = sorted(path for path in glob.glob(os.path.join(args.samples, "*"))
                     if path.endswith((".pickle", ".tms", ".gz", ".zst")))
    comparisons, faults = 0, []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for results in pool.map(lambda item: list(compare(args.tools, *item)), work_of(samples, args.every)):
            comparisons += len(results)
            faults += [fault for fault in results if fault]
    print("%d samples, %d comparisons, %d faults" % (len(samples), comparisons, len(faults)))
    print("\n".join(faults[:20]))
    sys.exit(1 if faults or comparisons < 3000 // args.every else 0)


def can_not(sample, filters):
    """Sums alone say nothing of single blocks."""
    return "totals" in sample and "--min-size" in filters


if __name__ == "__main__":
    main()

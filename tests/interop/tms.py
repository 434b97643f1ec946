#!/usr/bin/env python3
"""Conversion changes no answer: what tmtop and tmdiff say of a dump, they say of its .tms file.

    python3 tests/interop/tms.py --tools build/dev/apps --samples samples/snapshots

For every sample dump, every group key, charge and filter, the answer of the dump is compared byte for byte with those of its .tms file,
of that file through a pipe, and, but for filters by size, of the file that keeps sums alone. tests/interop/run.py has CPython
judge the answers of the dumps. Besides: .tms to pickle to .tms gives the same bytes, and so does a second run with another
locale, time zone and folder. Status 1 when anything differs.
"""
import argparse
import itertools
import os
import subprocess
import sys
import tempfile

import share

GROUPS = [["-g", key, *charge] for key in ("lineno", "filename") for charge in ([], ["-c"], ["-c", "--count-recursion"])]
GROUPS.append(["-g", "traceback"])
FILTERS = [[], ["-i", "*json*"], ["-x", "<frozen*"], ["-I", "*shop*"], ["-X", "*threading*"], ["-i", "*:19"], ["--domain", "0"],
           ["--exclude-domain", "389047"], ["-x", "/usr/lib/*", "-I", "*.py"]]
SIZE_FILTERS = [["--min-size", "64"], ["--max-size", "1K", "-x", "<*"], ["--min-size", "50", "--max-size", "100"]]
PAIRS = [("leak-0", "leak-1"), ("cache-0", "cache-2"), ("talk-0", "talk-1"), ("domains", "large"), ("empty", "names"),
         ("py36-recurse", "py313-recurse"), ("old-py34-leak", "py39-leak")]
OUTPUT = ["-n", "0", "-f", "csv", "--bytes"]


class Checker:
    def __init__(self, tools, every):
        self.tools, self.every, self.compared, self.faults, self.answers = tools, every, 0, [], {}

    def run(self, tool, arguments, **options):
        return subprocess.run([os.path.join(self.tools, tool), *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              check=False, **options).stdout

    def expect(self, what, wanted, got):
        self.compared += 1
        if wanted != got:
            self.faults.append(what)

    def convert(self, source, target, *options, **run_options):
        said = self.run("tmconvert", ["-q", *options, source, target], **run_options)
        if said:
            self.faults.append("tmconvert %s %s: %s" % (source, target, said))
        return target


def bytes_of(path):
    with open(path, "rb") as file:
        return file.read()


def check_answers(checker, number, dump, folder):
    name = os.path.join(folder, os.path.basename(dump))
    tms = checker.convert(dump, name + ".tms")
    totals = checker.convert(dump, name + ".totals.tms", "--totals-only")
    for group, chosen in share.share(itertools.product(GROUPS, FILTERS + SIZE_FILTERS), checker.every, number):
        arguments = [*group, *chosen, *OUTPUT]
        wanted = checker.run("tmtop", [*arguments, dump])
        what = "tmtop %s %s" % (" ".join(arguments), os.path.basename(dump))
        checker.expect(what, wanted, checker.run("tmtop", [*arguments, tms]))
        if chosen not in SIZE_FILTERS:
            checker.expect(what + ", sums alone", wanted, checker.run("tmtop", [*arguments, totals]))
    piped = subprocess.run([os.path.join(checker.tools, "tmtop"), *OUTPUT, "-"], stdout=subprocess.PIPE, check=False,
                           input=checker.run("tmconvert", ["-q", dump, "-"])).stdout
    checker.expect("tmconvert %s - | tmtop -" % dump, checker.run("tmtop", [*OUTPUT, dump]), piped)
    return tms


def check_bytes(checker, dump, tms, folder):
    again = checker.convert(checker.convert(tms, tms + ".pickle"), tms + ".2.tms")
    checker.expect(dump + ": to pickle and back", bytes_of(tms), bytes_of(again))
    elsewhere = {**os.environ, "LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Apia"}
    checker.convert(os.path.abspath(dump), tms + ".3.tms", env=elsewhere, cwd="/")
    checker.expect(dump + ": elsewhere", bytes_of(tms), bytes_of(tms + ".3.tms"))
    checker.expect(dump + ": .tms to .tms", bytes_of(tms), bytes_of(checker.convert(tms, tms + ".4.tms")))


def check_pairs(checker, samples, folder):
    questions = itertools.product(PAIRS, GROUPS, ([], ["--same", "-x", "<*"]))
    for (old, new), group, more in share.share(questions, checker.every, 0):
        dumps = [os.path.join(samples, name + ".pickle") for name in (old, new)]
        files = [os.path.join(folder, name + ".pickle.tms") for name in (old, new)]
        arguments = [*group, *OUTPUT, *more]
        wanted = checker.run("tmdiff", [*arguments, *dumps])
        what = "tmdiff %s %s %s" % (" ".join(arguments), old, new)
        checker.expect(what, wanted, checker.run("tmdiff", [*arguments, *files]))
        checker.expect(what + ", mixed", wanted, checker.run("tmdiff", [*arguments, dumps[0], files[1]]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tools", required=True, metavar="DIR")
    parser.add_argument("--samples", required=True, metavar="DIR")
    share.add_option(parser)
    options = parser.parse_args()
    checker = Checker(os.path.abspath(options.tools), options.every)
    dumps = sorted(name for name in os.listdir(options.samples) if ".pickle" in name)
    with tempfile.TemporaryDirectory() as folder:
        for number, name in enumerate(dumps):
            dump = os.path.join(options.samples, name)
            tms = check_answers(checker, number, dump, folder)
            check_bytes(checker, dump, tms, folder)
        check_pairs(checker, options.samples, folder)
    for fault in checker.faults[:20]:
        print("DIFFERS: " + fault)
    print("%d comparisons over %d samples, %d differences" % (checker.compared, len(dumps), len(checker.faults)))
    return 1 if checker.faults or not dumps else 0


if __name__ == "__main__":
    sys.exit(main())

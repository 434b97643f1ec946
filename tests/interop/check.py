#!/usr/bin/env python3
"""tmcheck on real programs: samples/programs/shop.py and cache.py, run under the tracemalloc of every CPython at hand.

    python3 tests/interop/check.py --tmcheck build/dev/apps/tmcheck --programs samples/programs

The baseline is a run of the programs as they are. Then they are edited, and run again:
- lines inserted at random places are no leak, though by their linenos alone they would be one;
- a planted leak fails at its line, and nothing else does, edited or not;
- a cache that stops to forget fails at the line that makes what it keeps.
The truth is known from the edit: where each line went. Status 1 when anything else comes out.
"""
import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

import share
from pythons import find_pythons, version_text

DRIVER = """
import sys, tracemalloc
sys.path.insert(0, sys.argv[1])
tracemalloc.start(10)
import cache, shop
kept = []
def dump(name):
    if name == sys.argv[2]:
        tracemalloc.take_snapshot().dump(sys.argv[3])
getattr(sys.modules[sys.argv[4]], "main")(dump)
"""
LEAK = "LEAKED.append(bytes(1000))"
NO_LEAK = "# as innocent as any line\n"


class World:
    """The programs in a folder of their own, under the same names whatever is done to them."""

    def __init__(self, options, python, folder):
        self.options, self.python = options, python
        self.folder = os.path.join(folder, "programs")
        self.files = {}
        for name in ("shop.py", "cache.py", "inventory.py"):
            with open(os.path.join(options.programs, name), encoding="utf-8") as file:
                self.files[name] = file.read().splitlines(True)
        shutil.rmtree(self.folder, ignore_errors=True)
        os.mkdir(self.folder)

    def run(self, files, out, program, moment):
        for name, lines in files.items():
            with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
                file.writelines(lines)
        subprocess.run([self.python, "-B", "-c", DRIVER, self.folder, moment, out, program], check=True)

    def check(self, base, head, *options):
        """(status, [(file, lineno) of each finding], how many sites were paired by something weaker than the line)"""
        done = subprocess.run(
            [self.options.tmcheck, "--report", "json", "--project", self.folder, "--min-growth", "4KiB", "--baseline",
             base, *options, head], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if done.returncode == 2 or done.stderr:
            raise RuntimeError("tmcheck: status %d, %s" % (done.returncode, done.stderr.decode()))
        report = json.loads(done.stdout.decode("utf-8"))
        sites = [finding["site"] for finding in report["findings"]]
        return (done.returncode, [(os.path.basename(site["filename"]), site["lineno"]) for site in sites],
                report["matched_weakly"])


def edited(files, source):
    """The programs with lines between their lines, at up to six places of each."""
    result = {}
    for name, lines in files.items():
        lines = list(lines)
        for _ in range(source.randint(1, 6)):
            at = source.randint(1, len(lines))
            lines[at:at] = [NO_LEAK] * source.randint(1, 5)
        result[name] = lines
    return result


def lineno_of(lines, text):
    found = [number for number, line in enumerate(lines, 1) if text in line]
    assert len(found) == 1, (text, found)
    return found[0]


def planted(files):
    """The programs with a leak in cache.py, and the line of it."""
    lines = list(files["cache.py"])
    at = lineno_of(lines, "def thumbnail(key):")
    lines[at:at] = ["    " + LEAK + "\n"]
    lines[at - 1:at - 1] = ["LEAKED = []\n"]
    return dict(files, **{"cache.py": lines}), lineno_of(lines, LEAK)


def unbounded(files):
    """The programs with a cache that keeps everything."""
    lines = [line.replace("while len(self.kept) > self.limit", "while len(self.kept) > 10 * self.limit")
             for line in files["cache.py"]]
    assert lines != files["cache.py"]
    return dict(files, **{"cache.py": lines})


def faults_of(world, seeds):
    """(what is wrong, or None if a comparison held) one after the other."""
    folder = os.path.dirname(world.folder)
    base, head = os.path.join(folder, "base.pickle"), os.path.join(folder, "head.pickle")

    def expect(what, got, wanted):
        return None if got == wanted else "%s: %s, not %s" % (what, got, wanted)

    for program, moment in ("cache", "cache-2"), ("shop", "leak-2"):
        world.run(world.files, base, program, moment)
        world.run(world.files, head, program, moment)
        yield expect(program + " as it is", world.check(base, head), (0, [], 0))
        moved = hidden = 0
        for seed in range(seeds):
            what = "%s, seed %d: " % (program, seed)
            files = edited(world.files, random.Random(seed))
            world.run(files, head, program, moment)
            status, found, weakly = world.check(base, head)
            yield expect(what + "edited", (status, found), (0, []))
            moved += weakly > 0
            hidden += world.check(base, head, "--match", "lineno")[0] == 1
            if program != "cache":
                continue
            leaking, lineno = planted(files)
            world.run(leaking, head, program, moment)
            yield expect(what + "leaking", world.check(base, head)[:2], (1, [("cache.py", lineno)]))
            world.run(unbounded(files), head, program, moment)
            made = lineno_of(files["cache.py"], "return bytes(500 + len(key))")
            status, found, _ = world.check(base, head)
            yield expect(what + "unbounded", (status, ("cache.py", made) in found), (1, True))
        # Otherwise nothing was tested: by lineno most edits are leaks.
        yield expect(program + ": edits that moved lines, and most of which are leaks by lineno",
                     (moved, hidden > seeds // 2), (seeds, True))
    leaking, lineno = planted(world.files)
    world.run(world.files, base, "cache", "cache-2")
    world.run(leaking, head, "cache", "cache-2")
    yield expect("leaking", world.check(base, head)[:2], (1, [("cache.py", lineno)]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tmcheck", required=True)
    parser.add_argument("--programs", required=True)
    parser.add_argument("--seeds", type=int, default=5)
    share.add_option(parser)
    options = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for version, python in share.judges(find_pythons(), options.every).items():
            results = list(faults_of(World(options, python, folder), options.seeds))
            faults = [result for result in results if result]
            print("CPython %s: %d comparisons, %d failures" % (version_text(version), len(results), len(faults)))
            for fault in faults:
                print("FAIL: " + fault)
            failed += len(faults)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

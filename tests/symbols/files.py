#!/usr/bin/env python3
"""files.py --tool SYMBOL_TOOL --tmconvert TMCONVERT --tmtop TMTOP --compiler CXX --sources DIR: which files are found for a
module, which are refused, and what tmconvert makes of a snapshot with them.
"""
import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

import elf

FLAGS = ["-std=c++20", "-O2", "-g", "-fPIC", "-shared", "-Wl,--build-id"]


class World:
    """A library in a folder of its own, and what is found in it when all is well."""

    def __init__(self, options, folder):
        self.frames = elf.Frames(options.tool)
        self.options = options
        self.folder = folder
        self.path = self.file("a b", "libshop.so")
        source = os.path.join(options.sources, "tests/symbols/program.cpp")
        subprocess.run([options.compiler, *FLAGS, source, "-o", self.path], check=True)
        self.whole = self.file("whole.so")
        shutil.copy(self.path, self.whole)
        self.identity = elf.build_id(self.path)
        self.numbers = elf.addresses(self.path, 500)
        self.all = self.found()
        self.faults = []

    def file(self, *names):
        path = os.path.join(self.folder, *names)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def found(self, *debug_dirs):
        return self.frames.at(self.path, self.numbers, *debug_dirs, identity=self.identity)

    def check(self, what, is_so):
        print(what, "" if is_so else "NOT")
        if not is_so:
            self.faults.append("not so: " + what)

    def reset(self):
        for name in os.listdir(self.folder):
            path = os.path.join(self.folder, name)
            if path != self.whole:
                shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
        self.file("a b", "libshop.so")
        shutil.copy(self.whole, self.path)

    def by_id(self, *folder, end=""):
        return self.file(*folder, ".build-id", self.identity[:2], self.identity[2:] + end)

    def are_unfinished(self, frames):
        return frames == [[("%#x" % number, elf.MODULE, 0)] for number in self.numbers]


def split(world, debug):
    """Moves the debug information of the library into the file `debug`."""
    subprocess.run(["objcopy", "--only-keep-debug", world.whole, debug], check=True)
    subprocess.run(["strip", "--strip-all", world.path], check=True)


def check_debug_files(world):
    world.reset()
    split(world, world.by_id("debug dir", end=".debug"))
    names = {name for _, _, name in elf.symbols(world.path, "-D")}
    stripped = world.found()
    world.check("of a stripped library dynamic symbols are found",
                any(block[0][0] in names for block in stripped) and all(frame[1:] == (elf.MODULE, 0) for block in stripped for frame in block))
    world.check("those are right", all(len(block) == 1 and (block[0][0] in (whole[-1][0], "%#x" % number))
                                       for number, block, whole in zip(world.numbers, stripped, world.all)))
    directory = os.path.join(world.folder, "debug dir")
    world.check("a debug file is found by build-id", world.found(directory) == world.all)
    world.check("... in the second directory", world.found(world.folder, directory) == world.all)
    os.remove(world.path)
    world.check("... without the library", world.found(directory) == world.all)

    world.reset()
    split(world, world.file("a b", "libshop.so.debug"))
    subprocess.run(["objcopy", "--add-gnu-debuglink=libshop.so.debug", world.path], check=True, cwd=world.file("a b", ""))
    world.check("a debug file is found by its link, beside", world.found() == world.all)
    os.rename(world.file("a b", "libshop.so.debug"), world.file("elsewhere", "libshop.so.debug"))
    world.check("... or in a directory", world.found(os.path.join(world.folder, "elsewhere")) == world.all)


def check_mini_debug_info(world):
    world.reset()
    names = world.file("names")
    subprocess.run(["objcopy", "--strip-debug", world.whole, names], check=True)
    subprocess.run(["xz", names], check=True)
    subprocess.run(["strip", "--strip-all", world.path], check=True)
    before = world.found()
    subprocess.run(["objcopy", "--add-section", ".gnu_debugdata=" + names + ".xz", world.path], check=True)
    after = world.found()
    world.check(".gnu_debugdata has local functions, too",
                sum(block[0][0].startswith("0x") for block in after) < sum(block[0][0].startswith("0x") for block in before))


def check_modules(world):
    for names in (("sysroot", world.path.lstrip("/")), ("flat", "libshop.so")):
        world.reset()
        os.rename(world.path, world.file(*names))
        world.check("a library is found below a directory", world.found(os.path.join(world.folder, names[0])) == world.all)
    world.reset()
    os.rename(world.path, world.by_id("flat"))
    world.check("a library is found by build-id", world.found(os.path.join(world.folder, "flat")) == world.all)

    world.reset()
    wrong = "00" + world.identity[2:]
    frames = world.frames.at(world.path, world.numbers, world.folder, identity=wrong)
    world.check("another build-id is refused", world.are_unfinished(frames) and "another build-id" in world.frames.said)
    frames = world.frames.at(world.path, world.numbers, identity="-")
    world.check("... and one where the module had none", world.are_unfinished(frames))
    for what, make in (("missing", lambda: None), ("a folder", lambda: os.mkdir(world.path)),
                       ("a pipe", lambda: os.mkfifo(world.path)), ("text", lambda: shutil.copy(__file__, world.path)),
                       ("empty", lambda: open(world.path, "w", encoding="utf-8").close())):
        world.reset()
        os.remove(world.path)
        make()
        world.check("a module that is %s leaves frames unfinished" % what,
                    world.are_unfinished(world.found()) and world.path in world.frames.said)


def check_damage(world):
    """Whatever is in a file, the tool ends well, and soon."""
    with open(world.whole, "rb") as file:
        whole = file.read()
    chance = random.Random(5)
    world.reset()
    for turn in range(120):
        bad = bytearray(whole)
        if turn % 4 == 0:
            bad = bad[:chance.randrange(len(bad))]
        else:
            start = chance.randrange(len(bad)) if turn % 4 == 1 else len(bad) // 5
            for _ in range(1 << chance.randrange(12)):
                bad[min(len(bad) - 1, start + chance.randrange(len(bad) - start))] = chance.randrange(256)
        with open(world.path, "wb") as file:
            file.write(bad)
        world.frames.text_at(world.path, world.numbers, identity=world.identity)
    print("120 damaged files were survived")


def check_tmconvert(world):
    world.reset()
    recorded, finished = world.file("recorded.tms"), world.file("finished.tms")
    numbers = world.numbers + [0]
    subprocess.run([world.options.tool, "record", recorded, world.path, world.identity], input=elf.lines(numbers).encode(), check=True)

    def run(*words):
        result = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        return result.returncode, result.stdout.decode(), result.stderr.decode().replace(world.path, "LIB").replace(recorded, "IN")

    convert = [world.options.tmconvert, "--symbolize", recorded, finished]
    world.check("tmconvert says what stays",
                run(*convert) == (0, "", "tmconvert: IN: 1 frame of LIB without symbols: no symbol is there\n"))
    world.check("... unless it is quiet", run(*convert, "-q") == (0, "", ""))
    folded = run(world.options.tmconvert, "-q", "--to", "folded", "--symbolize", recorded, "-")[1]
    deepest = max(len(block) for block in world.all)
    world.check("inlined functions are frames", max(line.count(" (") for line in folded.splitlines()) >= deepest > 3)
    totals = [json.loads(run(world.options.tmtop, "--json", path)[1])["total"] for path in (recorded, finished)]
    world.check("totals stay", totals[0] == totals[1] and totals[0]["count"] == len(numbers))
    world.check("nothing is left to do", run(world.options.tmconvert, "--symbolize", finished, recorded)[2].count("\n") == 1)
    os.remove(world.path)
    subprocess.run([world.options.tool, "record", recorded, world.path, world.identity], input=elf.lines(numbers).encode(), check=True)
    said = run(*convert)
    world.check("a library that is not there is named", said[0] == 0 and "%d frames of LIB without symbols: No such file" % len(numbers) in said[2])
    shutil.copy(world.whole, world.file("found", "libshop.so"))
    world.check("... and found where --debug-dir says", "no symbol is there" in run(*convert, "--debug-dir", world.file("found", ""))[2])


def main():
    parser = argparse.ArgumentParser()
    for option in ("--tool", "--tmconvert", "--tmtop", "--compiler", "--sources"):
        parser.add_argument(option, required=True)
    options = parser.parse_args()
    elf.need("nm", "objcopy", "readelf", "strip", "xz")
    os.environ.pop("DEBUGINFOD_URLS", None)
    with tempfile.TemporaryDirectory(prefix="files of ") as folder:
        world = World(options, folder)
        check_debug_files(world)
        check_mini_debug_info(world)
        check_modules(world)
        check_damage(world)
        check_tmconvert(world)
    for fault in world.faults:
        print(fault)
    sys.exit(1 if world.faults else 0)


main()

#!/usr/bin/env python3
"""judge.py --tool SYMBOL_TOOL --compiler CXX --sources DIR [BINARY...]: addr2line judges the frames at many addresses.

It is asked of debug information as DWARF 4; the other forms that the same code has must give the very same frames.
Differences that are explained, and counted:

  plain    a function without a linkage name has just its plain name to addr2line, where the symbol at its entry says all
  outer    addr2line calls an inlined function without a linkage name after the symbol that it is inlined into
  cold     addr2line takes the symbol of the part that the compiler set apart as seldom run
  unit     of DWARF 5 binutils 2.40 gives lines of other files the unit's own file: none in what is compiled here as
           DWARF 4. llvm-symbolizer, where it is installed, must say what we say
  alias    several symbols have one address, and addr2line takes another
"""
import argparse
import collections
import os
import re
import shutil
import subprocess
import sys
import tempfile

import elf

FLAGS = ["-std=c++20", "-O2", "-g", "-gdwarf-4", "-fPIC", "-Wl,--build-id"]
MOST = 1200  # addresses of a binary


def without_arguments(name):
    """ "a::b<c>(d)::{lambda(e)#1}::operator()(f) const [clone .cold]" is "a::b::lambda::call". """
    name = name.replace("(anonymous namespace)", "anonymous").replace("operator()", "call").replace("->", "")
    name = re.sub(r" \[clone [^]]*\]|\[abi:\w+\]", "", name)
    before = None
    while before != name:
        before, name = name, re.sub(r"<[^<>]*>|\([^()]*\)( const)?(?=::|$)|#\d+", "", name)
        name = re.sub(r"\{lambda[^{}]*\}", "lambda", name)
    return name


def plain(name):
    return without_arguments(name).split("(")[0].split("::")[-1].split(" ")[-1]


def name_difference(mine, other, is_inlined, names, aliases):
    if mine == other:
        return ""
    if {mine, other} <= aliases:
        return "alias"
    if other in (mine + ".cold", mine + " [clone .cold]"):
        return "cold"
    if plain(mine) == plain(other) and "::" not in without_arguments(other):
        return "plain"
    if is_inlined and "(" not in without_arguments(mine) and "::" not in without_arguments(mine) and other in names:
        return "outer"
    return None


def difference(ours, theirs, names, aliases):
    """Nothing where they agree, a word of the table above, or None where nothing explains it."""
    if [frame[2] for frame in ours] != [frame[2] for frame in theirs]:
        return None
    words = {name_difference(mine[0], other[0], at + 1 < len(ours), names, aliases)
             for at, (mine, other) in enumerate(zip(ours, theirs))}
    for mine, other in zip(ours, theirs):
        if mine[1] != other[1]:
            words.add("unit" if other[1].endswith((".cpp", ".cc", ".c")) else None)
    return None if None in words else max(words)


def llvm_agrees(path, number, ours):
    if shutil.which("llvm-symbolizer") is None:
        return True
    said = elf.output("llvm-symbolizer", "--obj=" + path, hex(number)).strip().split("\n")
    places = [elf.frame_from("", place.rpartition(":")[0]) for place in said[1::2]]
    return [place[1:] for place in places] == [frame[1:] for frame in ours]


def compare(frames, path, faults, *options, is_dwarf4=True):
    """`options`: of nm, for binaries that have but dynamic symbols."""
    aliases = collections.defaultdict(set)
    for start, _, name in elf.symbols(path, *options):
        aliases[start].add(name)
    every = set().union(*aliases.values())
    shared = {name for names in aliases.values() if len(names) > 1 for name in names}
    numbers = elf.addresses(path, MOST, *options)
    counts = collections.Counter()
    inlined = 0
    for number, ours, theirs in zip(numbers, frames.at(path, numbers), elf.judged(path, numbers)):
        inlined += len(ours) > 1
        if ours[0][2] == 0 and ours[0][1] == elf.MODULE:  # by symbol: addr2line tells of a file, if it can
            theirs = [(theirs[0][0],) + ours[0][1:]]
        word = difference(ours, theirs, every, shared)
        if word == "unit" and (is_dwarf4 or not llvm_agrees(path, number, ours)):
            word = None
        if word is None and counts[word] < 10:
            faults.append("%s: %#x: ours %s, addr2line's %s" % (path, number, ours, theirs))
        counts[word] += 1
    print("%s: %d addresses, %d in inlined functions, explained: %s, differ: %d"
          % (os.path.basename(path), len(numbers), inlined, {word: n for word, n in counts.items() if word}, counts[None]))
    if len(numbers) < 300:
        faults.append("%s: only %d addresses were found: the check is blind" % (path, len(numbers)))
    return inlined


def same(frames, path, twin, faults, *debug_dirs):
    """`twin` has the same code as `path`."""
    numbers = elf.addresses(path, MOST)
    differing = [(hex(number), ours, other) for number, ours, other
                 in zip(numbers, frames.at(path, numbers), frames.at(twin, numbers, *debug_dirs)) if ours != other]
    print("%s: %d addresses as in %s, but %d" % (os.path.basename(twin), len(numbers), os.path.basename(path), len(differing)))
    faults += ["%s: %s" % (twin, item) for item in differing[:5]]


def main():
    parser = argparse.ArgumentParser()
    for option in ("--tool", "--compiler", "--sources"):
        parser.add_argument(option, required=True)
    parser.add_argument("binaries", nargs="*")
    options = parser.parse_args()
    elf.need("addr2line", "nm", "readelf")
    frames = elf.Frames(options.tool)
    faults = []
    with tempfile.TemporaryDirectory(prefix="symbols of ") as folder:
        def build(name, source, *flags):
            path = os.path.join(folder, name)
            includes = ["-I" + os.path.join(options.sources, "libsnapshot", part) for part in ("include", "src")]
            subprocess.run([options.compiler, *FLAGS, *includes, *flags, os.path.join(options.sources, source), "-o", path],
                           check=True, cwd=folder)
            return path

        program = build("a program", "tests/symbols/program.cpp")
        if compare(frames, program, faults) < 300:
            faults.append("too few inlined functions: the check is blind")
        compare(frames, build("grouping.so", "libsnapshot/src/analysis/grouping.cpp", "-shared"), faults)
        compare(frames, build("no pie", "tests/symbols/program.cpp", "-no-pie"), faults)
        for name, flag in (("dwarf 5", "-gdwarf-5"), ("compressed", "-gz"), ("split", "-gsplit-dwarf")):
            same(frames, program, build(name, "tests/symbols/program.cpp", flag), faults)
    for path in options.binaries:
        compare(frames, path, faults, is_dwarf4=False)
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)


main()

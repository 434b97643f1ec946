"""Binaries for the tests of symbols, and what binutils say of them."""
import ctypes
import functools
import os
import re
import shutil
import subprocess
import sys

SKIPPED = 77  # ctest's SKIP_RETURN_CODE
MODULE = "(module)"  # in place of its path


def need(*programs):
    """Ends the test as skipped, loudly, where a program that judges is missing."""
    for program in programs:
        if shutil.which(program) is None:
            print("SKIPPED: " + program + " is not installed")
            sys.exit(SKIPPED)


@functools.lru_cache(None)
def demangled(name):
    """By the compiler's library: binutils' demangler is of another age, and now and then writes other words."""
    if not name.startswith("_Z"):
        return name
    demangle = ctypes.CDLL("libstdc++.so.6").__cxa_demangle
    demangle.restype = ctypes.c_void_p
    text = demangle(name.encode("utf-8", "surrogateescape"), None, None, ctypes.byref(ctypes.c_int()))
    return ctypes.string_at(text).decode("utf-8", "surrogateescape") if text else name


def output(*command, given=""):
    result = subprocess.run(command, input=given.encode(), stdout=subprocess.PIPE, check=True)
    return result.stdout.decode("utf-8", "surrogateescape")


def build_id(path):
    found = re.search(r"Build ID: (\w+)", output("readelf", "-n", path))
    return found.group(1) if found else "-"


def symbols(path, *options):
    """(address, size, name) of the functions that have a size."""
    for line in output("nm", "-S", *options, path).splitlines():
        found = re.match(r"([0-9a-f]{16}) ([0-9a-f]{16}) [tTwWi] (.*)", line)
        if found and int(found.group(2), 16) > 0:
            yield int(found.group(1), 16), int(found.group(2), 16), demangled(found.group(3).split("@")[0])


def addresses(path, most, *options):
    """Addresses in functions, evenly over all of them. Between functions is padding, where no call returns to."""
    spans = sorted({(start, size) for start, size, _ in symbols(path, *options)})
    total = sum(size for _, size in spans)
    step = max(1, total // most)
    return sorted({start + at for start, size in spans for at in range(step // 2 % size, size, step)})


def lines(numbers):
    return "".join("%x\n" % number for number in numbers)


class Frames:
    """What the toolkit finds."""

    def __init__(self, tool):
        self.tool = tool
        self.said = ""

    def text_at(self, path, numbers, *debug_dirs, identity=None):
        command = [self.tool, "frames", path, identity or build_id(path), *debug_dirs]
        result = subprocess.run(command, input=lines(numbers).encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                check=True, timeout=300)
        self.said = result.stderr.decode("utf-8", "surrogateescape")
        return result.stdout.decode("utf-8", "surrogateescape")

    def at(self, path, numbers, *debug_dirs, identity=None):
        """For each address the frames (function, filename, lineno), the most recent first."""
        said = self.text_at(path, numbers, *debug_dirs, identity=identity).replace("\t%s:" % path, "\t%s:" % MODULE)
        return [[frame_from(*line.split("\t")) for line in reversed(block.split("\n"))]
                for block in said.split("\n\n")[:-1]]


def frame_from(function, place):
    filename, _, lineno = re.sub(r" \(discriminator \d+\)", "", place).rpartition(":")
    return demangled(function), os.path.normpath(filename) if filename not in ("", "??") else "??", int(lineno.replace("?", "0"))


def judged(path, numbers):
    """The same by addr2line."""
    blocks = []
    for line in output("addr2line", "-a", "-i", "-f", "-e", path, given=lines(numbers)).splitlines():
        if re.match(r"0x[0-9a-f]{16}$", line):
            blocks.append([])
        else:
            blocks[-1].append(line)
    return [[frame_from(*pair) for pair in zip(block[::2], block[1::2])] for block in blocks]

"""The dumps to measure on: generated, kept, compressed."""
import argparse
import gzip
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zlib
from typing import NamedTuple

HERE = pathlib.Path(__file__).resolve().parent


class Dump(NamedTuple):
    title: str
    old: str
    new: str


def generate(options, path, *arguments):
    if not path.exists():
        print(f"generating {path}", file=sys.stderr)
        partial = path.with_suffix(".partial")
        subprocess.run([options.python, "-I", HERE / "generate.py", *arguments, partial], check=True, stdout=subprocess.DEVNULL)
        partial.rename(path)
    return str(path)


def dump_of(options, traces, frames):
    """A dump and a later one of the same process, kept until generate.py changes."""
    edition = zlib.crc32((HERE / "generate.py").read_bytes())
    name = f"{traces}x{frames}-{edition:08x}"
    arguments = ["--traces", str(traces), "--frames", str(frames), "--seed", "1"]
    return Dump(f"{traces:,} traces, {frames} frame{'s' if frames > 1 else ''}",
                generate(options, options.dumps / f"{name}.pickle", *arguments),
                generate(options, options.dumps / f"{name}-later.pickle", *arguments, "--grow", "2/0.05"))


def repeating_parser(description, runs):
    """Of the options of what measures the blocks of one dump, repeated."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parent.parent / "build/release")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--pickle", help="whose blocks to repeat (default: the generator's, 1 M traces of 25 frames)")
    parser.add_argument("--runs", type=int, default=runs)
    parser.add_argument("--dumps", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "tmtools-bench")
    return parser


def dump_to_repeat(options):
    options.dumps.mkdir(parents=True, exist_ok=True)
    return options.pickle or dump_of(options, 1_000_000, 25).old


def packed(dump, suffix, options):
    """Where a dump is, in another form: the path itself for "plain"."""
    return dump if suffix == "plain" else str(options.dumps / f"{os.path.basename(dump)}.{suffix}")


def pack(dump, suffix, options):
    """Makes the other form of a dump unless there is one; False if there is no program for that."""
    path = packed(dump, suffix, options)
    # Equal, not newer: it must be of this very dump, and takes its time from it. What tmconvert writes may change.
    if suffix != "tms" and os.path.exists(path) and os.stat(path).st_mtime_ns == os.stat(dump).st_mtime_ns:
        return True
    if suffix == "zst" and not shutil.which("zstd"):
        return False
    if suffix == "gz":
        with open(dump, "rb") as plain, gzip.open(path, "wb", 6) as target:
            shutil.copyfileobj(plain, target)
    elif suffix == "tms":
        subprocess.run([options.tmconvert, dump, path], check=True)
    else:
        subprocess.run(["zstd", "-qf", dump, "-o", path], check=True)
    shutil.copystat(dump, path)
    return True

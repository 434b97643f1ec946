"""How small .tms files are, beside the pickles that they were made of under general compression, and where their bytes go.

    size.py [--sizes 1M] [--frames 25,1] [--pickle DUMP]... [--addresses] [--tmconvert PATH] [--tminfo PATH]

Prints tables. Nothing is asserted but that a file converts back to the same statistics, which tests/interop does.
With --addresses the blocks are given addresses by a real malloc (place_blocks), and bytes a block are shown.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from dumps import dump_of
from run import number, numbers, print_table

HERE = pathlib.Path(__file__).resolve().parent
BUILT = HERE.parent.parent / "build/release"
LEVELS = (3, 9, 19)
OTHERS = {"zstd -3": ["zstd", "-3", "-qc"], "zstd -19": ["zstd", "-19", "-qc"], "xz -9": ["xz", "-9", "-c"]}


def length_of_output(command):
    with tempfile.TemporaryFile() as output:
        subprocess.run(command, check=True, stdout=output)
        return output.tell()


def convert(options, dump, path, level):
    begun = time.perf_counter()
    subprocess.run([options.tmconvert, "--level", str(level), dump, path], check=True)
    return time.perf_counter() - begun


def row(name, size, pickle, xz, seconds=None):
    rate = f"{pickle / 1e6 / seconds:.0f}" if seconds else "-"
    return [name, f"{size:,}", f"1/{pickle / size:.1f}", f"1/{xz / size:.2f}", rate]


def print_sizes(options, dump, folder):
    pickle = os.path.getsize(dump)
    others = {name: length_of_output([*command, dump]) for name, command in OTHERS.items()}
    rows = [row("pickle", pickle, pickle, others["xz -9"])]
    rows += [row(name, size, pickle, others["xz -9"]) for name, size in others.items()]
    for level in LEVELS:
        path = folder / f"{level}.tms"
        seconds = min(convert(options, dump, path, level) for _ in range(3))
        rows.append(row(f"tms, level {level}", os.path.getsize(path), pickle, others["xz -9"], seconds))
    totals = folder / "totals.tms"
    subprocess.run([options.tmconvert, "-q", "--totals-only", dump, totals], check=True)
    rows.append(row("tms, totals only", os.path.getsize(totals), pickle, others["xz -9"]))
    print_table(["file", "bytes", "of the pickle", "of xz -9", "MB/s of pickle"], rows)


def print_sections(options, path):
    info = json.loads(subprocess.run([options.tminfo, "--json", path], check=True, stdout=subprocess.PIPE).stdout)["snapshots"][0]
    blocks, tracebacks = info["count"], info["tracebacks"]
    rows = []
    for section in info["sections"]:
        stored = section["stored"]
        rows.append([section["type"], f"{stored:,}", f"{section['plain']:,}", f"{stored / blocks:.4f}", f"{stored / tracebacks:.2f}"])
    whole = os.path.getsize(path)
    rows.append(["file", f"{whole:,}", "", f"{whole / blocks:.4f}", f"{whole / tracebacks:.2f}"])
    print_table(["section", "bytes", "plain", "a block", "a traceback"], rows)


def parse():
    parser = argparse.ArgumentParser(description="Measure the size of .tms files.")
    parser.add_argument("--tmconvert", default=str(BUILT / "apps/tmconvert"))
    parser.add_argument("--tminfo", default=str(BUILT / "apps/tminfo"))
    parser.add_argument("--place-blocks", default=str(BUILT / "tests/bench/place_blocks"))
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--sizes", type=numbers, default=[1_000_000], help="traces in generated dumps (default: 1M)")
    parser.add_argument("--frames", type=numbers, default=[25, 1], help="their traceback limits (default: 25,1)")
    parser.add_argument("--pickle", action="append", help="measure this dump, not generated ones; repeatable")
    parser.add_argument("--addresses", action="store_true", help="also with an address for each block")
    parser.add_argument("--blocks", type=number, default=0, help="with --addresses: so many blocks (default: as many as traces)")
    parser.add_argument("--dumps", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "tmtools-bench")
    return parser.parse_args()


def main():
    options = parse()
    options.dumps.mkdir(parents=True, exist_ok=True)
    dumps = options.pickle or [dump_of(options, size, frames).old for frames in options.frames for size in options.sizes]
    for dump in dumps:
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            print(f"\n{os.path.basename(dump)}\n")
            print_sizes(options, dump, folder)
            print("\nSections, level 9\n")
            print_sections(options, folder / "9.tms")
            if options.addresses:
                placed = folder / "placed.tms"
                info = json.loads(subprocess.run([options.tminfo, "--json", folder / "9.tms"], check=True, stdout=subprocess.PIPE).stdout)
                blocks = options.blocks or info["snapshots"][0]["count"]
                subprocess.run([options.place_blocks, str(blocks), dump, placed], check=True)
                print(f"\nSections with addresses, {blocks:,} blocks, level 9\n")
                print_sections(options, placed)


if __name__ == "__main__":
    main()

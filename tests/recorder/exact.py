#!/usr/bin/env python3
"""Judges that what is recorded of random allocation programs is exactly what they hold: each block's address, size,
thread and traceback, and the totals.

    python3 tests/recorder/exact.py --tools build/dev/apps --programs build/dev/tests/recorder [--seeds 20] [--first 1]

random_blocks says itself what it holds (programs/random_run.h). What the C library holds for the program, and nothing
else, may be there besides; it is counted and, with --rest, listed. Status 1 when anything differs, 77 without tmrecord.
"""
import argparse
import collections
import os
import struct
import tempfile

from recording import Fault, Tools, blocks_of, conclude, function_name, functions_in, is_in, the_snapshot

BLOCK = struct.Struct("<QQQIHBBIIQ")
Own = collections.namedtuple("Own", "address size path thread site depth root family alignment used")
ROOTS = ["work", "on_signal"]
INLINED = {"perform", "descend", "work_on"}  # shown as frames where there is debugging information, and not elsewhere
MALLOC, ALIGNED_NEW = 0, (3, 4)  # of enum Family in programs/random_blocks.h
CALLED = {6: ["level_6", "compare_6"], 7: ["level_7", "many_7"]}  # levels of two functions

# (program, threads, operations, arguments)
VARIANTS = [
    ("random_blocks", 1, 20000, []),
    ("random_blocks", 4, 20000, []),
    ("random_blocks_frame_pointers", 3, 20000, []),
    ("random_blocks_cxx", 1, 20000, []),
    ("random_blocks_cxx", 4, 20000, []),
    ("random_blocks_cxx", 4, 20000, ["signals"]),
    ("random_blocks", 2, 20000, ["signals"]),
]


def read_list(path):
    with open(path, "rb") as file:
        return [Own(*fields) for fields in BLOCK.iter_unpack(file.read())]


def expected_functions(own):
    names = [ROOTS[own.root]]
    for level in range(own.depth):
        digit = own.path >> (3 * level) & 7
        names += CALLED.get(digit, ["level_%d" % digit])
    return names + ["site_%d" % own.site]


def recorded_functions(block, program, root):
    """From the outermost function of the chain on."""
    names = [name for name in functions_in(block.frames, program)
             if name not in INLINED and not name.startswith("call_")]
    at = len(names) - 1 - names[::-1].index(root) if root in names else 0
    return names[at:]


def expected_size(own):
    """What malloc is asked for: by libstdc++ for at least a byte, and for a multiple of what operator new aligns by."""
    if own.family == MALLOC:
        return own.size
    unit = own.alignment if own.family in ALIGNED_NEW else 1
    return -(-max(own.size, 1) // unit) * unit


def faults_of_block(own, block, program):
    if block.size != expected_size(own):
        yield "size is %d, not %d" % (block.size, expected_size(own))
    if block.thread != own.thread:
        yield "thread is %r, not %d" % (block.thread, own.thread)
    wanted = expected_functions(own)
    found = recorded_functions(block, program, wanted[0])
    if found != wanted:
        yield "traceback is %s, not %s" % (" ".join(found), " ".join(wanted))


def is_programs(block, program):
    """Whether it was the program that asked for it: its own frame, or that of operator new for it, is the most recent."""
    frames = [frame for frame in block.frames if not function_name(frame).startswith("operator new")]
    return bool(frames) and is_in(frames[-1], program)


def faults_of_totals(snapshot, blocks):
    size, count = sum(block.size for block in blocks), len(blocks)
    if (snapshot["total"]["size"], snapshot["total"]["count"]) != (size, count):
        yield "the total is %r, the blocks have %d bytes in %d" % (snapshot["total"], size, count)
    traced = snapshot["info"].get("traced_memory")
    if traced is None or traced["size"] != size:
        yield "traced memory is %r, the blocks have %d bytes" % (traced, size)


def judge(snapshot, owns, program):
    """(faults, blocks that are not the program's own)"""
    blocks = list(blocks_of(snapshot))
    by_address = {block.address: block for block in blocks}
    faults = list(faults_of_totals(snapshot, blocks))
    if len(by_address) != len(blocks):
        faults.append("%d blocks at %d addresses" % (len(blocks), len(by_address)))
    addresses = set()
    for own in owns:
        addresses.add(own.address)
        block = by_address.get(own.address)
        what = "%d bytes at 0x%x, site %d, depth %d, family %d" % (own.size, own.address, own.site, own.depth, own.family)
        if block is None:
            faults.append("not recorded: " + what)
        else:
            faults += [what + ": " + fault for fault in faults_of_block(own, block, program)]
    rest = [block for block in blocks if block.address not in addresses]
    faults += ["recorded, but freed: %d bytes at 0x%x: %s"
               % (block.size, block.address, " ".join(map(function_name, block.frames)))
               for block in rest if not block.frames or is_programs(block, program)]
    return faults, rest


def run_variant(tools, options, variant, seed):
    name, threads, operations, arguments = variant
    program = os.path.join(os.path.abspath(options.programs), name)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "list")
        run = tools.record([program, str(seed), str(threads), str(operations), path, *arguments], ["--frames", "128"])
        if run.status != 0:
            raise Fault("status %d: %s" % (run.status, run.stderr.decode()))
        owns = read_list(path)
    if len(owns) < 100:
        raise Fault("the program holds only %d blocks: nothing is judged" % len(owns))
    return judge(the_snapshot(run), owns, program) + (len(owns),)


def print_rest(rest):
    for block in rest:
        print("    %d bytes: %s" % (block.size, " ".join(map(function_name, block.frames[-4:]))))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(":", maxsplit=1)[0])
    parser.add_argument("--tools", required=True, help="the directory of tmrecord and tmconvert")
    parser.add_argument("--programs", required=True, help="the directory of random_blocks")
    parser.add_argument("--seeds", type=int, default=2, help="of each variant (default: %(default)s)")
    parser.add_argument("--first", type=int, default=1, help="the first seed (default: %(default)s)")
    parser.add_argument("--rest", action="store_true", help="list blocks that are not the program's own")
    options = parser.parse_args()
    tools = Tools(options.tools)
    faults = []
    for variant in VARIANTS:
        for seed in range(options.first, options.first + options.seeds):
            what = "%s, %d threads%s, seed %d" % (variant[0], variant[1], "".join(", " + word for word in variant[3]), seed)
            try:
                found, rest, count = run_variant(tools, options, variant, seed)
            except Fault as fault:
                found, rest, count = [str(fault)], [], 0
            faults += [what + ": " + fault for fault in found]
            print("%s: %d blocks, %d faults; besides %d blocks of libraries, %d bytes"
                  % (what, count, len(found), len(rest), sum(block.size for block in rest)), flush=True)
            if options.rest:
                print_rest(rest)
    conclude(faults)


if __name__ == "__main__":
    main()

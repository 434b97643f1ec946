#!/usr/bin/env python3
"""The .tms files that the toolkit writes are what FILE_FORMAT.md says, and say what the toolkit says of them.

    python3 tests/interop/format.py --tools build/dev/apps --place-blocks build/dev/tests/bench/place_blocks \
        --samples samples/snapshots

A codec that is tested with itself may be wrong in one way on both sides. So read_tms.py, written from the document
alone, reads every sample, packed lightly, hard, and without its blocks; what it finds is compared with tmconvert's JSON of the dump.
Then the reader itself is tested: damaged files, and whole ones that break a rule, must be refused, by it and by the toolkit.
Status 1 when anything differs, 77 without the program zstd.
"""
import argparse
import calendar
import collections
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

import made_tms
import read_tms


# What a file holds, in one form: {"info": ..., "total": ..., "rows": {(traceback, nframe, domain): (size, count, blocks)}}

def nanoseconds(text):
    when, fraction = re.fullmatch(r"([^.Z]*)(?:\.(\d{1,9}))?Z", text).groups()
    return calendar.timegm(time.strptime(when, "%Y-%m-%dT%H:%M:%S")) * 10**9 + int((fraction or "").ljust(9, "0"))


def number(text):
    return None if text is None else int(text, 16)


def comparable(metric):
    """A double as text, for what is no number is not equal to itself."""
    value = metric["value"]
    return {**metric, "value": value if isinstance(value, int) else repr(float(value))}


def info_of_json(info):
    info = {**info.get("process", {}), **{name: value for name, value in info.items() if name != "process"}}
    for name in {"time", "start_time"} & set(info):
        info[name] = nanoseconds(info[name])
    for module in info.get("modules", []):
        module.update(address=number(module["address"]), build_id=bytes.fromhex(module["build_id"]))
    return with_metrics(info)


def with_metrics(info):
    return {**info, "metrics": [comparable(metric) for metric in info.get("metrics", [])]}


def block_of_json(trace):
    birth = trace.get("birth")
    return (trace["size"], number(trace.get("address")), trace.get("thread"), None if birth is None else nanoseconds(birth),
            trace.get("weight"), trace.get("type"))


def contents_of_json(document):
    rows = {}
    for total in document["totals"]:
        traceback = tuple((frame["filename"], frame["lineno"], frame.get("function"), frame.get("module"))
                          for frame in total["traceback"])
        blocks = collections.Counter()
        for trace in total.get("traces", []):
            blocks[block_of_json(trace)] += trace["count"]
        key = (traceback, total.get("total_nframe"), total["domain"])
        rows[key] = (total["size"], total["count"], blocks if "traces" in total else None)
    return {"info": info_of_json(document["info"]), "total": document["total"], "rows": rows}


def blocks_of(snapshot):
    """For each row of TOTL how many blocks of each kind it has, or None where the file has sums alone."""
    if snapshot.sizes is None:
        return [None] * len(snapshot.totals)
    counters, types = [collections.Counter() for _ in snapshot.totals], snapshot.types
    if snapshot.blocks is not None:
        named = [None] * len(snapshot.blocks) if types is None else [types.names[number] for number in types.blocks]
        for (row, size, address, thread, birth, weight), name in zip(snapshot.blocks, named):
            counters[row][size, address, thread - 1 if thread else None, birth, weight, name] += 1
    elif types is not None:
        for (row, size, number), count in types.counts.items():
            counters[row][size, None, None, None, None, types.names[number]] += count
    else:
        for row, size, count in snapshot.sizes:
            counters[row][size, None, None, None, None, None] += count
    return counters


def contents(snapshot):
    names = [None, *snapshot.strings]
    frames = [(names[1 + frame.filename], frame.lineno, names[frame.function], names[frame.module]) for frame in snapshot.frames]
    tracebacks = [tuple(frames[frame] for frame in traceback) for traceback in snapshot.tracebacks]
    rows = {(tracebacks[total.traceback], total.nframe, total.domain): (total.size, total.count, blocks)
            for total, blocks in zip(snapshot.totals, blocks_of(snapshot))}
    extra = [{"type": section.type.decode(), "size": len(section.plain)} for section in snapshot.extra]
    info = {**snapshot.info, **({"extra_sections": extra} if extra else {})}
    return {"info": with_metrics(info), "total": {"size": snapshot.size, "count": snapshot.count}, "rows": rows}


# What is checked

class Checker:
    def __init__(self, tools, folder):
        self.tmconvert, self.folder = os.path.join(tools, "tmconvert"), folder
        self.compared, self.faults = collections.Counter(), []

    def expect(self, kind, what, holds):
        self.compared[kind] += 1
        if not holds:
            self.faults.append("%s: %s" % (kind, what))

    def convert(self, source, target, *options):
        """Whether it went well; the target is a name in the folder."""
        command = [self.tmconvert, "-q", *options, source, os.path.join(self.folder, target)]
        return subprocess.run(command, stderr=subprocess.PIPE, check=False).returncode == 0

    def as_json(self, source, name):
        """What tmconvert says of the contents, or None."""
        if not self.convert(source, name + ".json"):
            return None
        with open(os.path.join(self.folder, name + ".json"), encoding="utf-8") as file:
            return contents_of_json(json.load(file))

    def save(self, name, data):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(data)
        return path


def bytes_of(path):
    with open(path, "rb") as file:
        return file.read()


def refusal(data):
    """What rule the file breaks, by the reader here; None when it keeps all."""
    try:
        read_tms.read(data)
    except read_tms.Malformed as error:
        return str(error)
    return None


def without_layout(data):
    """The plain bytes of the sections whose contents do not depend on how well zstd packs."""
    known, extra = read_tms.read_sections(data)
    return [section[:1] + section[2:3] for section in [*known.values(), *extra] if section.type not in (b"BIDX", b"BLKS")]


def check_sample(checker, path):
    name = os.path.basename(path)
    said, packings = checker.as_json(path, name), []
    variants = {"level 1": ["--level", "1"], "level 19": ["--level", "19"], "sums alone": ["--totals-only"]}
    for variant, options in variants.items():
        out = "%s %s.tms" % (name, variant)
        converted = checker.convert(path, out, *options)
        checker.expect("conversions", out, converted)
        if not converted:
            return
        packings.append(bytes_of(os.path.join(checker.folder, out)))
        if variant == "sums alone":
            said = checker.as_json(os.path.join(checker.folder, out), out)
        check_contents(checker, out, packings[-1], said)
    checker.expect("packings", name, without_layout(packings[0]) == without_layout(packings[1]))
    if name.endswith(".tms"):
        check_contents(checker, name, bytes_of(path), checker.as_json(path, name))


def check_contents(checker, what, data, said):
    try:
        found = contents(read_tms.read(data))
    except read_tms.Malformed as error:
        checker.expect("files", "%s: it does not hold that %s" % (what, error), False)
        return
    checker.expect("files", what + " is not there", said is not None)
    for part in found if said else ():
        checker.expect(part, what, found[part] == said[part])
    checker.compared["rows compared"] += len(found["rows"])
    checker.compared["kinds of blocks compared"] += sum(len(blocks or ()) for _, _, blocks in found["rows"].values())


def check_made(checker, name, sections):
    """One of those made by hand: what both readers say of it."""
    data = made_tms.whole_file(sections)
    path = checker.save("made %s.tms" % name, data)
    if name in made_tms.GOOD:
        check_contents(checker, "made: " + name, data, checker.as_json(path, name))
        return
    checker.expect("refused", "made: " + name, refusal(data))
    if name in made_tms.BAD:
        checker.expect("refused by tmconvert", name, not checker.convert(path, name + ".json"))


def check_damage(checker, path):
    """One bit of each byte is turned, and the file cut short: it is refused, or holds what it held, as where the bit is one that
    zstd does not look at. The minor version may be any."""
    data = bytes_of(path)
    whole, spots = contents(read_tms.read(data)), [at for at in range(len(data)) if at not in (10, 11)]
    damaged = [data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1:] for at in spots]
    damaged += [data[:at] for at in range(0, len(data), 16)]
    with concurrent.futures.ThreadPoolExecutor() as pool:
        for number, said in enumerate(pool.map(refusal, damaged)):
            harmless = not said and contents(read_tms.read(damaged[number])) == whole
            checker.expect("harmless damages" if harmless else "damages", "%s, %d" % (path, number), said or harmless)


def check_all(checker, options):
    samples = [os.path.join(options.samples, name) for name in sorted(os.listdir(options.samples))
               if ".pickle" in name or name.endswith(".tms")]
    placed = os.path.join(checker.folder, "placed.tms")
    subprocess.run([options.place_blocks, "50000", os.path.join(options.samples, "inventory.pickle"), placed], check=True)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        done = [pool.submit(check_sample, checker, path) for path in [*samples, placed]]
        for group in (made_tms.GOOD, made_tms.BAD, made_tms.NOT_CANONICAL):
            done += [pool.submit(check_made, checker, *case) for case in group.items()]
        for future in done:
            future.result()
    pages = read_tms.read(bytes_of(placed)).index.pages
    checker.expect("files", "placed.tms has several pages", len(pages) == 4)
    check_damage(checker, os.path.join(options.samples, "arena.tms"))
    check_damage(checker, os.path.join(options.samples, "objects.tms"))
    return len(samples)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tools", required=True, metavar="DIR")
    parser.add_argument("--place-blocks", required=True, metavar="PROGRAM")
    parser.add_argument("--samples", required=True, metavar="DIR")
    options = parser.parse_args()
    if shutil.which("zstd") is None:
        print("SKIPPED: no program zstd, so that nothing was compared")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        checker = Checker(os.path.abspath(options.tools), folder)
        samples = check_all(checker, options)
    for fault in checker.faults[:20]:
        print("DIFFERS: " + fault.encode("utf-8", "backslashreplace").decode("utf-8"))
    print("%d samples: %s; %d differences" % (
        samples, ", ".join("%d %s" % (count, kind) for kind, count in checker.compared.items()), len(checker.faults)))
    return 1 if checker.faults or not samples else 0


if __name__ == "__main__":
    sys.exit(main())

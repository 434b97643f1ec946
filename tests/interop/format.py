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
    info = {**info, **info.pop("process", {})}
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
            trace.get("weight"))


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
    counters = [collections.Counter() for _ in snapshot.totals]
    if snapshot.blocks is None:
        for row, size, count in snapshot.sizes:
            counters[row][size, None, None, None, None] += count
    else:
        for row, size, address, thread, birth, weight in snapshot.blocks:
            counters[row][size, address, thread - 1 if thread else None, birth, weight] += 1
    return counters


def contents(snapshot):
    names = [None, *snapshot.strings]
    frames = [(names[1 + frame.filename], frame.lineno, names[frame.function], names[frame.module]) for frame in snapshot.frames]
    tracebacks = [tuple(frames[frame] for frame in traceback) for traceback in snapshot.tracebacks]
    rows = {(tracebacks[total.traceback], total.nframe, total.domain): (total.size, total.count, blocks)
            for total, blocks in zip(snapshot.totals, blocks_of(snapshot))}
    return {"info": with_metrics(snapshot.info), "total": {"size": snapshot.size, "count": snapshot.count}, "rows": rows}
def json_of(path):
    with open(path) as f: return json.load(f)

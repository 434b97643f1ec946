#!/usr/bin/env python3
"""A program that records itself: what its snapshots hold."""
import argparse
import json
import os
import subprocess
import sys
import tempfile

SPARE = {"LC_ALL": "C"}


def load(tools, path):
    text = subprocess.run([os.path.join(tools, "tmconvert"), "--to", "json", path, "-"], check=True,
                          capture_output=True).stdout
    return json.loads(text)


def expect(what, found, wanted):
    if found != wanted:
        sys.exit("%s: %r, not %r" % (what, found, wanted))


def of_functions(snapshot):
    """{(domain, most recent function): (blocks, bytes)}"""
    found = {}
    for total in snapshot["totals"]:
        key = total["domain"], total["traceback"][-1].get("function")
        blocks, size = found.get(key, (0, 0))
        found[key] = blocks + total["count"], size + total["size"]
    return found


def check(tools, directory, recorder):
    full, dropped, again = (load(tools, os.path.join(directory, name + ".tms")) for name in ("full", "dropped", "again"))
    info = full["info"]
    expect("full.tms", of_functions(full), {(7, "main"): (3, 32 + 8 + (3 << 41)), (0, "fill"): (1000, 100000)})
    expect("domains", info["domains"], [{"id": 7, "name": "arena"}, {"id": 8, "name": ""}])
    own = {metric["name"]: metric["value"] for metric in info["metrics"]}
    expect("metrics", (own["requests"], own["load"]), (43, 0.5))
    expect("recorder", info["recorder"].split()[0], recorder)
    expect("traced memory", info["traced_memory"]["size"], sum(total["size"] for total in full["totals"]))
    expect("dropped.tms", of_functions(dropped), {(7, "main"): (2, 40), (0, "fill"): (10, 1000)})
    expect("the peak that was reset", dropped["info"]["traced_memory"], {"size": 1040, "peak": 1040})
    expect("again.tms", of_functions(again), {(0, "fill"): (1000, 20000)})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tools", required=True, help="the directory of the tools")
    parser.add_argument("program")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run([arguments.program, directory], check=True, env={**os.environ, **SPARE})
        check(arguments.tools, directory, "libsnapshot")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""A program that records itself, alone and under tmrecord: what its snapshots hold."""
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


def of_function(snapshot, name, domain=None):
    """(blocks, bytes) whose most recent frame is in the function."""
    chosen = [trace for trace in snapshot["traces"] if trace.get("domain") == domain
              and trace["traceback"][-1].get("function") == name]
    return sum(trace.get("count", 1) for trace in chosen), sum(trace["size"] * trace.get("count", 1) for trace in chosen)


def check(tools, directory):
    full = load(tools, os.path.join(directory, "full.tms"))
    print(json.dumps(full["traces"][0]), list(full))
    return full


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tools", required=True, help="the directory of the tools")
    parser.add_argument("program")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run([arguments.program, directory], check=True, env={**os.environ, **SPARE})
        check(arguments.tools, directory)


if __name__ == "__main__":
    main()

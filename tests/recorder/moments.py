#!/usr/bin/env python3
"""Snapshots at the peak, on a signal and of a sample hold what the program says it held then."""
import argparse
import os
import statistics
import sys

import recording


def held(snapshot):
    return sum(total["size"] for total in snapshot["totals"])


def expect(true, what):
    if not true:
        raise recording.Fault(what)


def peak(tools, program):
    run = tools.record([program, "peak"], ["--on", "peak"])
    most = int(run.stdout)
    snapshot = recording.the_snapshot(run)
    share = held(snapshot) / most
    print("peak: the snapshot has %.1f %% of %d bytes" % (100 * share, most))
    expect(0.95 <= share <= 1.05, "peak: %.3f of the true peak" % share)
    told = snapshot["info"]["traced_memory"]["peak"]
    expect(most <= told <= most + 100000, "peak: it says that there were %d bytes, not %d" % (told, most))


def signal(tools, program):
    run = tools.record([program, "ask"], ["--on", "exit,signal:USR2"], name="s.%n.tms")
    expect(run.status == 0, "signal: status %d" % run.status)
    sizes = [held(snapshot) for snapshot in run.snapshots]
    print("signal: %s bytes" % sizes)
    expect(len(sizes) == 2 and sizes == [100000, 200000], "signal: snapshots of %s bytes" % sizes)


def sample(tools, program):
    shares = []
    for _ in range(9):
        run = tools.record([program, "sample"], ["--sample", "16KiB"])
        weights = [trace.get("weight") for total in recording.the_snapshot(run)["totals"] for trace in total["traces"]]
        shares.append(sum(weights) / int(run.stdout))
    print("sample: weights are %.3f of the bytes in the mean of %d runs" % (statistics.mean(shares), len(shares)))
    # 20 million bytes are some 1,200 samples: a run is off by 3 %, the mean of nine by 1 %; five times that never comes.
    expect(abs(statistics.mean(shares) - 1) < 0.05, "sample: %s" % shares)
    expect(min(shares) != max(shares), "sample: all runs have the same samples")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tools", required=True, help="the directory of tmrecord and tmconvert")
    parser.add_argument("--programs", required=True, help="the directory of moments")
    arguments = parser.parse_args()
    tools = recording.Tools(arguments.tools)
    program = os.path.join(arguments.programs, "moments")
    failed = False
    for check in (peak, signal, sample):
        try:
            check(tools, program)
        except recording.Fault as fault:
            print("FAIL: %s" % fault)
            failed = True
    sys.exit(failed)


if __name__ == "__main__":
    main()

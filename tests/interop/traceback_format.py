#!/usr/bin/env python3
"""The interop test of tmtrace: its tracebacks are CPython's Traceback.format(), byte for byte, every CPython at hand
judging; its rows, its tree and what a place selects are what counting CPython's traces gives.

    python3 tests/interop/traceback_format.py --tmtrace build/dev/apps/tmtrace --samples samples/snapshots
        --sources samples/programs

Status 1 when anything differs; what could not be judged is said aloud.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile

import run
import share
from pythons import find_pythons

JUDGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "traceback_judge.py")
FIRST = (3, 7)  # 3.6 has no most_recent_first, and its frames are in the other order


def check_text(tool, arguments, case):
    output = tool.output(["-f", "tracemalloc", "-n", "0"] + arguments)
    wrong = run.check_run(output, True)
    expected = case["text"].encode("utf-8", "surrogateescape")
    if not wrong and output.stdout != expected:
        wrong = run.first_difference(expected.split(b"\n"), output.stdout.split(b"\n"))
    return wrong


def row(document_row, nframes_known):
    most = document_row.get("total_nframe")
    nframes = most and [document_row.get("least_total_nframe", most), most]
    return [document_row["size"], document_row["count"], run.frames_of(document_row), nframes if nframes_known else None]


def check_rows(document, case):
    nframes_known = any(expected[3] for expected in case["rows"])
    actual = [row(one, nframes_known) for one in document["tracebacks"]]
    return None if actual == case["rows"] else run.first_difference(case["rows"], actual)


def tree_rows(nodes):
    """As the judge has them."""
    found = []
    pending = [([], node) for node in nodes]
    while pending:
        path, node = pending.pop()
        path = path + [[node["frame"]["filename"], node["frame"]["lineno"]]]
        found.append([path, node["size"], node["count"], node["own_size"], node["own_count"]])
        sizes = [child["size"] for child in node["children"]]
        assert sizes == sorted(sizes, reverse=True), "children out of order"
        pending += [(path, child) for child in node["children"]]
    return sorted(found)


def check_numbers(tool, arguments, case):
    output = tool.output(["--json"] + arguments)
    wrong = run.check_run(output, True)
    if wrong:
        return wrong
    document = tool.document(["--json"] + arguments)
    if document["schema"] != "tmtrace/1":
        return "schema %r" % document["schema"]
    if "rows" in case:
        return check_rows(document, case)
    actual = tree_rows(document["tree"])
    return None if actual == case["tree"] else run.first_difference(case["tree"], actual)


def check_place(tool, case):
    done = tool.output(["--json"] + case["arguments"], case["place"])
    if case["total"][1] == 0:
        told = b"--any-frame" in done.stderr or b"no traceback passes" in done.stderr
        return None if done.status == 1 and not done.stdout and told else "status %d" % done.status
    if done.status != 0 or done.stderr:
        return "status %d, stderr %r" % (done.status, done.stderr)
    total = json.loads(done.stdout.decode("utf-8"))["total"]
    actual = [total["size"], total["count"]]
    return None if actual == case["total"] else "CPython %r, ours %r" % (case["total"], actual)


def check_case(tool, options, case):
    if "place" in case:
        return check_place(tool, case)
    check = check_text if "text" in case else check_numbers
    return check(tool, case["arguments"] + (["--source-root", options.sources] if "text" in case else []), case)


def judged(python, *arguments, **more):
    done = subprocess.run([python, "-B", JUDGE] + list(arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
    if done.returncode != 0:
        raise RuntimeError("%s %s: %s" % (python, " ".join(arguments), done.stderr.decode()))
    head, *cases = map(json.loads, done.stdout.decode("utf-8").splitlines())
    return head, cases


class Tally:
    def __init__(self, subject):
        self.subject = subject
        self.compared, self.skipped, self.failures = collections.Counter(), {}, collections.defaultdict(list)

    def add(self, version, case, wrong):
        self.compared[version] += 1
        if wrong:
            question = " ".join(case["arguments"] + [case.get("place", "")])
            self.failures["%s: %s\n  %s" % (self.subject, question, wrong)].append(run.version_text(version))

    def outcome(self):
        return run.Outcome(self.subject, self.compared, self.skipped, dict(self.failures))


def check_sample(options, number, path, pythons):
    tool, tally = run.Tool(options.tmtrace, [path]), Tally(os.path.basename(path))
    for version, python in pythons.items():
        head, cases = judged(python, run.uncompressed(path), options.sources)
        if "unsupported" in head:
            tally.skipped[version] = head["unsupported"]
        for case in share.share(cases, options.every, number):
            tally.add(version, case, check_case(tool, options, case))
    return tally.outcome()


def check_recorded(options, version, python):
    """A dump of that very CPython, whose sources are all at hand."""
    tally = Tally("a dump of CPython " + run.version_text(version))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "recorded.pickle")
        _, cases = judged(python, "--record", path, cwd=folder)
        tool = run.Tool(options.tmtrace, [path])
        if not any("    return collections" in case["text"] for case in cases):
            tally.add(version, {"arguments": []}, "CPython shows no line of source: the test is blind")
        for case in cases:
            tally.add(version, case, check_text(tool, case["arguments"], case))
    return tally.outcome()


def tell(pythons, outcomes):
    failed = run.tell_failures(outcomes)
    for version in pythons:
        unread = [outcome for outcome in outcomes if version in outcome.skipped]
        if unread:
            print("SKIPPED: CPython %s cannot load %d of %d: %s" % (
                run.version_text(version), len(unread), len(outcomes), unread[0].skipped[version]))
    compared = sum((outcome.compared for outcome in outcomes), collections.Counter())
    print("interop.traceback: %d comparisons, %d failures, judged by CPython %s" % (
        sum(compared.values()), failed,
        ", ".join("%s (%d)" % (run.version_text(version), compared[version]) for version in pythons)))
    return failed == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tmtrace", required=True)
    parser.add_argument("--samples", required=True, help="the folder of the dumps")
    parser.add_argument("--sources", required=True, help="the folder of their programs")
    share.add_option(parser)
    options = parser.parse_args()
    able = {version: python for version, python in find_pythons().items() if version >= FIRST}
    pythons = share.judges(able, options.every)
    if not pythons:
        print("SKIPPED: interop.traceback: no CPython 3.7 or later on this machine")
        return 0
    paths = [path for (path,) in (names for names in run.subjects(options.samples) if len(names) == 1)]
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        running = [pool.submit(check_sample, options, number, path, pythons) for number, path in enumerate(paths)]
        running += [pool.submit(check_recorded, options, *one) for one in pythons.items()]
        outcomes = [future.result() for future in running]
    return 0 if tell(pythons, outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())

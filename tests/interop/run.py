#!/usr/bin/env python3
"""The interop test: tmtop and tmdiff must say what CPython's tracemalloc says, every CPython at hand judging.

    python3 tests/interop/run.py --tmtop build/dev/apps/tmtop --tmdiff build/dev/apps/tmdiff --samples samples/snapshots

judge.py asks each CPython; here each question goes to our tool twice, as text (equal byte for byte) and as
JSON (equal number by number). Status 1 when anything differs; what could not be judged is said aloud.
"""
import argparse
import collections
import concurrent.futures
import functools
import json
import os
import shlex
import subprocess
import sys

import share
from pythons import find_pythons, version_text

JUDGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "judge.py")
KNOWN_VERSIONS = range(6, 15)  # CPython 3.6 to 3.14

PAIRS = [
    ("leak-0", "leak-1"), ("leak-1", "leak-2"), ("leak-2", "leak-0"), ("leak-1", "leak-1"), ("talk-0", "talk-1"),
    ("cache-0", "cache-1"), ("cache-1", "cache-2"), ("leak-0", "inventory"), ("talk-1", "domains"), ("domains", "large"),
    ("empty", "talk-0"), ("talk-0", "empty"), ("empty", "empty"), ("protocol-0", "protocol-4"), ("unshared", "no-memo"),
    ("names-protocol-0", "names"), ("cache-0", "names"), ("startup", "py313-leak"),
    # across versions: other lines of the standard library, and traces of another shape
    ("old-py34-leak", "py36-leak"), ("py36-leak", "py37-leak"), ("py38-leak", "py39-leak"), ("py36-recurse", "py313-recurse"),
    ("old-py35-recurse", "py38-recurse"), ("py312-leak", "py313-leak"), ("leak-0.pickle.gz", "leak-1.pickle.zst"),
]
MOST_SHOWN = 10  # failures told in full

Outcome = collections.namedtuple("Outcome", "subject compared skipped failures")
Output = collections.namedtuple("Output", "status stdout stderr")


class Tool:
    """Runs one tool on one subject. The Pythons ask the same questions, so each answer is kept."""

    def __init__(self, program, paths):
        self.program, self.paths, self.outputs, self.documents = program, paths, {}, {}

    def command(self, arguments, place=None):
        return [self.program] + arguments + self.paths + ([] if place is None else [place])

    def output(self, arguments, place=None):
        key = (place, *arguments)
        if key not in self.outputs:
            done = subprocess.run([os.fsencode(word) for word in self.command(arguments, place)],
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.outputs[key] = Output(done.returncode, done.stdout, done.stderr)
        return self.outputs[key]

    def document(self, arguments):
        key = tuple(arguments)
        if key not in self.documents:
            self.documents[key] = json.loads(self.output(arguments).stdout.decode("utf-8"))
        return self.documents[key]


# What our JSON holds, in the form in which judge.py tells it

def frames_of(row):
    # Grouped by file name there is no line: CPython says 0, ours may leave it out.
    return [[frame["filename"], frame.get("lineno", 0)] for frame in row["traceback"]]


def statistic(row):
    return [row["size"], row["count"], frames_of(row)]


def difference(row):
    return [row["size"], row["size_diff"], row["count"], row["count_diff"], row["status"], frames_of(row)]


def first_difference(expected, actual):
    for number, (one, other) in enumerate(zip(expected, actual)):
        if one != other:
            return "row %d\n    CPython %r\n    ours    %r" % (number + 1, one, other)
    longer, name = (expected, "CPython") if len(expected) > len(actual) else (actual, "ours")
    return "%d rows against %d, the first more of %s\n    %r" % (
        len(expected), len(actual), name, longer[min(len(expected), len(actual))])


def check_run(output, anything_expected):
    """None, or what is wrong about how the tool ended. That nothing matched may be told by status 1 and a message."""
    if output.status == 0 and not output.stderr:
        return None
    if output.status in (0, 1) and not anything_expected:
        return None
    return "status %d, stderr %r" % (output.status, output.stderr.decode("utf-8", "replace"))


def check_text(tool, arguments, case):
    output = tool.output(arguments)
    expected = "".join(line + "\n" for line in case["lines"]).encode("utf-8", "surrogateescape")
    wrong = check_run(output, case["lines"])
    if not wrong and output.stdout != expected:
        wrong = first_difference(expected.split(b"\n"), output.stdout.split(b"\n"))
    return wrong


def check_json(tool, arguments, case, ordered=True, same=True):
    wrong = check_run(tool.output(arguments), case["rows"])
    if wrong:
        return wrong
    try:
        document = tool.document(arguments)
        is_diff = document["schema"].startswith("tmdiff/")
        actual = [difference(row) if is_diff else statistic(row) for row in document["statistics"]]
        keys = ("size", "size_diff", "count", "count_diff") if is_diff else ("size", "count")
        total = [document["total"][key] for key in keys]
        head = [document["group_by"], document["cumulative"]]
    except (ValueError, KeyError, TypeError) as error:
        return "not the JSON of tools.md: %s %s" % (type(error).__name__, error)
    expected = case["rows"] if same else [row for row in case["rows"] if row[4] != "SAME"]
    if not ordered:
        expected, actual = sorted(expected), sorted(actual)
    if head != [arguments[arguments.index("-g") + 1], "-c" in arguments]:
        return "group_by, cumulative: %r" % head
    if total != case["total"]:
        return "total\n    CPython %r\n    ours    %r" % (case["total"], total)
    return None if actual == expected else first_difference(expected, actual)


def checks(is_diff, arguments):
    """The ways to ask one question: (arguments, the check of what comes back)."""
    yield ["-f", "tracemalloc", "-n", "0"] + arguments, check_text
    # JSON is always oldest first: where this CPython is not, its order of ties is another.
    oldest_first = [word for word in arguments if word != "--most-recent-first"]
    numbers = functools.partial(check_json, ordered=oldest_first == arguments)
    if not is_diff:
        yield ["--json"] + oldest_first, numbers
    else:
        yield ["--json", "--same"] + oldest_first, numbers
        yield ["--json"] + oldest_first, functools.partial(numbers, same=False)


def file_name(name):
    return name if ".pickle" in name else name + ".pickle"


def uncompressed(path):
    """The compressed samples are copies, and CPython reads the copied one."""
    return path[:path.index(".pickle")] + ".pickle"


def judge(python, paths):
    done = subprocess.run([python, "-B", JUDGE] + [uncompressed(path) for path in paths],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    if done.returncode != 0:
        raise RuntimeError("%s judge.py %s: %s" % (python, " ".join(paths), done.stderr))
    head, *cases = map(json.loads, done.stdout.splitlines())
    return head, cases


def check_subject(options, number, paths, pythons):
    tool = Tool(options.tmtop if len(paths) == 1 else options.tmdiff, paths)
    subject = " ".join(map(os.path.basename, paths))
    compared, skipped, failures = collections.Counter(), {}, collections.defaultdict(list)
    for version, python in pythons.items():
        head, cases = judge(python, paths)
        if "unsupported" in head:
            skipped[version] = head["unsupported"]
        questions = [(case, *question) for case in cases for question in checks(len(paths) == 2, case["arguments"])]
        for case, arguments, check in share.share(questions, options.every, number):
            compared[version] += 1
            wrong = check(tool, arguments, case)
            if wrong:
                command = " ".join(map(shlex.quote, tool.command(arguments)))
                failures["%s\n  %s" % (command, wrong)].append(version_text(version))
    return Outcome(subject, compared, skipped, dict(failures))


def subjects(samples):
    dumps = sorted(name for name in os.listdir(samples) if ".pickle" in name)
    for name in dumps:
        yield [os.path.join(samples, name)]
    for pair in PAIRS:
        names = [file_name(name) for name in pair]
        if all(name in dumps for name in names):
            yield [os.path.join(samples, name) for name in names]
        else:
            print("SKIPPED: no such pair of samples: %s %s" % pair)


def tell_skipped(found, pythons, outcomes):
    absent = ["3.%d" % minor for minor in KNOWN_VERSIONS if (3, minor) not in {version[:2] for version in found}]
    if absent:
        print("SKIPPED: no judge here: CPython %s (its goldens speak for it)" % ", ".join(absent))
    for version in pythons:
        unread = [outcome.subject for outcome in outcomes if version in outcome.skipped]
        if unread:
            reasons = {outcome.skipped[version] for outcome in outcomes if version in outcome.skipped}
            print("SKIPPED: CPython %s cannot load %d of %d: %s" % (
                version_text(version), len(unread), len(outcomes), "; ".join(sorted(reasons))))


def tell_failures(outcomes):
    """Each different failure once, with all who say so. Returns how many comparisons failed."""
    failures = [failure for outcome in outcomes for failure in outcome.failures.items()]
    for what, versions in failures[:MOST_SHOWN]:
        text = "FAIL: %s\n  says CPython %s" % (what, ", ".join(versions))
        print(text.encode("utf-8", "backslashreplace").decode("utf-8"))
    if len(failures) > MOST_SHOWN:
        print("... and %d more" % (len(failures) - MOST_SHOWN))
    return sum(len(versions) for _, versions in failures)


def tell(found, pythons, outcomes):
    failed = tell_failures(outcomes)
    tell_skipped(found, pythons, outcomes)
    compared = sum((outcome.compared for outcome in outcomes), collections.Counter())
    print("interop: %d comparisons, %d failures, judged by CPython %s" % (
        sum(compared.values()), failed,
        ", ".join("%s (%d)" % (version_text(version), compared[version]) for version in pythons)))
    return failed == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tmtop", required=True)
    parser.add_argument("--tmdiff", required=True)
    parser.add_argument("--samples", required=True, help="the folder of the dumps")
    share.add_option(parser)
    options = parser.parse_args()
    found = find_pythons()
    if not found:
        print("SKIPPED: interop: no CPython 3.6 or later on this machine; only the goldens were checked")
        return 0
    pythons = share.judges(found, options.every)
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        running = [pool.submit(check_subject, options, number, paths, pythons)
                   for number, paths in enumerate(subjects(options.samples))]
        outcomes = [future.result() for future in running]
    return 0 if tell(found, pythons, outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())

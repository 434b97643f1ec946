#!/usr/bin/env python3
"""The interop test of tmconvert: what it writes must say what the dump said.

    python3 tests/interop/convert.py --tmconvert build/dev/apps/tmconvert --samples samples/snapshots

Pickles are judged by every CPython at hand (convert_judge.py); JSON is read by Python's json, and folded lines are
made again from the dump, the slow and obvious way. Status 1 when anything differs; what could not be judged is said.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
import tracemalloc

from pythons import find_pythons, version_text

JUDGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "convert_judge.py")


def uncompressed(path):
    """The compressed samples are copies, and CPython reads the copied one."""
    return path[:path.index(".pickle")] + ".pickle"


def traces_of(path):
    """(domain, size, traceback, total_nframe) of each block; tracebacks oldest first, None where it is not known."""
    for trace in tracemalloc.Snapshot.load(path).traces._traces:
        if len(trace) == 2:
            trace = (0,) + trace
        domain, size, traceback, total_nframe = trace + (None,) * (4 - len(trace))
        yield domain, size, traceback[::-1], total_nframe


class Subject:
    """One sample, and what tmconvert makes of it."""

    def __init__(self, tmconvert, path, folder):
        self.tmconvert, self.path, self.folder = tmconvert, path, folder
        self.name = os.path.basename(path)

    def convert(self, extension, *options):
        out = os.path.join(self.folder, self.name + extension)
        done = subprocess.run([self.tmconvert, "-q", *options, self.path, out], stderr=subprocess.PIPE)
        if done.returncode != 0 or done.stderr:
            raise RuntimeError("tmconvert %s: status %d, %r" % (self.path, done.returncode, done.stderr))
        return out

    def read(self, extension, *options):
        with open(self.convert(extension, *options), encoding="utf-8") as file:
            return file.read()


# The judges of the formats: each yields (who judges, comparisons, faults), with None for comparisons not made and why.

def judge_pickles(subjects):
    pairs = [word for subject in subjects for word in (uncompressed(subject.path), subject.convert(".pickle"))]
    for version, python in find_pythons().items():
        done = subprocess.run([python, "-B", JUDGE] + pairs, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              universal_newlines=True)
        if done.returncode != 0:
            raise RuntimeError("%s %s: %s" % (python, JUDGE, done.stderr))
        verdicts = [json.loads(line) for line in done.stdout.splitlines()]
        faults = ["%s: %s" % (subject.name, fault) for subject, verdict in zip(subjects, verdicts)
                  for fault in verdict.get("faults", [])]
        unread = [verdict["unsupported"] for verdict in verdicts if "unsupported" in verdict]
        if unread:
            print("SKIPPED: CPython %s cannot load %d of %d: %s" % (
                version_text(version), len(unread), len(verdicts), unread[0]))
        yield "CPython " + version_text(version), sum(verdict.get("compared", 0) for verdict in verdicts), faults


def traces_of_json(document):
    for total in document["totals"]:
        traceback = tuple((frame["filename"], frame["lineno"]) for frame in total["traceback"])
        for trace in total["traces"]:
            yield (total["domain"], trace["size"], traceback, total.get("total_nframe")), trace["count"]


def json_faults(subject):
    document = json.loads(subject.read(".json"))
    expected = collections.Counter(traces_of(uncompressed(subject.path)))
    actual = collections.Counter()
    for trace, count in traces_of_json(document):
        actual[trace] += count
    if expected != actual:
        yield "traces differ"
    sums = [sum(size * count for (_, size, _, _), count in expected.items()), sum(expected.values())]
    if [document["total"]["size"], document["total"]["count"]] != sums:
        yield "total differs"
    for key in ("size", "count"):
        if sum(total[key] for total in document["totals"]) != document["total"][key]:
            yield "the %s of the totals do not add up" % key
    limit = tracemalloc.Snapshot.load(uncompressed(subject.path)).traceback_limit
    if document["info"].get("traceback_limit") != limit:
        yield "traceback_limit differs"


def folded_name(filename):
    """By FORMAT.md."""
    def letter(char):
        code = ord(char)
        if code < 0x20 or 0x7F <= code < 0xA0:
            return "\\x%02x" % code
        return "\\u%04x" % code if 0xD800 <= code <= 0xDFFF or code in (0x2028, 0x2029) else char
    return "".join(map(letter, filename.replace(";", ":")))


def folded_faults(subject):
    for amount, number in (("size", lambda size: size), ("count", lambda size: 1)):
        expected = collections.Counter()
        for _, size, traceback, _ in traces_of(uncompressed(subject.path)):
            line = ";".join("%s:%d" % (folded_name(filename), lineno) for filename, lineno in traceback)
            expected[line] += number(size)
        lines = subject.read(".folded", "--amount", amount).split("\n")
        actual = [(line.rpartition(" ")[0], int(line.rpartition(" ")[2])) for line in lines[:-1]]
        if lines[-1] != "" or actual != sorted(expected.items()):
            yield "lines by %s differ" % amount


def sites_name(filename):
    """By FORMAT.md."""
    def letter(char):
        code = ord(char)
        if char in SITES_ESCAPES:
            return SITES_ESCAPES[char]
        hidden = (code < 0x20 or 0x7F <= code < 0xA0 or 0x2028 <= code <= 0x202E or 0x2066 <= code <= 0x2069
                  or code in (0x200E, 0x200F) or 0xD800 <= code <= 0xDFFF)
        return ("\\x%02x" if code < 0x100 else "\\u%04x") % code if hidden else char
    return "".join(map(letter, filename))


SITES_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


def sites_faults(subject):
    sizes, counts = collections.Counter(), collections.Counter()
    for domain, size, traceback, _ in traces_of(uncompressed(subject.path)):
        sizes[traceback[-1] + (domain,)] += size
        counts[traceback[-1] + (domain,)] += 1
    expected = ["%d\t%d\t%s\t\t%s:%d" % (sizes[site], counts[site], site[2] or "", sites_name(site[0]), site[1])
                for site in sorted(counts)]
    expected.append("end\t%d\t%d\t%d" % (len(counts), sum(sizes.values()), sum(counts.values())))
    head, _, table = subject.read(".sites").partition("size\tcount\tdomain\tfunction\tsite\n")
    if table.split("\n") != expected + [""]:
        yield "sites differ"
    limit = tracemalloc.Snapshot.load(uncompressed(subject.path)).traceback_limit
    if head != "tmtools sites 1\n" + ("traceback-limit\t%d\n" % limit if limit else ""):
        yield "what stands above differs"


def judge_each(who, comparisons, faults_of):
    def judge_subjects(subjects):
        faults = ["%s: %s" % (subject.name, fault) for subject in subjects for fault in faults_of(subject)]
        yield who, comparisons * len(subjects), faults
    return judge_subjects


JUDGES = {
    "tracemalloc": judge_pickles,
    "json": judge_each("Python's json", 5, json_faults),
    "folded": judge_each("a count in Python", 2, folded_faults),
    "sites": judge_each("a count in Python", 2, sites_faults),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tmconvert", required=True)
    parser.add_argument("--samples", required=True, help="the folder of the dumps")
    options = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor() as pool:
        subjects = [Subject(options.tmconvert, os.path.join(options.samples, name), folder)
                    for name in sorted(os.listdir(options.samples)) if ".pickle" in name]
        if not subjects:
            sys.exit("no sample in " + options.samples)
        for name, verdicts in zip(JUDGES, pool.map(lambda name: list(JUDGES[name](subjects)), JUDGES)):
            for who, compared, faults in verdicts:
                print("%s, judged by %s: %d comparisons, %d failures" % (name, who, compared, len(faults)))
                for fault in faults:
                    print("FAIL: " + fault.encode("utf-8", "backslashreplace").decode("utf-8"))
                failed += len(faults)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

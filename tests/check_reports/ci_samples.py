#!/usr/bin/env python3
"""Runs samples/ci/check.sh in a project of its own, as a CI server would: a baseline, a run without a change, an edit
above the line that allocates, a leak, a test that fails. Then the pytest plugin alone. CPython's tracemalloc, which loads
the snapshots again, says what is in them.

    ci_samples.py --tools DIR --arena PROGRAM --samples samples/ci
"""
import argparse
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

import junit
import others
import sarif
from strict import read_json

SKIPPED = 77  # ctest's SKIP_RETURN_CODE
CALLS = 2000

CART = """\
orders = {}


def add(name):
    orders[name] = bytes(len(name) * 20)


def checkout(name):
    return orders.pop(name)
"""
LEAK = CART.replace("orders.pop(name)", "orders[name]")
EDIT = '"""A cart."""\nimport os\n\nKEPT = os.sep\n\n\n'

TEST = """\
from app import cart


def test_cart():
    for number in range(%d):
        cart.add("order-%%06d" %% number)
        assert len(cart.checkout("order-%%06d" %% number)) == 240
""" % CALLS

MARKED = """\
import pytest

kept = []


@pytest.fixture
def box():
    yield []


@pytest.mark.tm_snapshot(warmup=2, calls=10)
def test_leaks():
    kept.append(bytes(20000))


@pytest.mark.tm_snapshot(warmup=1, calls=10)
def test_is_clean(box):
    box.append(bytes(20000))


@pytest.mark.tm_snapshot
@pytest.mark.parametrize("name", ["a/b", "a b"])
def test_name(name):
    pass
"""

COUNT = """\
import sys, tracemalloc
snapshot = tracemalloc.Snapshot.load(sys.argv[1])
sizes = [trace.size for trace in snapshot.traces
         if trace.traceback[-1].filename.endswith(sys.argv[2]) and trace.traceback[-1].lineno == int(sys.argv[3])]
print(len(sizes), sum(sizes))
"""


class Faults(list):
    def need(self, condition, what):
        if not condition:
            self.append(what)


def python_with_pytest():
    candidates = [sys.executable, "/usr/bin/python3", shutil.which("python3")]
    root = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    candidates += sorted(glob.glob(os.path.join(root, "versions", "*", "bin", "python3")))
    for python in filter(None, candidates):
        try:
            found = subprocess.run([python, "-c", "import pytest"], stderr=subprocess.DEVNULL)
        except OSError:
            continue
        if found.returncode == 0:
            return python
    print("SKIPPED: no python3 here has pytest (Debian: python3-pytest)")
    sys.exit(SKIPPED)


class Project:
    """A project with check.sh in ci/, and a server's environment."""

    def __init__(self, folder, options, python):
        self.folder, self.python = folder, python
        shutil.copytree(options.samples, self.path("ci"))
        self.write("app/__init__.py", "")
        self.write("app/cart.py", CART)
        self.write("tests/test_cart.py", TEST)
        clean = {name: value for name, value in os.environ.items()
                 if not name.startswith(("GITHUB_", "GITLAB_", "CI_", "PYTEST_", "PYTHON"))}
        self.environment = dict(clean, PATH=os.path.abspath(options.tools) + os.pathsep + os.environ["PATH"],
                                PYTHON=python, PYTHONPATH=folder)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w") as file:
            file.write(text)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def run(self, *command, **environment):
        result = subprocess.run(command, cwd=self.folder, env=dict(self.environment, **environment),
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        return result.returncode, result.stdout.decode("utf-8", "replace")

    def check(self, *arguments, **environment):
        return self.run("sh", "ci/check.sh", *arguments, **environment)

    def pytest(self, *arguments):
        return self.run(self.python, "-B", "-m", "pytest", "-p", "no:cacheprovider", "-p", "pytest_tmtools", *arguments,
                        PYTHONPATH=self.path("ci") + os.pathsep + self.folder)

    def held(self, snapshot, filename, lineno):
        """(count, size) of the blocks that a line holds, by tracemalloc."""
        said = self.run(self.python, "-c", COUNT, self.path(snapshot), filename, str(lineno))[1]
        return tuple(map(int, said.split()))


def check_baseline(project, faults):
    status, said = project.check()
    faults.need(status == 2 and "python.tms" in said, "no baseline: status %d: %s" % (status, said))
    status, said = project.check("update")
    faults.need(status == 0, "update: status %d: %s" % (status, said))
    status, said = project.check()
    faults.need(status == 0 and "tmcheck: pass: " in said, "no change: status %d: %s" % (status, said))
    project.write("app/cart.py", EDIT + CART)
    status, said = project.check()
    faults.need(status == 0, "an edit above: status %d: %s" % (status, said))


def check_leak(project, faults):
    """Every report of a leak, behind an edit, names its line."""
    project.write("app/cart.py", EDIT + LEAK)
    lineno = 1 + (EDIT + LEAK).split("\n").index("    orders[name] = bytes(len(name) * 20)")
    project.write("summary.md", "what another step wrote\n")
    status, said = project.check(GITHUB_ACTIONS="true", GITHUB_WORKSPACE=project.folder,
                                 GITHUB_STEP_SUMMARY=project.path("summary.md"), GITLAB_CI="true",
                                 CI_PROJECT_DIR=project.folder)
    faults.need(status == 1, "a leak: status %d: %s" % (status, said))
    report = read_json(project.read("build/memory/python.json"))
    found = report["findings"][0]
    faults.need((found["site"]["filename"], found["site"]["lineno"]) == ("app/cart.py", lineno), "another line: %r" % found)
    count, size = project.held("build/memory/python.pickle", "/app/cart.py", lineno)
    # The dictionary itself has grown at the same line.
    faults.need(CALLS <= count <= CALLS + 1, "tracemalloc has %d blocks at line %d" % (count, lineno))
    faults.need(found["head"] == {"size": size, "count": count}, "not %d B in %d blocks: %r" % (size, count, found["head"]))
    faults.need("app/cart.py:%d" % lineno in said, "the log does not name the line: " + said)
    commands = [line for line in said.split("\n") if line.startswith("::")]
    others.check_github("".join(line + "\n" for line in commands).encode(), report)
    faults.need(any(others.read_command(line)[1].get("file") == "app/cart.py" for line in commands), "no annotation")
    junit.check(project.read("build/memory/python.junit.xml"), report)
    sarif.check(project.read("build/memory/python.sarif"), report)
    others.check_gitlab(project.read("build/memory/python.codequality.json"), report)
    others.check_benchmark(project.read("build/memory/python.benchmark.json"), report)
    page = project.read("build/memory/python.md")
    others.check_markdown(page, report)
    faults.need(project.read("summary.md") == b"what another step wrote\n" + page, "the summary is not appended")


def check_files_that_servers_take(project, options, faults):
    """The names in the examples for GitHub and GitLab are those of what was written."""
    for name in ("github.yml", "gitlab.yml"):
        with open(os.path.join(options.samples, name)) as file:
            text = file.read()
        named = {word.strip("'\"@").split("@")[-1] for word in text.replace("=", " ").split()
                 if "build/memory/" in word}
        faults.need(named, name + " names no report")
        for path in named - {"build/memory/open.sarif"}:  # the one that the workflow makes
            faults.need(os.path.exists(project.path(path)), "%s names %s, which nobody writes" % (name, path))


def check_failing_test(project, faults):
    """Nothing that goes wrong looks like a pass: no snapshot is left, also none of an earlier run."""
    project.write("tests/test_fails.py", "def test_fails():\n    assert False\n")
    status, said = project.check()
    faults.need(status == 1 and "tmcheck: " not in said, "a failing test: status %d: %s" % (status, said))
    faults.need(not os.path.exists(project.path("build/memory/python.pickle")), "a snapshot of tests that failed")
    os.remove(project.path("tests/test_fails.py"))


def check_native(project, options, faults):
    arena = os.path.abspath(options.arena)
    status, said = project.check("update", TESTS="", NATIVE=arena)
    faults.need(status == 0 and os.path.exists(project.path("ci/memory/native.tms")), "native: " + said)
    status, said = project.check(TESTS="", NATIVE=arena)
    faults.need(status == 0, "native: status %d: %s" % (status, said))
    status, said = project.check(TESTS="", NATIVE=arena, TMCHECK_OPTIONS="--fail size>1KiB")
    faults.need(status == 1 and os.path.exists(project.path("build/memory/native.junit.xml")), "native: " + said)


def check_marked_tests(project, faults):
    project.write("marked/test_marked.py", MARKED)
    status, said = project.pytest("--tm-snapshot", "heap.pickle", "--tm-frames", "3", "marked")
    faults.need(status == 0 and "memory snapshot: heap.pickle" in said, "marked: status %d: %s" % (status, said))
    names = sorted(os.path.basename(path) for path in glob.glob(project.path("heap.*.pickle")))
    faults.need(len(names) == 8, "not two snapshots of each of 4 tests: %r" % names)
    leaks = "heap.marked-test_marked.py-test_leaks.%s.pickle"
    clean = "heap.marked-test_marked.py-test_is_clean.%s.pickle"
    line = 1 + MARKED.split("\n").index("    kept.append(bytes(20000))")
    before, after = (project.held(leaks % moment, "test_marked.py", line) for moment in ("before", "after"))
    faults.need(before[0] >= 2 and after[0] - before[0] == 10, "10 calls left %r, then %r" % (before, after))
    for name, expected in ((leaks, 1), (clean, 0)):
        status, said = project.run("tmcheck", "--mine", "--baseline", name % "before", name % "after")
        faults.need(status == expected, "%s: status %d: %s" % (name, status, said))
    said = project.run("tminfo", "--json", "heap.pickle")[1]
    faults.need(json.loads(said)["snapshots"][0]["traceback_limit"] == 3, "--tm-frames is not kept: " + said)


def check_plugin_refuses(project, faults):
    fails = "import pytest\n\n\n@pytest.mark.tm_snapshot(%s)\ndef test_one():\n    assert %s\n"
    for arguments, holds, expected in (("1, 2", 1, "1 passed"), ("1", 0, "1 failed"), ("", 0, "1 failed"),
                                       ("calls=0", 1, "1 failed"), ("times=2", 1, "1 failed")):
        project.write("odd/test_odd.py", fails % (arguments, holds))
        status, said = project.pytest("--tm-snapshot", "odd.pickle", "odd")
        faults.need(status == (expected != "1 passed") and expected in said, "(%s): status %d: %s" % (arguments, status, said))
        left = [name for name in os.listdir(project.folder) if name.startswith("odd.") and "before" not in name]
        faults.need(len(left) == (2 if status == 0 else 0), "(%s) left %r" % (arguments, left))
    status, said = project.pytest("--tm-snapshot", "missing/heap.pickle", "tests")
    faults.need(status == 3 and "missing/heap.pickle" in said, "no directory: status %d: %s" % (status, said))
    status, said = project.pytest("--tm-snapshot", "heap.pickle", "--tm-frames", "0", "tests")
    faults.need(status not in (0, 1) and "--tm-frames" in said, "no frames: status %d: %s" % (status, said))
    before = set(os.listdir(project.folder))
    status, said = project.pytest("tests")
    faults.need(status == 0 and "memory" not in said, "without --tm-snapshot: status %d: %s" % (status, said))
    faults.need(set(os.listdir(project.folder)) == before, "without --tm-snapshot something is written")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--arena", required=True)
    parser.add_argument("--samples", required=True)
    options = parser.parse_args()
    python = python_with_pytest()
    faults = Faults()
    with tempfile.TemporaryDirectory() as folder:
        project = Project(os.path.realpath(folder), options, python)
        check_baseline(project, faults)
        check_leak(project, faults)
        check_files_that_servers_take(project, options, faults)
        check_failing_test(project, faults)
        check_native(project, options, faults)
        check_marked_tests(project, faults)
        check_plugin_refuses(project, faults)
    for fault in faults:
        print(fault)
    print("samples/ci with %s: %d faults" % (python, len(faults)))
    sys.exit(1 if faults else 0)


main()

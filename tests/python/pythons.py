"""What the judges of the Python recorder share: the CPythons at hand, the package tmrecorder, and how programs are run."""
import argparse
import glob
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "recorder"))

from recording import Tools  # noqa: E402  (of tests/recorder)

SKIPPED = 77  # ctest's SKIP_RETURN_CODE
PROGRAMS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "programs")
MINORS = (8, 9, 10, 11, 12, 13)
SYSTEM = "system"
MOST = 12  # faults told of a CPython
NAMES = tuple("3.%d" % minor for minor in MINORS) + (SYSTEM,)


class Skipped(Exception):
    """Nothing could be tried, for a reason."""


class Python:
    """A CPython: `minor` of its version, and where it is."""

    def __init__(self, name, path):
        self.name = name
        self.path = path
        told = subprocess.run([path, "-IS", "-c", "import sys; print(sys.version_info[1])"], stdout=subprocess.PIPE,
                              check=True)
        self.minor = int(told.stdout)


class World:
    """What is at hand: the tools, the package, and CPythons."""

    def __init__(self, options):
        self.options = options
        self.tools = Tools(options.tools)
        self.package = os.path.abspath(options.package)
        if not os.path.exists(os.path.join(self.package, "tmrecorder", "_tmrecorder.abi3.so")):
            print("SKIPPED: no package tmrecorder in %s" % self.package)
            sys.exit(SKIPPED)
        self.pythons = list(_found(options.python or NAMES))

    def environment(self, **more):
        """Of programs: the same each time, with the package and its tools."""
        base = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        return {**base, "LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONPATH": self.package, "TMTOOLS_BIN": self.tools.directory, **more}

    def run(self, command, timeout=120, **more):
        """A program without a recorder."""
        return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=timeout, check=False, env=self.environment(), **more)


def _path_of(name):
    if name == SYSTEM:
        return "/usr/bin/python3"
    found = glob.glob(os.path.expanduser("~/.pyenv/versions/%s.*/bin/python3" % name))
    return max(found, key=lambda path: [int(part) if part.isdigit() else 0 for part in path.split("/")[-3].split(".")],
               default="~/.pyenv/versions/%s.*" % name)


def _found(names):
    for name in names:
        path = _path_of(name)
        if not os.access(path, os.X_OK):
            print("SKIPPED: no %s, the CPython that is %s" % (path, name))
            continue
        python = Python(name, path)
        if python.minor in MINORS:
            yield python
        else:
            print("SKIPPED: %s is a CPython 3.%d, which is not recorded" % (path, python.minor))


def parser_of(doc):
    """Of the options that all judges have."""
    parser = argparse.ArgumentParser(description=doc.split(":", maxsplit=1)[0])
    parser.add_argument("--tools", default="build/dev/apps", help="the directory of tmrecord and tmconvert")
    parser.add_argument("--package", default="build/dev/libsnapshot/python", help="the directory with the package tmrecorder")
    parser.add_argument("--python", action="append", choices=NAMES, help="a CPython to try (default: all at hand)")
    return parser


def judge(world, faults_of):
    """Calls faults_of(world, python) for each, prints what it yields, and ends with the status of all."""
    status, tried = 0, 0
    for python in world.pythons:
        try:
            faults = list(faults_of(world, python))
        except Skipped as reason:
            print("SKIPPED: %s: %s" % (python.path, reason))
            continue
        tried += 1
        print("%s (%s): %s" % (python.name, python.path, "%d faults" % len(faults) if faults else "ok"))
        for fault in faults[:MOST]:
            print("FAIL: %s: %s" % (python.name, fault))
        if len(faults) > MOST:
            print("FAIL: %s: and %d more" % (python.name, len(faults) - MOST))
        sys.stdout.flush()
        status = 1 if faults else status
    if not tried:
        print("SKIPPED: no CPython was tried")
    sys.exit(status if tried else SKIPPED)

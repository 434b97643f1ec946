"""Finds the CPythons on this machine: those on the PATH, those of pyenv, and the one that runs this."""
import glob
import os
import re
import subprocess
import sys

OLDEST = (3, 6)  # the scripts here run from this version on

PROBE = """
import sys, tracemalloc
if sys.implementation.name == "cpython":
    print("%d.%d.%d" % sys.version_info[:3])
"""


def candidates():
    folders = os.environ.get("PATH", "").split(os.pathsep)
    pyenv = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    # The interpreters themselves first: a shim of pyenv is the same one, seen later and started slower.
    folders = sorted(glob.glob(os.path.join(pyenv, "versions", "*", "bin"))) + folders
    for folder in folders:
        for path in sorted(glob.glob(os.path.join(folder, "python3*"))):
            if re.search(r"/python3(\.\d+)?$", path):
                yield path
    yield sys.executable


def find_pythons():
    """{(3, 11, 7): "/path/to/python3.11", ...} in the order of their versions, each version once."""
    found = {}
    for path in candidates():
        try:
            probe = subprocess.run([path, "-c", PROBE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        except OSError:
            continue
        # A shim without an interpreter behind it fails, another implementation prints nothing.
        if probe.returncode == 0 and probe.stdout:
            version = tuple(map(int, probe.stdout.split(b".")))
            if version >= OLDEST:
                found.setdefault(version, path)
    return dict(sorted(found.items()))


def version_text(version):
    return ".".join(map(str, version))

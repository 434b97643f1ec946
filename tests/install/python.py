#!/usr/bin/env python3
"""python.py BUILD SITE_DIRECTORY: the package tmrecorder works where CMake installs it, and where pip installs its wheel.

The second part needs pip and venv; it is skipped, with status 77, where this Python has none.
"""
import glob
import importlib.util
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SOURCE = os.path.join(ROOT, "libsnapshot", "python")
SKIPPED = 77

EXAMPLE = """
import tmrecorder as tracemalloc
tracemalloc.start(5)
kept = [bytes(1000) for number in range(100)]
snapshot = tracemalloc.take_snapshot()
top = snapshot.statistics("lineno")[0]
assert top.traceback[0].filename == __file__ and top.traceback[0].lineno == 4, top
assert top.size > 100000 and top.count >= 100, top
snapshot.dump("example.tms")
print("example: %d blocks" % min(top.count, 100))
"""
LIMIT = "import sys; t = sys.modules.get('tmrecorder'); print(t.get_traceback_limit() if t and t.is_tracing() else 'nothing')"


def run(*command, folder=None, **variables):
    """What a program says, its two streams in one; without the environment's words on Python and on the recorder."""
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("PYTHON", "TMRECORD", "TMTOOLS", "LD_", "PIP_", "DESTDIR"))}
    environment.update(PIP_NO_INDEX="1", PIP_DISABLE_PIP_VERSION_CHECK="1", **variables)
    result = subprocess.run(command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, check=False)
    said = result.stdout.decode(errors="replace")
    if result.returncode != 0:
        sys.exit("%s: status %d: %s" % (" ".join(command), result.returncode, said))
    return said


def expect(said, wanted):
    if said != wanted:
        sys.exit("said %r, not %r" % (said, wanted))


def try_package(python, folder, tools, **variables):
    """The API, and -m tmrecorder, with the tools' directory to look at what it wrote."""
    program = os.path.join(folder, "example.py")
    with open(program, "w") as file:
        file.write(EXAMPLE)
    expect(run(python, program, folder=folder, **variables), "example: 100 blocks\n")
    run(os.path.join(tools, "tminfo"), "--verify", "example.tms", folder=folder)
    said = run(python, "-m", "tmrecorder", "-n", "3", "-o", "whole.tms", "-c", "kept = [bytes(999) for n in range(99)]",
               folder=folder, **variables)
    if "whole.tms" not in said:
        sys.exit("-m tmrecorder said %r" % said)
    run(os.path.join(tools, "tminfo"), "--verify", "whole.tms", folder=folder)


def try_environment(command, **variables):
    """TMRECORDER, by tmrecorder.pth."""
    expect(run(*command, **variables), "nothing\n")
    expect(run(*command, TMRECORDER="0", **variables), "nothing\n")
    expect(run(*command, TMRECORDER="25", **variables), "25\n")
    for wrong in ("many", "-1", "65536", "2.5"):
        expect(run(*command, TMRECORDER=wrong, **variables),
               "tmrecorder: TMRECORDER: '%s' is not a number of frames from 0 to 65535; nothing is recorded\nnothing\n" % wrong)


def check_installed(build, site_directory, folder):
    """By CMake, below DESTDIR and then moved: nothing may depend on where it was."""
    run("cmake", "--install", build, "--prefix", "/first/place", DESTDIR=folder)
    os.rename(os.path.join(folder, "first", "place"), os.path.join(folder, "second"))
    prefix = os.path.join(folder, "second")
    site = os.path.join(prefix, site_directory)
    try_package(sys.executable, folder, os.path.join(prefix, "bin"), PYTHONPATH=site)
    as_site = "import site; site.addsitedir(%r)\n%s" % (site, LIMIT)
    try_environment((sys.executable, "-c", as_site))
    said = run(sys.executable, "-c", as_site + "\nimport tmrecorder._tools as t; print(t.path('tmtop'))", TMRECORDER="1")
    expect(said, "1\n%s\n" % os.path.join(prefix, "bin", "tmtop"))


def check_wheel(build, folder):
    """By pip, offline, isolated and not."""
    wheels = os.path.join(folder, "wheels")
    run(sys.executable, "-m", "pip", "wheel", "--no-build-isolation", "--config-settings", "build-dir=" + build, "-w", wheels,
        SOURCE)
    if [name.split("-")[2:4] for name in os.listdir(wheels)] != [["cp38", "abi3"]]:
        sys.exit("the wheel is called %s" % os.listdir(wheels))
    for number, what in enumerate((glob.glob(wheels + "/*"), ["--config-settings", "build-dir=" + build, SOURCE])):
        place = os.path.join(folder, "venv%d" % number)
        run(sys.executable, "-m", "venv", place)
        python = os.path.join(place, "bin", "python")
        run(python, "-m", "pip", "install", *what)
        tools = os.path.dirname(run(python, "-c", "import tmrecorder._tools as t; print(t.path('tmrecord'))").strip())
        if not tools.startswith(place):
            sys.exit("the tools of the wheel are in " + tools)
        try_package(python, folder, tools)
        try_environment((python, "-c", LIMIT))


def main():
    build, site_directory = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        folder = os.path.realpath(folder)
        check_installed(build, site_directory, folder)
        missing = [name for name in ("pip", "venv", "ensurepip") if importlib.util.find_spec(name) is None]
        if missing:
            print("SKIPPED: the wheel: this Python has no %s (Debian: python3-pip, python3-venv)" % " and no ".join(missing))
            sys.exit(SKIPPED)
        check_wheel(build, folder)
    print("the installed package works")


main()

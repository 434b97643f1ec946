"""A pytest plugin that writes what the tests leave in memory, by CPython's own tracemalloc. With tmcheck, that is a leak
check with no other code:

    pytest -p pytest_tmtools --tm-snapshot heap.pickle
    tmcheck --baseline baseline.sites heap.pickle

--tm-snapshot FILE writes what is alive when the session ends and all fixtures are torn down. A test that is marked,

    @pytest.mark.tm_snapshot(warmup=1, calls=10)
    def test_cart(): ...

is called once to fill caches, and then ten times between two snapshots, beside FILE: what the calls left is

    tmcheck --baseline heap.test_shop.py-test_cart.before.pickle heap.test_shop.py-test_cart.after.pickle

which needs no baseline in the repository. Without arguments nothing is called again. The first snapshot is taken when
the fixtures are set up, the second when those of the test are torn down and let go; of a test that fails there is none.

A snapshot is written whole or not at all, and that of a session only when all tests passed: a failure keeps its frames
alive. Older files of those names are removed first, so that none is taken for new. Under pytest-xdist each worker
writes its own: heap.gw0.pickle.

This file is all there is: put it on the PYTHONPATH. CPython 3.6 or later, pytest 6 or later.
"""
import gc
import glob
import os
import re
import tracemalloc
import zlib

import pytest

DEFAULT_FRAMES = 25
EXTENSION = ".pickle"


def pytest_addoption(parser):
    group = parser.getgroup("tmtools", "memory snapshots")
    group.addoption("--tm-snapshot", metavar="FILE", help="write what is alive at the end of the session")
    group.addoption("--tm-frames", metavar="N", type=int, default=DEFAULT_FRAMES,
                    help="frames of a traceback to keep (default: %d)" % DEFAULT_FRAMES)


def start(options):
    """Traces from now on, unless python itself was told to (PYTHONTRACEMALLOC, -X tracemalloc)."""
    if options.tm_snapshot and not tracemalloc.is_tracing():
        if options.tm_frames < 1:
            raise pytest.UsageError("--tm-frames: %d is less than 1" % options.tm_frames)
        tracemalloc.start(options.tm_frames)


def pytest_load_initial_conftests(early_config):
    """Before the first conftest.py, where the plugin is loaded by -p."""
    start(early_config.known_args_namespace)


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "tm_snapshot(warmup=0, calls=1): write what is alive before and after the test, with --tm-snapshot")
    start(config.option)
    path = config.option.tm_snapshot
    if path and getattr(config.option, "dist", "no") != "no" and not hasattr(config, "workerinput"):
        for old in [path] + glob.glob(glob.escape(base_of(path)) + ".gw*" + EXTENSION):  # the workers write, not this
            remove(old)
    elif path:
        config.pluginmanager.register(Recorder(config), "tmtools-recorder")


class Recorder:
    """Writes the snapshots of a session."""

    def __init__(self, config):
        path = os.path.abspath(config.option.tm_snapshot)
        self.base = base_of(path)
        worker = getattr(config, "workerinput", {}).get("workerid")
        if worker:
            self.base += "." + worker
        self.path = path if not worker else self.base + EXTENSION
        self.written = []
        self.passed = False  # the test that runs
        remove(self.path)

    def write(self, path):
        """Without what tracemalloc itself and this file hold."""
        gc.collect()
        own = [tracemalloc.Filter(False, name) for name in (tracemalloc.__file__, __file__)]
        snapshot = tracemalloc.take_snapshot().filter_traces(own)
        try:
            snapshot.dump(path + ".tmp")
            os.replace(path + ".tmp", path)
        except OSError as error:
            remove(path + ".tmp")
            pytest.exit("--tm-snapshot: %s" % error, 3)
        self.written.append(path)

    def name_of(self, item, moment):
        """heap.test_shop.py-test_cart.before.pickle; two tests never have one name."""
        name = re.sub(r"[^\w.]+", "-", item.nodeid).strip("-")
        if name != item.nodeid.replace("::", "-").replace("/", "-") or len(name) > 100:
            name = "%s-%08x" % (name[:100], zlib.crc32(item.nodeid.encode("utf-8", "surrogatepass")))
        return "%s.%s.%s%s" % (self.base, name, moment, EXTENSION)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item):
        """Around the setup of fixtures, the call and the teardown; only behind all that are fixtures let go."""
        marked = item.get_closest_marker("tm_snapshot") is not None
        if marked:
            for moment in ("before", "after"):
                remove(self.name_of(item, moment))
        self.passed = False
        yield
        if marked and self.passed:
            self.write(self.name_of(item, "after"))

    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_runtest_call(self, item):
        mark = item.get_closest_marker("tm_snapshot")
        if mark:
            warmup, calls = repetitions(*mark.args, **mark.kwargs)
            for _ in range(warmup):
                item.runtest()
            self.write(self.name_of(item, "before"))
            for _ in range(calls - 1):
                item.runtest()
        outcome = yield
        self.passed = outcome.excinfo is None

    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_sessionfinish(self, exitstatus):
        yield
        if exitstatus == 0:
            self.write(self.path)

    def pytest_terminal_summary(self, terminalreporter):
        for path in self.written:
            terminalreporter.write_line("memory snapshot: " + os.path.relpath(path))
        if self.path not in self.written:
            terminalreporter.write_line("no memory snapshot of the session: not all tests passed")


def base_of(path):
    return path[:-len(EXTENSION)] if path.endswith(EXTENSION) else path


def repetitions(warmup=0, calls=1):
    if warmup < 0 or calls < 1:
        raise pytest.UsageError("tm_snapshot(warmup=%r, calls=%r): less than 0 or 1" % (warmup, calls))
    return warmup, calls


def remove(path):
    try:
        os.remove(path)
    except FileNotFoundError:
        pass

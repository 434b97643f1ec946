#!/usr/bin/env python3
"""Makes snapshots/*.pickle again, with every CPython at hand. README.md tells what each dump is for.

    python3 samples/make_snapshots.py

Three steps, each in interpreters of its own, for a dump must come from the pickler of its version:
record runs a program of programs/ under tracemalloc, reshape writes a recorded dump again in other ways
that CPython can write it, and the driver starts both and compresses two copies.
"""
import glob
import gzip
import os
import pickle
import pickletools
import random
import subprocess
import sys
import tempfile
import tracemalloc

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
PROGRAMS = os.path.join(HERE, "programs")
SNAPSHOTS = os.path.join(HERE, "snapshots")
STDLIB = os.path.dirname(os.__file__)

# What each program records: (program, traceback limit, {dump of the program: name of the sample}).
EVERY_PYTHON = [
    ("shop", 1, {"leak-1": "pyXY-leak"}),
    ("recurse", 25, {"recurse": "pyXY-recurse"}),
]
OLDEST_PYTHON = [
    ("domains", 1, {"domains": "pyXY-domains"}),
]
NEWEST_PYTHON = [
    ("shop", 25, {"leak-0": "leak-0", "leak-1": "leak-1", "leak-2": "leak-2"}),
    ("talk", 1, {"talk-0": "talk-0", "talk-1": "talk-1"}),
    ("cache", 4, {"cache-0": "cache-0", "cache-1": "cache-1", "cache-2": "cache-2"}),
    ("inventory", 25, {"inventory": "inventory"}),
    ("domains", 25, {"domains": "domains"}),
    ("names", 1, {"names": "names"}),
    ("large", 1, {"large": "large"}),
    ("startup", 1, {"startup": "startup"}),
    ("worker", 1, {"worker-%d" % number: "worker/worker-%d" % number for number in range(10)}),
]


# record: one program, one traceback limit

def neutral_name(name):
    """The name a file would have on the server that the samples pretend to come from."""
    for folder, neutral in ((STDLIB, "/usr/lib/python%d.%d" % sys.version_info[:2]), (PROGRAMS, "/srv/shop")):
        if name.startswith(folder + os.sep):
            return neutral + name[len(folder):]
    return "/srv/shop/manage.py" if name == os.path.abspath(__file__) else name


class Memo(dict):
    """Rewrites each object once, by its identity: what take_snapshot() shares stays shared, and nothing more."""

    def __init__(self, rewrite):
        super().__init__()
        self.rewrite = rewrite

    def __call__(self, value):
        if id(value) not in self:
            self[id(value)] = self.rewrite(value)
        return self[id(value)]


def neutral(snapshot):
    name = Memo(neutral_name)
    frame = Memo(lambda frame: (name(frame[0]), frame[1]))
    traceback = Memo(lambda frames: tuple(map(frame, frames)))
    traces = [trace[:2] + (traceback(trace[2]),) + trace[3:] for trace in snapshot.traces._traces]
    # The real order is that of a hash table of addresses: another one each time. Any order will do, so one that stays.
    traces.sort()
    random.Random(0).shuffle(traces)
    return tracemalloc.Snapshot(traces, snapshot.traceback_limit)


def record(program, limit, samples):
    sys.path.insert(0, PROGRAMS)
    module = __import__(program)
    for folder in ("json", "pickle"):  # loaded before the tracing starts: the samples are to be small
        __import__(folder)

    def dump(name):
        if name not in samples:
            return
        child = os.fork()  # freed tuples stay in free lists and in the next dump: those made here are not the program's
        if child == 0:
            snapshot = tracemalloc.take_snapshot()
            if program == "startup":  # without the whole standard library: only what has no file
                snapshot = snapshot.filter_traces([tracemalloc.Filter(True, file) for file in ("<unknown>", "<frozen abc>")])
            neutral(snapshot).dump(os.path.join(SNAPSHOTS, samples[name] + ".pickle"))
            os._exit(0)
        if os.waitpid(child, 0)[1] != 0:
            sys.exit("%s: no dump %s" % (program, name))

    if not tracemalloc.is_tracing():
        tracemalloc.start(limit)
    module.main(dump)


# reshape: a recorded dump in other ways

def load(name):
    return tracemalloc.Snapshot.load(os.path.join(SNAPSHOTS, name + ".pickle"))


def save(name, snapshot, protocol=pickle.HIGHEST_PROTOCOL, transform=lambda pickled: pickled):
    with open(os.path.join(SNAPSHOTS, name + ".pickle"), "wb") as file:
        file.write(transform(pickle.dumps(snapshot, protocol)))


def with_traces(snapshot, traces):
    return tracemalloc.Snapshot(traces, snapshot.traceback_limit)


def save_before_36(name, snapshot):
    """CPython 3.4 and 3.5 knew no domains: (size, traceback). Their classes and their protocol, 4, were those of 3.6."""
    save(name, with_traces(snapshot, [trace[1:3] for trace in snapshot.traces._traces]), 4)


def unshared(snapshot):
    """Equal traces of which no two have an object in common, as if each trace came from a file of its own."""
    def copy(value):
        if isinstance(value, tuple):
            return tuple([copy(part) for part in value])
        return "".join(list(value)) if isinstance(value, str) else value
    return with_traces(snapshot, [copy(trace) for trace in snapshot.traces._traces])


def save_without_memo(name, snapshot):
    with open(os.path.join(SNAPSHOTS, name + ".pickle"), "wb") as file:
        pickler = pickle.Pickler(file, 4)
        pickler.fast = True
        pickler.dump(snapshot)


def with_attributes(snapshot):
    """What people hang on a snapshot to know later where it came from. CPython keeps it; so must a reader."""
    itself = ["a list that holds"]
    itself.append(itself)
    snapshot.note = "before the release"
    snapshot.values = [None, True, False, ..., 0, 255, 256, 65536, -1, -2**31, 2**31, 2**63, -2**63, 10**700,
                       0.5, -1e300, float("inf"), 2 - 3j, b"", b"bytes\xff", bytes(300), bytearray(b"array"),
                       "", "\u00e9\u6771\U0001f40d\udce9", "long " * 60, (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4),
                       [], {}, set(), {1}, frozenset(), frozenset({"one"}), range(3, 9, 2), slice(1, None, 2)]
    snapshot.settings = {"workers": 8, ("a", 1): {"nested": [{"deeper": (itself, itself)}]}, None: {2.5: {3}}}
    return snapshot


def reshape_oldest():
    version = "py%d%d" % sys.version_info[:2]
    save_before_36("old-py34-leak", load(version + "-leak"))
    save_before_36("old-py35-recurse", load(version + "-recurse"))


def reshape_newest():
    cache, names, talk = load("cache-0"), load("names"), load("talk-0")
    save("protocol-0", with_traces(cache, cache.traces._traces[:60]), 0)  # text: five times the size
    for protocol in (1, 2, 3, 4, 5):
        save("protocol-%d" % protocol, cache, protocol)
    save("names-protocol-0", names, 0)
    save("names-protocol-2", names, 2)
    save("traces-tuple", with_traces(cache, tuple(cache.traces._traces)))
    save("unshared", with_traces(cache, unshared(cache).traces._traces[:100]), 4)
    save_without_memo("no-memo", with_traces(cache, cache.traces._traces[:100]))
    save("optimized", cache, 4, pickletools.optimize)
    save("empty", with_traces(talk, []), 4)
    save("attributes-protocol-2", with_attributes(with_traces(talk, talk.traces._traces[:50])), 2)
    save("attributes-protocol-5", with_attributes(with_traces(talk, talk.traces._traces[:50])), 5)


# the driver

def run(python, *arguments, flags=()):
    # Hash seeds change the sizes of dicts of strings, compiled files change what importing allocates.
    environment = dict(os.environ, PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1")
    subprocess.run([python] + list(flags) + [os.path.abspath(__file__)] + list(arguments), check=True, env=environment)


def run_record(version, python, jobs):
    for program, limit, samples in jobs:
        pairs = ["%s=%s" % (dump, name.replace("XY", "%d%d" % version[:2])) for dump, name in samples.items()]
        run(python, "record", program, str(limit), *pairs,
            flags=["-S", "-X", "tracemalloc=1"] if program == "startup" else [])


def compress():
    with open(os.path.join(SNAPSHOTS, "leak-0.pickle"), "rb") as plain:
        with open(os.path.join(SNAPSHOTS, "leak-0.pickle.gz"), "wb") as packed:
            with gzip.GzipFile("", "wb", 9, packed, mtime=0) as file:  # no name, no time: the same bytes each time
                file.write(plain.read())
    subprocess.run(["zstd", "-19", "-q", "-f", os.path.join(SNAPSHOTS, "leak-1.pickle")], check=True)


def check_names():
    """No path of the machine that made the dumps may be in them."""
    private = [ROOT, os.path.expanduser("~"), tempfile.gettempdir(), sys.prefix, sys.base_prefix,
               "/home/", "/root", "/tmp", "pyenv", "site-packages"]
    for path in glob.glob(os.path.join(SNAPSHOTS, "**", "*.pickle"), recursive=True):
        with open(path, "rb") as file:
            pickled = file.read()
        for name in private:
            if name != "/usr" and os.fsencode(name) in pickled:
                sys.exit("%s names %s" % (path, name))


def drive():
    sys.path.insert(0, os.path.join(ROOT, "tests", "interop"))
    from pythons import find_pythons
    newest_patch = {version[:2]: (version, python) for version, python in find_pythons().items()}
    pythons = list(newest_patch.values())
    oldest, newest = pythons[0], pythons[-1]
    for path in glob.glob(os.path.join(SNAPSHOTS, "**", "*.pickle*"), recursive=True):
        os.remove(path)
    os.makedirs(os.path.join(SNAPSHOTS, "worker"), exist_ok=True)
    for version, python in pythons:
        run_record(version, python, EVERY_PYTHON)
    run_record(*oldest, OLDEST_PYTHON)
    run_record(*newest, NEWEST_PYTHON)
    run(oldest[1], "reshape-oldest")
    run(newest[1], "reshape-newest")
    check_names()
    compress()


def main():
    step = sys.argv[1] if len(sys.argv) > 1 else "drive"
    if step == "record":
        record(sys.argv[2], int(sys.argv[3]), dict(pair.split("=") for pair in sys.argv[4:]))
    else:
        {"drive": drive, "reshape-oldest": reshape_oldest, "reshape-newest": reshape_newest}[step]()


if __name__ == "__main__":
    main()

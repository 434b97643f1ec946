"""What python.py runs: python_programs.py CASE RECORDER FRAMES INTERVAL SCALE does one thing under one recorder, and
prints its measures as JSON. The scale of "hold" is a number of blocks. For CPython 3.8 and later.
"""
import json
import sys
import threading
import time


def memory(name):
    """Bytes of VmHWM (the most that was resident) or VmRSS."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(name)) * 1024


def under(frames, function, *arguments):
    """Calls the function under so many frames more."""
    return under(frames - 1, function, *arguments) if frames else function(*arguments)


def talk(scale):
    """The benchmark of the talk, 1,000 times at a scale of 1."""
    for _ in range(int(1000 * scale)):
        [i for i in range(10000, 20000)]


def deep(scale):
    under(30, talk, scale)


def parse(scale):
    text = json.dumps([{"name": "item-%d" % i, "cents": i * 1.5, "tags": ["new", "shelf-%d" % (i % 9)]} for i in range(1000)])
    for _ in range(int(200 * scale)):
        json.dumps(json.loads(text))


def count(scale):
    for _ in range(int(40 * scale)):
        found = {}
        for i in range(20000):
            found.setdefault("key %d" % (i % 5000), []).append(i * 1000)


class Tree:
    def __init__(self, depth):
        self.depth = str(depth)
        self.below = [Tree(depth - 1), Tree(depth - 1)] if depth else []

    def total(self):
        return 1 + sum(one.total() for one in self.below)


def tree(scale):
    for _ in range(int(40 * scale)):
        Tree(12).total()


def threads(scale):
    """Each of the others in a thread of its own, at the same time."""
    all_of_them = [threading.Thread(target=one, args=(scale / 2,)) for one in (parse, count, tree)]
    for thread in all_of_them:
        thread.start()
    for thread in all_of_them:
        thread.join()


PROGRAMS = {"talk": talk, "deep": deep, "json": parse, "dict": count, "tree": tree, "threads": threads}


def run(name, scale):
    begun, begun_cpu = time.perf_counter(), time.process_time()
    PROGRAMS[name](scale)
    cpu, seconds = time.process_time() - begun_cpu, time.perf_counter() - begun
    return {"seconds": seconds, "cpu": cpu, "peak": memory("VmHWM")}


def hold(recorder, blocks):
    """So many live blocks, and a snapshot of them."""
    before = memory("VmRSS")
    kept = [None] * blocks
    for i in range(blocks):
        kept[i] = b"%029d" % i  # of 62 bytes
    found = {"blocks": blocks, "resident": memory("VmRSS") - before}
    if recorder is not None:
        found["own"] = recorder.get_tracemalloc_memory()
        peak = memory("VmHWM")
        begun = time.perf_counter()
        snapshot = recorder.take_snapshot()
        found["snapshot"] = time.perf_counter() - begun
        found["growth"] = memory("VmHWM") - peak
        begun = time.perf_counter()
        rows = snapshot.statistics("lineno")
        found["statistics"] = time.perf_counter() - begun
        if rows[0].count < blocks:
            sys.exit("the snapshot has %d blocks of %d" % (rows[0].count, blocks))
    return found


def main():
    name, recorder_name, frames, interval, scale = sys.argv[1:]
    recorder = __import__(recorder_name) if recorder_name != "off" else None
    if recorder is not None:
        more = {"sample_interval": int(interval)} if int(interval) else {}
        recorder.start(int(frames), **more)
    measures = hold(recorder, int(scale)) if name == "hold" else run(name, float(scale))
    print(json.dumps(measures))


main()

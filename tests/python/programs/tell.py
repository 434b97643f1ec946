"""Tells what a module of tracemalloc's API says of the holdings of holdings.py.

    python3 tell.py MODULE FRAMES steady|churn SEED
"""
import gc
import json
import random
import sys

import holdings


def objects_of(kept, limit=700):
    """Objects in what is held, whose blocks are theirs alone."""
    found = []
    rest = list(kept)
    while rest and len(found) < limit:
        one = rest.pop(0)
        if isinstance(one, list):
            rest += one
        elif isinstance(one, dict):
            rest += list(one.values())
        elif isinstance(one, holdings.Node):
            rest.append(one.children)
            rest.append(one.value)
        if isinstance(one, (holdings.Node, holdings.Plain, bytearray, list)) or isinstance(one, (str, bytes)) and len(one) > 5:
            found.append(one)
    return found


def frames_of(traceback):
    return [list(frame) for frame in traceback._frames]


def rows(statistics):
    return sorted([frames_of(one.traceback), one.size, one.count] for one in statistics)


def differences(statistics):
    return sorted([frames_of(one.traceback), one.size, one.size_diff, one.count, one.count_diff] for one in statistics)


def told_of(module, snapshot, earlier):
    """All that may be compared, but for lines of the recorders and of this file."""
    own = [module.Filter(False, pattern) for pattern in ("*/tmrecorder/*", "*/tracemalloc.py", "<tmrecorder*>", __file__)]
    plain, before = snapshot.filter_traces(own), earlier.filter_traces(own)
    told = {}
    for key in ("filename", "lineno", "traceback"):
        told["by " + key] = rows(plain.statistics(key))
        told["differences by " + key] = differences(plain.compare_to(before, key))
        if key != "traceback":
            told["by " + key + ", cumulative"] = rows(plain.statistics(key, cumulative=True))
    file, line = holdings.__file__, holdings.tree.__code__.co_firstlineno
    for name, more in (("included", [module.Filter(True, file)]), ("line", [module.Filter(True, "*/holdings.py", line + 3)]),
                       ("excluded", [module.Filter(False, "*/json/*"), module.Filter(False, file, line + 2)]),
                       ("all frames", [module.Filter(True, file, line + 3, all_frames=True)]),
                       ("not in any frame", [module.Filter(False, file, line + 3, all_frames=True)]),
                       ("domain", [module.Filter(True, "<executed *", domain=0), module.DomainFilter(True, 0)])):
        told["filter: " + name] = rows(plain.filter_traces(more).statistics("lineno"))
    return told


def main(name, frames, how, seed):
    module = __import__(name)
    work = {"steady": holdings.steady, "churn": holdings.churn}[how]
    gc.disable()
    work(random.Random(seed + 1))  # what is made once is there: caches, frames
    chance = random.Random(seed)
    module.start(frames)
    gc.collect()  # empties the free lists, here and below: what lies in them is no allocation of this program's
    kept = work(chance)
    gc.collect()
    size, peak = module.get_traced_memory()
    earlier = module.take_snapshot()
    gc.collect()
    kept.append(holdings.grown(700))
    kept[2] = None
    gc.collect()
    snapshot = module.take_snapshot()
    limit = module.get_traceback_limit()
    tracebacks = [module.get_object_traceback(one) for one in objects_of(kept)]
    module.stop()
    told = told_of(module, snapshot, earlier)
    told.update({"traced memory": size, "peak": peak, "limit": limit,
                 "objects": [frames_of(one) if one is not None else None for one in tracebacks]})
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))

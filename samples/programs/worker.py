"""A worker that leaks, one that fills a cache, and one that stays as it is: what a series tells apart.

    python3 worker.py leaking      writes leaking-0.pickle to leaking-9.pickle; also: caching, steady
    tmtrend leaking-*.pickle
"""
import random

SNAPSHOTS = 10
JOBS = 200  # between two snapshots


class Leaking:
    def __init__(self):
        self.done = []

    def work(self, job, chance):
        self.done.append("job %d took %d ms" % (job, chance.randrange(1000)))  # leaking: nobody reads or shortens it


class Caching:
    LIMIT = 700

    def __init__(self):
        self.pages = {}

    def work(self, job, chance):
        if len(self.pages) >= self.LIMIT:
            del self.pages[next(iter(self.pages))]
        self.pages[job] = bytes(300 + chance.randrange(100))  # caching: full after the fourth snapshot


class Steady:
    def __init__(self):
        self.slots = [None] * 50

    def work(self, job, chance):
        self.slots[job % len(self.slots)] = bytes(1000 + chance.randrange(50))  # steady: the old one goes


WORKERS = {"leaking": Leaking, "caching": Caching, "steady": Steady}


def main(name, dump):
    worker = WORKERS[name]()
    chance = random.Random(1)
    for job in range(SNAPSHOTS * JOBS):
        worker.work(job, chance)
        if job % JOBS == JOBS - 1:
            dump("%s-%d" % (name, job // JOBS))


if __name__ == "__main__":
    import sys
    import tracemalloc
    tracemalloc.start()
    main(sys.argv[1], lambda name: tracemalloc.take_snapshot().dump(name + ".pickle"))

"""A worker that leaks, one that fills a cache, and one that stays as it is: what a series tells apart.

    python3 worker.py              all of them; or: leaking, caching, steady; writes worker-0.pickle to worker-9.pickle
    tmtrend worker-*.pickle
"""
import random

SNAPSHOTS = 10
JOBS = 40  # between two snapshots


class Leaking:
    def __init__(self):
        self.done = []

    def work(self, job, chance):
        self.done.append("job %d took %d ms" % (job, chance.randrange(1000)))  # leaking: nobody reads or shortens it


class Caching:
    LIMIT = 140

    def __init__(self):
        self.pages = {}

    def work(self, job, chance):
        if len(self.pages) >= self.LIMIT:
            del self.pages[next(iter(self.pages))]
        self.pages["page-%d" % job] = bytes(300 + chance.randrange(100))  # caching: full after the fourth snapshot


class Steady:
    def __init__(self):
        self.slots = [None] * 50

    def work(self, job, chance):
        self.slots[job % len(self.slots)] = bytes(1000 + chance.randrange(50))  # steady: the old one goes


WORKERS = {"leaking": Leaking, "caching": Caching, "steady": Steady}


def main(dump, names=("leaking", "caching", "steady")):
    workers = [WORKERS[name]() for name in names]
    chance = random.Random(1)
    for job in range(SNAPSHOTS * JOBS):
        for worker in workers:
            worker.work(job, chance)
        if job % JOBS == JOBS - 1:
            dump("worker-%d" % (job // JOBS))


if __name__ == "__main__":
    import sys
    import tracemalloc
    tracemalloc.start()
    main(lambda name: tracemalloc.take_snapshot().dump(name + ".pickle"), sys.argv[1:] or tuple(WORKERS))

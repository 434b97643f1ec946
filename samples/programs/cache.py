"""A bounded cache that fills: growth that is no leak.

    python3 cache.py       writes cache-0.pickle (half full), cache-1.pickle (full), cache-2.pickle (still full)
    tmdiff cache-0.pickle cache-1.pickle      grows
    tmdiff cache-1.pickle cache-2.pickle      does not: that tells a cache from a leak
"""
from collections import OrderedDict


class Cache:
    def __init__(self, limit):
        self.limit = limit
        self.kept = OrderedDict()

    def get(self, key, make):
        if key not in self.kept:
            self.kept[key] = make(key)
        self.kept.move_to_end(key)
        while len(self.kept) > self.limit:
            self.kept.popitem(last=False)  # the one that was asked for the longest time ago
        return self.kept[key]


def thumbnail(key):
    return bytes(500 + len(key))


def browse(pictures, first, last):
    for number in range(first, last):
        pictures.get("picture-%05d" % number, thumbnail)


def main(dump):
    pictures = Cache(120)
    browse(pictures, 0, 60)
    dump("cache-0")
    browse(pictures, 60, 180)
    dump("cache-1")
    browse(pictures, 180, 600)
    dump("cache-2")


if __name__ == "__main__":
    import tracemalloc
    tracemalloc.start(25)
    main(lambda name: tracemalloc.take_snapshot().dump(name + ".pickle"))

"""Blocks that Python did not allocate itself: tracked in a domain of their own, as numpy does.

    python3 domains.py     writes domains.pickle
    tmtop --domain 389047 domains.pickle
"""
import ctypes

NUMPY = 389047       # numpy.lib.tracemalloc_domain
TEXTURES = 2**32 - 1  # the largest number a domain can have


def tracker():
    """tracemalloc's C function. 3.6 has it under its private name; it needs the GIL, as pythonapi holds."""
    api = ctypes.pythonapi
    track = getattr(api, "PyTraceMalloc_Track", None) or api._PyTraceMalloc_Track
    track.argtypes = ctypes.c_uint, ctypes.c_size_t, ctypes.c_size_t
    return track


class Array:
    """Looks to tracemalloc like an array of numpy: the header in domain 0, the data in another."""

    def __init__(self, track, domain, address, size):
        self.address = address  # never touched, so nothing has to be behind it
        if track(domain, address, size):
            raise MemoryError("tracemalloc refused the block")


def zeros(track, number, size):
    return Array(track, NUMPY, 0x10000000 + number * 0x100000, size)


def texture(track, number):
    return Array(track, TEXTURES, 0x70000000 + number * 0x100000, 65536)


def main(dump):
    track = tracker()
    rows = [zeros(track, number, 8 * (number + 1)) for number in range(60)]
    images = [texture(track, number) for number in range(12)]
    dump("domains")
    return rows, images


if __name__ == "__main__":
    import tracemalloc
    tracemalloc.start(25)
    main(lambda name: tracemalloc.take_snapshot().dump(name + ".pickle"))

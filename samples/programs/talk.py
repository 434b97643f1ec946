"""The leak of Jesus Cea's talk on tracemalloc: between two dumps one line gains 3 blocks and 3,985 bytes."""
import gc

# The sizes of the blocks are the talk's: 36 in the first dump, 39 in the second, 51,870 bytes.
SIZES = [1331] * 5 + [1330] * 31 + [1328, 1328, 1329]
EMPTY = 33  # a bytes object of n bytes is one block of n + 33
kept = {number: None for number in range(len(SIZES))}  # the places are taken now: only messages grow


def talk(first, last):
    for number in range(first, last):
        kept[number] = bytes(SIZES[number] - EMPTY)


def main(dump):
    import colorsys  # noqa: F401  imported here for the lines of importlib, which stay as they are
    import sched     # noqa: F401
    gc.collect()     # as in the talk: what importing left behind would be gone by the second dump
    talk(0, 36)
    dump("talk-0")
    talk(36, 39)
    dump("talk-1")


if __name__ == "__main__":
    import tracemalloc
    tracemalloc.start(25)
    main(lambda name: tracemalloc.take_snapshot().dump(name + ".pickle"))

"""Makes size_cases.txt: sizes and averages as CPython's tracemalloc writes them.

    python3.13 tests/unit/tables/make_size_cases.py > tests/unit/tables/size_cases.txt

A line is "size", the bytes, the text and the text with a sign; or "average", the bytes, the blocks and the text; with tabs.
"""

import random
import tracemalloc

KIB = 1024
MOST = 2**63 - 1
UNITS = [KIB, KIB**2, KIB**3, KIB**4]


def sizes(source):
    edges = {0, 1, 9, 10, 99, 100, 1023, 1024, 1025, MOST, MOST - 1}
    for unit in UNITS:
        # Where the number of digits and the unit change, and what rounds on a half (to even) or just beside it.
        for value in (0.05, 1, 9.95, 10, 10.25, 99.85, 99.9, 99.95, 100, 100.5, 101.5, 1023.5, 10239.5, 10240, 10240.5):
            edges.update(int(value * unit) + near for near in (-1, 0, 1))
    edges.update(2**power + near for power in range(50, 63) for near in (-513, -1, 0, 1, 2, 511, 513))
    edges.update(source.randrange(2 ** source.randrange(1, 64)) for _ in range(600))
    return sorted(size for size in edges if 0 <= size <= MOST)


def averages(source):
    pairs = {(0, 1), (1, 2), (3, 2), (5, 2), (1, 3), (2, 3), (2**53 + 1, 1), (2**53 + 1, 2), (MOST, 1), (MOST, 2), (MOST, 3)}
    pairs.update((MOST, MOST - near) for near in (0, 1, 2))
    for halves in (1, 3, 5, 19999, 20479, 20481):  # n + 1/2 bytes
        pairs.update({(halves, 2), (halves * 50, 100), (halves * 50 - 1, 100), (halves * 50 + 1, 100)})
    for unit in UNITS:
        for tenths in (2, 6, 199, 1998, 1999, 2001):  # n.05 and the like of a larger unit
            pairs.update((tenths * unit * 50 + near, 1000) for near in (-1, 0, 1))
        pairs.update((halves * unit, 2) for halves in (1, 3, 201, 203, 20479, 20481))
    for _ in range(800):
        size = source.randrange(2 ** source.randrange(1, 64))
        pairs.add((size, source.randrange(1, 2 ** source.randrange(1, size.bit_length() + 2))))
    return sorted(pair for pair in pairs if 0 <= pair[0] <= MOST)


def main():
    source = random.Random(10239)
    for size in sizes(source):
        for signed in {size, -size}:
            print("size", signed, tracemalloc._format_size(signed, False), tracemalloc._format_size(signed, True), sep="\t")
    for size, count in averages(source):
        print("average", size, count, tracemalloc._format_size(size / count, False), sep="\t")


main()

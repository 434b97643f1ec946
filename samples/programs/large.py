"""Large numbers: generated code with lines past 2**16, mapped files past 2**32 bytes.

    python3 large.py       writes large.pickle
"""
import domains

LINES = [255, 256, 65535, 65536, 70000, 1000000]
SIZES = [0, 255, 256, 65535, 65536, 2**31 - 1, 2**31, 2**32, 5 * 2**30 + 7, 3 * 2**40, 2**53 + 1]


def main(dump):
    kept = []
    for lineno in LINES:
        code = compile("\n" * (lineno - 1) + "kept.append(bytes(%d))" % (lineno % 100), "/srv/shop/generated.py", "exec")
        exec(code, {"kept": kept})
    track = domains.tracker()
    for number, size in enumerate(SIZES):
        kept.append(domains.zeros(track, number, size))
    dump("large")
    return kept


if __name__ == "__main__":
    import tracemalloc
    tracemalloc.start(25)
    main(lambda name: tracemalloc.take_snapshot().dump(name + ".pickle"))

"""Nothing at all: what CPython itself holds after starting. Blocks made before the first frame are at <unknown>:0.

    python3 -X tracemalloc startup.py         writes startup.pickle
"""


def main(dump):
    dump("startup")


if __name__ == "__main__":
    import tracemalloc
    main(lambda name: tracemalloc.take_snapshot().dump(name + ".pickle"))

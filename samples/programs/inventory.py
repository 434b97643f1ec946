"""Many small dicts, lists and strings from JSON: memory that is simply in use.

    python3 inventory.py   writes inventory.pickle
    tmtop -g filename inventory.pickle        most of it was made inside the json package
    tmtop -i '*/inventory.py' inventory.pickle
"""
import json


def catalogue(count):
    rows = [{"name": "item-%d" % number, "cents": 300 + number, "tags": ["new", "shelf-%d" % (number % 9)]}
            for number in range(count)]
    return json.dumps(rows)


def load(count):
    return {row["name"]: row for row in json.loads(catalogue(count))}


def by_tag(stock):
    index = {}
    for name, row in stock.items():
        for tag in row["tags"]:
            index.setdefault(tag, []).append(name)
    return index


def main(dump):
    stock = load(150)
    index = by_tag(stock)
    dump("inventory")
    return index


if __name__ == "__main__":
    import tracemalloc
    tracemalloc.start(25)
    main(lambda name: tracemalloc.take_snapshot().dump(name + ".pickle"))

"""Allocates much and holds some of it, the same each time.

steady: what is freed is of types without a free list, or the free lists are emptied at once.
churn: anything.
"""
import gc
import json
import types


class Node:
    __slots__ = ("value", "children")

    def __init__(self, value, children):
        self.value = value
        self.children = children


class Plain:
    pass


class Iterated:
    def __init__(self, count):
        self.count = count

    def __iter__(self):
        return self

    def __next__(self):
        if self.count == 0:
            raise StopIteration
        self.count -= 1
        return "item %d" % (self.count * 10**9)


def tree(depth, chance):
    if depth == 0:
        return Node("leaf %d" % chance.randrange(10**9), None)
    return Node(bytes(chance.randrange(2000)), [TREES[depth](depth - 1, chance), TREES[depth](depth - 1, chance)])


# Each depth's tree() is a function of its own: up to CPython 3.10 the frame of code that calls itself stays with the code,
# and comes back to life in the next call.
TREES = [types.FunctionType(tree.__code__.replace(co_name="tree%d" % i), globals()) for i in range(9)]


def chain(depth):
    if depth == 0:
        return Node(10**30, None)
    return Node(depth * 10**20, chain(depth - 1))


def closure(data):
    def inner():
        return data
    return inner


def grown(count):
    result = []
    for i in range(count):
        result.append(i * 10**10)
    return result


def texts(chance, count):
    """Made, kept for a while and freed, out of order."""
    held = [None] * 64
    for i in range(count):
        held[chance.randrange(64)] = "text %d" % i * chance.randrange(1, 40)
    return held


def shrunk(chance):
    result = bytearray(chance.randrange(5000, 9000))
    del result[100:]
    result.extend(bytes(chance.randrange(3000)))
    return result


FILES = ["<executed %d>" % i for i in range(7)]  # of which tracemalloc keeps each that it meets
CODE = """def f(x):
    y = [x] * 10
    return y
z = f("%d" * 3)
"""


def executed(count):
    """Code objects that are kept, and others that are not."""
    held = []
    for i in range(count):
        names = {"code": compile(CODE % i, FILES[i % 7], "exec")}
        gc.collect()
        exec(names["code"], names)
        if i % 3 == 0:
            held.append(names)
        names = None
    return held


def bytearrays(chance):
    result = {}
    for i in range(200):
        result["key %d" % i] = Plain()
        result[i * 1000] = shrunk(chance)
    return result


def steady(chance):
    kept = []
    for make in (lambda: tree(7, chance), lambda: chain(60), lambda: grown(3000), lambda: texts(chance, 4000),
                 lambda: bytearray(5000), lambda: closure(kept[-1]), lambda: bytearrays(chance),
                 lambda: [Node(i, None) for i in range(1000, 1500)], lambda: executed(30),
                 lambda: types.SimpleNamespace(a=bytes(100), b=list(Iterated(50)))):
        kept.append(make())
        gc.collect()  # empties the free lists
    return kept


def generated(count):
    for i in range(count):
        yield {"i": i * 1000003, "s": "x" * (i % 300), "t": (i, i + 0.5)}


def failing(count):
    result = []
    for i in range(count):
        try:
            raise ValueError("no %d" % i, [i] * 5)
        except ValueError as error:
            if i % 4 == 0:
                result.append(error)
    return result


def keywords(*positional, **named):
    return positional, named


def churn(chance):
    kept = steady(chance)
    kept += [list(generated(500)), failing(100), keywords(1, [2], a=3.5, b={4: 5})]
    kept.append(json.loads(json.dumps([{"k%d" % i: [i, str(i), i / 3]} for i in range(300)])))
    kept.append(({i: str(i) * 3 for i in range(2000)}, {(i, i + 1) for i in range(500)}, {float(i) for i in range(99)}))
    for i in range(300):
        temporary = []
        for j in range(i):
            temporary.append((str(j) * 5, [j], {j: j + 0.5}))
        if i % 10 == 0:
            kept.append(temporary)
    kept.append([x for pair in zip(range(500), map(str, range(500))) for x in pair])
    kept.append([slice(i, 2 * i) for i in range(20)] + [kept[:] for _ in range(20)] + [[].append, kept.sort])
    return kept

"""Write a tracemalloc dump of an invented process, the same one for the same seed.

    generate.py [--traces 1000000] [--frames 25] [--seed 1] [--domains 1] [--grow SEED/FRACTION] OUT.pickle

The process is a random call graph over an application, its packages, the standard library and the import system. Walks
through it are the tracebacks; few of them hold most of the blocks (Zipf). The numbers below were taken from real heaps
(see real_heap.py), and the bytes are the real pickler's.

--grow writes a later dump of the same process: FRACTION more blocks, some others freed, a leak at LEAK.
"""
import argparse
import gc
import itertools
import os
import random
import sys
import tracemalloc

LIBRARY = "/usr/lib/python3.11/"
PACKAGES = "/srv/shop/venv/lib/python3.11/site-packages/"
APP = "/srv/shop/"

LIBRARY_MODULES = """abc argparse ast asyncio/base_events asyncio/events asyncio/tasks bisect codecs collections/__init__
concurrent/futures/thread contextlib copy csv dataclasses datetime decimal email/feedparser email/message email/parser enum
functools gettext hashlib heapq html/parser http/client http/cookies http/server inspect io ipaddress json/__init__ json/decoder
json/encoder json/scanner linecache locale logging/__init__ logging/config logging/handlers mimetypes multiprocessing/pool
multiprocessing/queues numbers operator optparse os pathlib pickle pkgutil platform posixpath profile queue random re/_compiler
re/_parser re/__init__ selectors shutil socket socketserver sqlite3/dbapi2 ssl statistics string subprocess tempfile textwrap
threading tokenize traceback types typing unittest/case urllib/parse urllib/request uuid warnings weakref xml/dom/minidom
xml/etree/ElementTree xml/sax/expatreader zipfile""".split()
PACKAGE_NAMES = """attrs babel celery certifi click django flask jinja2 kombu lxml markdown numpy pandas PIL psycopg2 pydantic
pygments redis requests sqlalchemy urllib3 werkzeug yaml""".split()
PACKAGE_MODULES = """__init__ base cache compat config core engine/__init__ engine/base engine/result errors fields helpers
io/common io/parsers models parser pool registry schema serializers session types utils/__init__ utils/text""".split()
APP_MODULES = """main cache catalog/models catalog/search catalog/views checkout/cart checkout/payment checkout/tax jobs/export
jobs/imports jobs/mail orders/models orders/report orders/views settings users/auth users/models users/views web/app
web/middleware web/templates""".split()

LEAK = (APP + "cache.py", 1077)  # past the lines of every other function, so the leak has the line to itself
LEAK_SIZE = 4096

NUMPY_DOMAIN = 389047  # the one that numpy gives its arrays; further domains count up from it

# What objects ask for, and how often.
OBJECT_SIZES = [56, 64, 120, 32, 48, 208, 96, 152, 72, 80, 28, 112, 176, 232, 352, 1072]
OBJECT_WEIGHTS = [18, 17, 10, 7, 6, 5, 4, 3, 3, 2, 2, 2, 1, 1, 1, 1]


class Function:
    """A function: its file, and the lines on which it calls others."""

    def __init__(self, filename):
        self.filename = filename
        self.calls = []  # (lineno, Function), the first ones are the busiest

    def call(self, lineno, callee):
        self.calls.append((lineno, callee))
        return callee


def functions_of(rng, filenames, per_file):
    return [Function(name) for name in filenames for _ in range(rng.randint(1, per_file))]


def import_system(modules):
    """The frames that every import statement adds before the imported module's own code runs."""
    find, load_unlocked, load, execute, removed = (Function("<frozen importlib._bootstrap>") for _ in range(5))
    loader, get_code, unmarshal = (Function("<frozen importlib._bootstrap_external>") for _ in range(3))
    find.call(1176, load).call(1147, load_unlocked).call(690, loader)
    loader.call(936, get_code).call(1069, unmarshal).call(729, Function("<frozen importlib._bootstrap_external>"))
    loader.call(940, removed)
    for module in modules:
        removed.call(241, module)
    return find


def call_graph(rng):
    """Returns the function that starts the program."""
    app = functions_of(rng, [APP + name + ".py" for name in APP_MODULES], 25)
    packages = functions_of(rng, [f"{PACKAGES}{package}/{module}.py"
                                  for package in PACKAGE_NAMES for module in PACKAGE_MODULES], 9)
    library = functions_of(rng, [LIBRARY + name + ".py" for name in LIBRARY_MODULES], 20)
    importing = import_system(rng.sample(packages + library, 400))
    leaves = [Function("<string>"), Function("<frozen abc>"), Function("<__array_function__ internals>")]

    reach = [(app, app * 4 + packages * 2 + library), (packages, packages * 3 + library * 2), (library, library)]
    for callers, callees in reach:
        for number, function in enumerate(callers):
            first_line = 10 + number * 17 % 900
            for offset in sorted(rng.sample(range(40), rng.randint(2, 7))):
                kind = rng.random()
                if kind < 0.03:
                    callee = importing
                elif kind < 0.16:
                    callee = function  # recursion: parsers, encoders, copy.deepcopy
                elif kind < 0.17:
                    callee = rng.choice(leaves)
                else:
                    callee = rng.choice(callees)
                function.call(first_line + offset, callee)
            rng.shuffle(function.calls)

    start = Function("<frozen runpy>")
    run_code = start.call(198, Function("<frozen runpy>"))
    main = run_code.call(88, Function(APP + "main.py"))
    for lineno in range(5, 65, 3):
        main.call(lineno, rng.choice(app))
    return start


def walk(rng, function):
    """A path through the graph as ((filename, lineno), ...), most recent call first, as tracemalloc keeps it."""
    depth = 4 + int(rng.expovariate(1 / 14))
    path = []
    while function.calls and len(path) < depth:
        lineno, callee = function.calls[int(len(function.calls) * rng.random() ** 2)]
        path.append((function.filename, lineno))
        function = callee
    return tuple(reversed(path))


def walks(rng, start, count):
    """`count` different paths, in the order in which they were found."""
    found = {}
    while len(found) < count:
        found[walk(rng, start)] = None
    return list(found)


def site_sizes(rng):
    """The sizes that one site asks for, to choose from: equal chances, so a size may occur more than once."""
    kind = rng.random()
    if kind < 0.55:
        return rng.choices(OBJECT_SIZES, OBJECT_WEIGHTS)
    if kind < 0.75:
        return rng.choices(OBJECT_SIZES, OBJECT_WEIGHTS, k=4)
    if kind < 0.93:  # strings, whose sizes are odd: tracemalloc knows what was asked for, not what was given
        return [49 + int(rng.expovariate(1 / 14)) for _ in range(12)]
    return [16 * (1 + int(rng.lognormvariate(3, 1.6))) for _ in range(20)]  # tables and buffers: the long tail


def tracebacks_for(traces):
    """59,000 different ones among a million traces; they grow slower than the traces do."""
    return max(1, min(traces // 4, int(59 * traces**0.5)))


def zipf(count):
    return list(itertools.accumulate((rank + 1) ** -1.2 for rank in range(count)))


def runs_of(rng, paths, sizes, blocks):
    """Distributes `blocks` blocks over the paths, as [(path number, [size, ...])], every path at least once.

    Neighbours in tracemalloc's hash table were often made by the same site, hence the runs.
    """
    numbers = list(range(min(len(paths), blocks)))
    spare = blocks - len(numbers)
    runs = [(number, [rng.choice(sizes[number])]) for number in numbers]
    for number in rng.choices(range(len(paths)), cum_weights=zipf(len(paths)), k=spare):
        length = min(rng.choice((1, 1, 1, 3)), spare)
        spare -= length
        if length:
            runs.append((number, rng.choices(sizes[number], k=length)))
    return runs


def grown(rng, runs, paths, sizes, start, fraction):
    """What the process holds later. Large blocks stay, so that the leak is the largest change."""
    traces = sum(len(run[1]) for run in runs)
    survivors = [run for run in runs if max(run[1]) >= LEAK_SIZE or rng.random() > fraction / 4]
    missing = traces + int(traces * fraction) - sum(len(run[1]) for run in survivors)
    leaked = missing // 2

    known = len(paths)
    paths += walks(rng, start, max(1, len(paths) // 50))
    sizes += [[min(size, LEAK_SIZE) for size in site_sizes(rng)] for _ in paths[known:]]
    small = [[size for size in of_site if size < LEAK_SIZE] or [64] for of_site in sizes]
    order = list(range(known, len(paths))) + rng.choices(range(known), cum_weights=zipf(known), k=missing)
    fresh = [(number, [rng.choice(small[number])]) for number in order[: missing - leaked]]

    paths.append((LEAK, *rng.choice(paths[:known])[1:]))
    return survivors + fresh + [(len(paths) - 1, [LEAK_SIZE])] * leaked


def domains_of(paths, count):
    """The domain of each path: Python's own, but for those who allocate in numpy if there are domains."""
    return [NUMPY_DOMAIN + number % count if count and path[0][0].startswith(PACKAGES + "numpy/") else 0
            for number, path in enumerate(paths)]


def traces_of(runs, paths, domains, limit):
    """The tuples that _tracemalloc._get_traces() returns, with its sharing: file names are shared and so are whole
    tracebacks (as long as total_nframe is equal too), but each traceback has frame tuples of its own."""
    shared = {}
    tracebacks = []
    for path in paths:
        frames = path[:limit]
        key = (frames, len(path))
        if key not in shared:
            shared[key] = tuple((filename, lineno) for filename, lineno in frames)
        tracebacks.append((shared[key], len(path)))
    # It lists Python's own domain first, then the others.
    runs = sorted(runs, key=lambda run: domains[run[0]])
    return [(domains[number], size, *tracebacks[number]) for number, sizes in runs for size in sizes]


def snapshot(options):
    rng = random.Random(options.seed)
    start = call_graph(rng)
    paths = walks(rng, start, tracebacks_for(options.traces))
    rng.shuffle(paths)  # short paths are found first; the rank is to have nothing to do with the length
    sizes = [site_sizes(rng) for _ in paths]
    runs = runs_of(rng, paths, sizes, options.traces)
    if options.grow:
        seed, fraction = options.grow
        rng = random.Random(seed)
        runs = grown(rng, runs, paths, sizes, start, fraction)
    rng.shuffle(runs)
    return tracemalloc.Snapshot(traces_of(runs, paths, domains_of(paths, options.domains), options.frames), options.frames)


def growth(text):
    seed, _, fraction = text.partition("/")
    return int(seed), float(fraction)


def main():
    parser = argparse.ArgumentParser(description="Write a tracemalloc dump of an invented process.")
    parser.add_argument("out", metavar="OUT.pickle")
    parser.add_argument("--traces", type=int, default=1_000_000)
    parser.add_argument("--frames", type=int, default=25, help="traceback limit (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--domains", type=int, default=1, help="domains beside Python's own (default: %(default)s)")
    parser.add_argument("--grow", type=growth, metavar="SEED/FRACTION", help="the same process later, e.g. 2/0.05")
    options = parser.parse_args()
    if sys.version_info < (3, 9):
        sys.exit("generate.py: traces have four fields only since Python 3.9")

    gc.disable()  # millions of tuples, no cycles
    made = snapshot(options)
    made.dump(options.out)
    traces = made.traces._traces
    print(f"{options.out}: {len(traces)} traces, {len({id(trace[2]) for trace in traces})} tracebacks, "
          f"{os.path.getsize(options.out)} bytes" + (f", leak at {LEAK[0]}:{LEAK[1]}" if options.grow else ""))


if __name__ == "__main__":
    main()

"""Programs whose output and status must not depend on who records them: python3 guests.py NAME"""
import asyncio
import atexit
import gc
import multiprocessing
import os
import random
import signal
import sys
import threading
import traceback
import warnings
import weakref


def churn(seed, count=3000):
    chance = random.Random(seed)
    held = [None] * 50
    for i in range(count):
        kinds = (lambda: bytes(chance.randrange(3000)), lambda: [i] * chance.randrange(60), lambda: {i: str(i)},
                 lambda: (i, i + 0.5), lambda: "text %d" % i, lambda: bytearray(chance.randrange(9000)))
        held[chance.randrange(50)] = kinds[chance.randrange(6)]()
    return sum(one is not None for one in held)


def threads():
    results = {}
    for _ in range(3):
        workers = [threading.Thread(target=lambda n=n: results.update({n: churn(n)})) for n in range(8)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    print(sorted(results.items()))


def coroutines():
    async def numbers(count):
        for i in range(count):
            await asyncio.sleep(0)
            yield [i] * i

    async def worker(n):
        total = 0
        async for one in numbers(30):
            total += len(one)
            if n == 3 and total > 100:
                raise ValueError("enough: %d" % total)
        return total

    async def main():
        print(await asyncio.gather(*(worker(n) for n in range(20)), return_exceptions=True))
        task = asyncio.ensure_future(asyncio.sleep(100))
        await asyncio.sleep(0)
        task.cancel()
        print(await asyncio.gather(task, return_exceptions=True))
        print(await asyncio.get_running_loop().run_in_executor(None, churn, 1))

    asyncio.run(main())


def generators():
    def inner(depth):
        try:
            if depth:
                yield from inner(depth - 1)
            for i in range(3):
                got = yield [depth] * i
                if got:
                    yield "got %s at %d" % (got, depth)
        finally:
            closed.append(depth)

    closed = []
    one = inner(50)
    print([next(one), one.send(None), one.send("this"), next(one)])
    try:
        one.throw(KeyError("thrown"))
    except KeyError as error:
        print(repr(error), len(closed))
    abandoned = [inner(5) for _ in range(100)]
    print(sum(len(next(each)) for each in abandoned))
    abandoned = None
    gc.collect()
    print(len(closed), sum(i * i for i in (j for j in range(1000))))


def exceptions():
    def fail(depth):
        if depth == 0:
            return {}["missing"]
        try:
            return fail(depth - 1)
        except KeyError as error:
            raise RuntimeError("at %d" % depth) from error

    for _ in range(50):
        try:
            fail(8)
        except RuntimeError as error:
            text = traceback.format_exc()
            chain = []
            while error is not None:
                chain.append(str(error))
                error = error.__cause__
    print(chain, text.count("File"))
    sys.exit("the end")


def uncaught():
    churn(1, 500)
    raise LookupError("nobody catches this")


def recursion():
    class Loop:
        def __repr__(self):
            return repr(self)

        def __eq__(self, other):
            return self.other == other

    def down(n):
        seen[0] = n
        return [down(n + 1)]

    def through_map(n):
        seen[0] = n
        return list(map(through_map, [n + 1]))

    def generator(n):
        seen[0] = n
        yield from generator(n + 1)

    one = Loop()
    one.other = Loop()
    one.other.other = one
    nested = []
    for _ in range(100000):
        nested = [nested]
    for limit in (200, 1000, 3000):
        sys.setrecursionlimit(limit)
        for what in (lambda: down(0), lambda: through_map(0), lambda: list(generator(0)), lambda: repr(one),
                     lambda: one == one.other, lambda: repr(nested)):
            seen = [0]
            try:
                what()
                print("no error")
            except RecursionError as error:
                print(limit, seen, error)


def fork():
    warnings.simplefilter("ignore")  # of CPython 3.12, which takes an ended thread for one that lives, or not
    held = [bytes(1000 + i) for i in range(100)]
    sys.stdout.flush()
    for n in range(4):
        pid = os.fork()
        if pid == 0:
            worker = threading.Thread(target=churn, args=(n,))
            worker.start()
            worker.join()
            del held[::2]
            grandchild = os.fork()
            if grandchild == 0:
                os._exit(churn(n + 10, 500) % 7)
            os._exit(n + os.waitpid(grandchild, 0)[1] // 256)
        print(os.waitpid(pid, 0)[1] // 256, len(held))


def _squares(method):
    context = multiprocessing.get_context(method)
    with context.Pool(2) as pool:
        print(pool.map(churn, range(6)))
    queue = context.Queue()
    process = context.Process(target=_put, args=(queue,))
    process.start()
    print(len(queue.get()))
    process.join()
    print(process.exitcode)


def _put(queue):
    queue.put(list(range(5000)))
    sys.exit(3)


def pool_fork():
    _squares("fork")


def pool_spawn():
    _squares("spawn")


def subinterpreter():
    try:
        import _xxsubinterpreters as interpreters
    except ImportError:
        import _interpreters as interpreters
    for _ in range(3):
        other = interpreters.create()
        interpreters.run_string(other, "import json; held = [json.dumps([i] * i) for i in range(300)]; assert len(held) == 300\n"
                                       "def f(n): return [n] if n == 0 else [f(n - 1)]\nheld.append(f(50))")
        interpreters.destroy(other)
        print(churn(1))


def daemons():
    for n in range(6):
        threading.Thread(target=lambda n=n: [churn(n, 200) for _ in range(10**6)], daemon=True).start()
    print(churn(99))


def at_exit():
    class Late:
        def __init__(self, name):
            self.name = name

        def __del__(self):
            os.write(1, ("gone: %s %d\n" % (self.name, len([0] * 100))).encode())

    print("before")
    sys.stdout.flush()
    atexit.register(lambda: print("atexit", churn(5), flush=True))
    cycle = Late("cycle")
    cycle.own = cycle
    sys.late = Late("of a module")
    at_exit.late = Late("of a function")
    weakref.finalize(sys.late, lambda: None)
    sys.exit(5)


def codes():
    total = 0
    for i in range(8000):
        names = {}
        exec("def f(x):\n  return [x, %d] * 3\nlast = f('a')\n" % i, names)
        total += len(names["last"]) + eval("len([%d] * 4)" % i)
    print(total)


def signals():
    def handler(number, frame):
        count.append([number] * 10)

    count = []
    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    results = [churn(n) for n in range(20)]
    signal.setitimer(signal.ITIMER_REAL, 0)
    print(results, len(count) > 3)


def traced():
    def trace(frame, event, argument):
        lines.append((frame.f_lineno, [0] * 5))
        return trace

    lines = []
    sys.settrace(trace)
    churn(3, 300)
    sys.settrace(None)
    sys.setprofile(lambda frame, event, argument: lines.append(event))
    churn(3, 300)
    sys.setprofile(None)
    print(len(lines) > 100)


def frames():
    """Looks at its own frames, and replaces what they run."""
    def look(depth):
        if depth:
            return look(depth - 1)
        frame, found = sys._getframe(), []
        while frame is not None and len(found) < 12:
            found.append((frame.f_code.co_name, frame.f_lineno, len(frame.f_locals) > 0))
            frame = frame.f_back
        return found

    def other(depth):
        return [b"x" * 100, look is None] * depth

    print(look(10))
    for _ in range(200):
        look.__code__ = other.__code__.replace(co_firstlineno=7)
        gc.collect(0)
    print(len(look(4)))


def killed():
    print("before", flush=True)
    churn(1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    globals()[sys.argv[1]]()

"""What tmrecorder must stand while a program runs: python3 module_guests.py NAME COUNT. Prints "ok"."""
import gc
import os
import random
import sys
import threading
import time

import tmrecorder
from guests import churn


def with_threads(work):
    """Does it while others allocate and free."""
    is_over = threading.Event()

    def run(n):
        while not is_over.is_set():
            assert churn(n, 300) > 20

    others = [threading.Thread(target=run, args=(n,)) for n in range(4)]
    for other in others:
        other.start()
    try:
        work()
    finally:
        is_over.set()
        for other in others:
            other.join()


def start_stop(count):
    chance = random.Random(7)

    def work():
        for i in range(count):
            tmrecorder.start(chance.choice((1, 2, 25, 500)))
            if i % 4 == 0:
                time.sleep(chance.random() / 500)
            held = [bytes(chance.randrange(2000)) for _ in range(chance.randrange(20))]
            assert tmrecorder.get_traced_memory()[0] > 0 or not held
            held = None if i % 2 else held
            tmrecorder.stop()
            assert not tmrecorder.is_tracing() and tmrecorder.get_traced_memory() == (0, 0)

    with_threads(work)
    tmrecorder.start(3)
    held = bytes(123456)
    assert tmrecorder.get_object_traceback(held)[-1].filename == __file__
    assert [one.size for one in tmrecorder.take_snapshot().traces].count(sys.getsizeof(held)) == 1
    assert 123456 <= tmrecorder.get_traced_memory()[0] < 2000000


def clear(count):
    def work():
        for _ in range(count):
            tmrecorder.clear_traces()
            held = bytes(5000)
            assert tmrecorder.get_object_traceback(held) is not None
            tmrecorder.reset_peak()

    tmrecorder.start(10)
    with_threads(work)
    gc.collect()
    tmrecorder.clear_traces()
    assert tmrecorder.get_traced_memory()[0] < 5000


def snapshots(count):
    def work():
        for _ in range(max(1, count // 100)):
            snapshot = tmrecorder.take_snapshot()
            mine = [one for one in snapshot.traces if one.size == sys.getsizeof(held)]
            assert len(mine) == 1 and mine[0].traceback[-1].filename == __file__
            assert sum(one.size for one in snapshot.statistics("lineno")) == sum(one.size for one in snapshot.traces)

    tmrecorder.start(10)
    held = bytes(123456)
    with_threads(work)


def codes(count):
    """The recorder's own memory has a bound, however many code objects come and go."""
    def run(rounds):
        for i in range(rounds):
            names = {}
            exec(compile("def f(x):\n  return [x] * 3\nlast = f('a')\n", "<code>", "exec"), names)
            eval("[1, 2] * %d" % (i % 50))

    tmrecorder.start(10)
    run(count)
    before = tmrecorder.get_tracemalloc_memory()
    run(4 * count)
    grown = tmrecorder.get_tracemalloc_memory() - before
    assert grown < 1 << 20, "%d bytes more" % grown


def totals(count):
    """Traced memory is the sum of the traces, whatever threads did."""
    tmrecorder.start(5)
    for n in range(3):
        with_threads(lambda: time.sleep(count / 20000))
    kept = [churn(n) for n in range(3)]
    traced = tmrecorder.get_traced_memory()[0]
    told = sum(one.size for one in tmrecorder.take_snapshot().traces)
    assert kept and abs(told - traced) < 20000, (told, traced)


def subinterpreter(count):
    try:
        import _xxsubinterpreters as interpreters
    except ImportError:
        import _interpreters as interpreters
    other = interpreters.create()
    code = ("import sys\nsys.path[:] = %r\ntry:\n  import tmrecorder\nexcept ImportError as error:\n  text = str(error)\n"
            "else:\n  text = 'no error'\nimport os\nos.write(1, text.encode() + b'\\n')\n" % sys.path)
    tmrecorder.start(3)
    told = interpreters.run_string(other, code)
    assert told is None, told
    interpreters.destroy(other)


if __name__ == "__main__":
    globals()[sys.argv[1]](int(sys.argv[2]))
    print("ok", flush=True)
    if tmrecorder.is_tracing() and os.environ.get("STOP"):
        tmrecorder.stop()

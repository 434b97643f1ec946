"""Holds what sampling.py expects, each kind by a function of its own. With an argument it records itself to that file."""
import gc
import sys
import threading


def kept():
    return [b"%067d" % i for i in range(40000)]  # of 100 bytes each


def large():
    return [bytes(3000 + i) for i in range(1500)]


def grown():
    """Blocks that are moved while they are small, and then once more."""
    made = []
    for i in range(6000):
        text = bytearray(b"x" * 20)
        while len(text) < (300 if i % 2 else 700):
            text += b"y" * 50
        made.append(text)
    return made


def shrunk():
    made = [bytearray(2000) for _ in range(6000)]
    for text in made:
        del text[200:]
    return made


def dropped():
    made = [b"%067d" % i for i in range(40000)]
    more = [bytearray(1000) for _ in range(4000)]
    return len(made) + len(more)


def threaded():
    made = []
    threads = [threading.Thread(target=lambda: made.extend(in_a_thread())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return made


def in_a_thread():
    return [b"%067d" % i for i in range(10000)]


def restarted(recorder):
    """Blocks of one recording are freed in another, of another kind, also with tracemalloc in front of it."""
    import tracemalloc
    held = []
    for i in range(30):
        recorder.start(5, **({"sample_interval": 1000} if i % 3 else {}))
        if i % 5 == 4:
            tracemalloc.start()
        grown = [bytearray(b"z" * 300) for _ in range(300)]
        held.append(([b"%067d" % j for j in range(500)], grown))
        if i % 4 == 3:
            del held[:3]
        for text in grown:
            text += b"z" * 100
        if i % 7 == 6:
            recorder.stop()
            held.clear()
        tracemalloc.stop()
        recorder.stop()


def all_of_them():
    dropped()
    return kept(), large(), grown(), shrunk(), threaded()


if len(sys.argv) == 1:
    held = all_of_them()
    gc.collect()
else:
    import tmrecorder
    restarted(tmrecorder)
    tmrecorder.start(5, sample_interval=int(sys.argv[2]))
    held = all_of_them()
    gc.collect()
    tmrecorder.take_snapshot().dump(sys.argv[1])
    tmrecorder.stop()
    del held

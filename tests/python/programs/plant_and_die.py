"""Plants ten blocks of 1024 to 1033 bytes in all, and dies as it is told: python3 plant_and_die.py SIGNAL|_exit"""
import os
import signal
import sys
import threading

HEADER = sys.getsizeof(b"")


def plant():
    return [b"x" * (1024 + i - HEADER) for i in range(10)]


def noise():
    while True:
        [[0] * 100 for _ in range(100)]


held = plant()
for _ in range(2):
    threading.Thread(target=noise, daemon=True).start()
print("planted", flush=True)
if sys.argv[1] == "_exit":
    os._exit(9)
os.kill(os.getpid(), getattr(signal, sys.argv[1]))

"""Holds known numbers of objects of known types, and blocks of C's beneath lines of its own."""
import collections
import ctypes

try:
    import _testcapi
except ImportError:  # Debian's python3 is without it
    _testcapi = None
import colorsys  # noqa: F401  (what a module tracks is seen from the next import on)


class Plain:
    def __init__(self, number):
        self.name = "name of %d" % number


class Slotted:
    __slots__ = ("number",)


libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes = (ctypes.c_size_t,)


def take():
    return [libc.malloc(70000 + i) for i in range(20)]


def track():
    if _testcapi is not None:
        _testcapi.tracemalloc_track(389047, 0x1000, 12345)
        _testcapi.tracemalloc_track(389047, 0x2000, 54321)
        _testcapi.tracemalloc_untrack(389047, 0x1000)


plain = [Plain(i) for i in range(300)]
slotted = [Slotted() for _ in range(400)]
ordered = [collections.OrderedDict(a=i) for i in range(70)]
sets = [{i, -i} for i in range(1, 91)]
pairs = [(i, i + 1) for i in range(1000, 1200)]
texts = ["x" * 2000 + str(i) for i in range(30)]
taken = take()
track()

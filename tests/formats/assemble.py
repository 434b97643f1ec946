"""Puts pickles together by hand, opcode by opcode. A "value" here is the bytes that push it on the stack."""
import struct

MARK, STOP, POP, DUP, NONE, MEMOIZE = b"(", b".", b"0", b"2", b"N", b"\x94"
APPEND, APPENDS, BUILD, SETITEM, SETITEMS = b"a", b"e", b"b", b"s", b"u"
EMPTY_LIST, EMPTY_DICT, EMPTY_TUPLE, EMPTY_SET = b"]", b"}", b")", b"\x8f"
TUPLE, TUPLE1, TUPLE2, TUPLE3 = b"t", b"\x85", b"\x86", b"\x87"
REDUCE, NEWOBJ, NEWOBJ_EX, STACK_GLOBAL, ADDITEMS, FROZENSET = b"R", b"\x81", b"\x92", b"\x93", b"\x90", b"\x91"
TRUE, FLOAT = b"\x88", b"G" + struct.pack(">d", 0.5)


def proto(number):
    return b"\x80" + bytes([number])


def frame_opcode(length):
    return b"\x95" + struct.pack("<Q", length)


def text(string):
    raw = string.encode("utf-8", "surrogatepass")
    return b"X" + struct.pack("<I", len(raw)) + raw


def data(raw):
    return b"C" + bytes([len(raw)]) + raw


def integer(value):
    if 0 <= value < 256:
        return b"K" + bytes([value])
    if -2**31 <= value < 2**31:
        return b"J" + struct.pack("<i", value)
    raw = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
    return b"\x8a" + bytes([len(raw)]) + raw


def put(number):
    return b"r" + struct.pack("<I", number)


def get(number):
    return b"j" + struct.pack("<I", number)


def tuple_of(*values):
    return MARK + b"".join(values) + TUPLE if values else EMPTY_TUPLE


def list_of(*values):
    return EMPTY_LIST + MARK + b"".join(values) + APPENDS


def dict_of(items):
    return EMPTY_DICT + MARK + b"".join(text(key) + value for key, value in items) + SETITEMS


def named(module, name):
    return b"c" + module.encode() + b"\n" + name.encode() + b"\n"


def instance(cls, state):
    return cls + EMPTY_TUPLE + NEWOBJ + state + BUILD


# The parts of a dump.

SNAPSHOT, TRACES = named("tracemalloc", "Snapshot"), named("tracemalloc", "_Traces")


def frame(filename=text("app.py"), lineno=integer(1)):
    return tuple_of(filename, lineno)


def trace(domain=integer(0), size=integer(512), traceback=tuple_of(frame()), total_nframe=integer(1)):
    return tuple_of(domain, size, traceback, total_nframe)


def wrapped(raw_traces):
    return instance(TRACES, dict_of([("_traces", raw_traces)]))


def root_of(raw_traces, limit=integer(1), more=()):
    return instance(SNAPSHOT, dict_of([("traces", wrapped(raw_traces)), ("traceback_limit", limit), *more]))


def dump(raw_traces, **others):
    return proto(4) + root_of(raw_traces, **others) + STOP

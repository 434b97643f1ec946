#!/usr/bin/env python3
"""Makes bad/* again: dumps that are broken, hostile, or something else.

    python3 tests/formats/make_bad.py

Every pickle is put together here by hand, opcode by opcode. What tmtop says to each is in bad_messages.txt, which
`UPDATE=1 ctest -R formats.bad` writes again; read the difference before you believe it.
"""
import gzip
import io
import os
import pickle
import pickletools
import struct
import zlib

import bad_sites
from assemble import (
    ADDITEMS, APPEND, APPENDS, BUILD, DUP, EMPTY_DICT, EMPTY_LIST, EMPTY_SET, EMPTY_TUPLE, FLOAT, FROZENSET, MARK,
    MEMOIZE, NEWOBJ, NEWOBJ_EX, NONE, POP, REDUCE, SETITEM, SETITEMS, SNAPSHOT, STACK_GLOBAL, STOP, TRACES, TRUE,
    TUPLE, TUPLE1, TUPLE2, TUPLE3, data, dict_of, dump, frame, frame_opcode, get, instance, integer, list_of, named,
    proto, put, root_of, text, trace, tuple_of, wrapped)

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bad")
CASES = {}


def case(name, *parts, suffix=".pickle"):
    assert name not in CASES, name
    CASES[name] = (b"".join(parts), suffix)


def packed_case(name, *parts):
    """For what is long: kept compressed."""
    case(name, gzip.compress(b"".join(parts), mtime=0), suffix=".pickle.gz")


GOOD = dump(list_of(trace()))

# Not a dump at all.

case("empty")
case("one-byte", b"\x80")
case("text", b"1 block of 512 bytes in app.py:1\n")
case("csv", b"size,count,filename,lineno\n512,1,app.py,1\n")
case("json", b'{"traces": []}\n')
case("elf", b"\x7fELF\x02\x01\x01" + bytes(57))
case("zeros", bytes(4096))
case("protocol-6", proto(6) + GOOD[2:])
case("protocol-200", proto(200) + GOOD[2:])
case("protocol-0-text", b"could be a GLOBAL\nbut is a poem\n")
case("pickle-list", pickle.dumps([1, 2], 4))
case("pickle-list-protocol-0", pickle.dumps([1, 2], 0))
case("pickle-list-protocol-1", pickle.dumps([1, 2], 1))
case("pickle-dict", pickle.dumps({"traces": []}, 4))
case("pickle-dict-protocol-0", pickle.dumps({"traces": []}, 0))
case("pickle-int", pickle.dumps(7, 4))
case("pickle-str", pickle.dumps("tracemalloc", 4))
case("pickle-none", pickle.dumps(None, 4))
case("pickle-bytes", pickle.dumps(b"bytes", 4))
case("pickle-tuple", pickle.dumps((1, "two"), 4))
case("pickle-float", pickle.dumps(0.5, 4))
case("pickle-bool", pickle.dumps(True, 4))
case("pickle-set", pickle.dumps({1}, 4))
case("pickle-complex", pickle.dumps(1j, 4))
case("pickle-frame", pickle.dumps(("app.py", 1), 4))
case("pickle-list-of-traces", pickle.dumps([(0, 512, (("app.py", 1),), 1)], 4))
case("pickle-class", proto(4), SNAPSHOT, STOP)
case("pickle-ordered-dict", proto(4), named("collections", "OrderedDict"), EMPTY_TUPLE, REDUCE, STOP)
case("pickle-user-class", proto(4), instance(named("shop.model", "Cart"), dict_of([("items", integer(3))])), STOP)
case("pickle-user-class-protocol-0",
     b"ccopy_reg\n_reconstructor\np0\n(cshop.model\nCart\np1\nc__builtin__\nobject\np2\nNtp3\nRp4\n.")
case("traces-alone", proto(4), wrapped(list_of(trace())), STOP)
case("statistic", proto(4), named("tracemalloc", "Statistic"), EMPTY_TUPLE, NEWOBJ, STOP)
case("subclass-of-snapshot", proto(4), instance(named("shop.debug", "MySnapshot"), dict_of([])), STOP)

# Cut short.

case("cut-after-header", GOOD[:2])
case("cut-in-name", GOOD[:10])
case("cut-in-text", GOOD[:60])
case("cut-before-stop", GOOD[:-1])
case("cut-in-frame", proto(4), frame_opcode(len(GOOD) - 2), GOOD[2:-20])
case("cut-in-frame-length", proto(4), b"\x95\x10\x00")
case("cut-in-int", proto(4), b"J\x01\x02")
case("cut-in-memo-number", proto(4), NONE, b"r\x01")
case("cut-in-line", b"ctracemalloc\nSnap")

# Lengths that lie.

case("frame-past-the-end", proto(4), frame_opcode(1 << 40), GOOD[2:])
case("frame-past-any-file", proto(4), frame_opcode(2**64 - 1), GOOD[2:])
case("text-past-the-end", proto(4), b"X", struct.pack("<I", 2**32 - 1), b"app.py")
case("short-text-past-the-end", proto(4), b"\x8c\xffapp.py")
case("text-8-past-the-end", proto(4), b"\x8d", struct.pack("<Q", 2**63), b"app.py")
case("text-8-past-any-file", proto(4), b"\x8d", struct.pack("<Q", 2**64 - 1), b"app.py")
case("bytes-past-the-end", proto(4), b"B", struct.pack("<I", 2**32 - 1), b"app.py")
case("bytes-8-past-the-end", proto(4), b"\x8e", struct.pack("<Q", 2**63), b"app.py")
case("bytearray-past-the-end", proto(5), b"\x96", struct.pack("<Q", 2**63), b"app.py")
case("long-of-a-gigabyte", proto(4), b"\x8b", struct.pack("<I", 1 << 30), b"\x01")
case("long-of-negative-length", proto(4), b"\x8b", struct.pack("<i", -1), b"\x01")
case("line-without-end", b"ctracemalloc\n", b"x" * 3000)
packed_case("line-of-2-mib", b"ctracemalloc\n", b"x" * (2 << 20), b"\n")
packed_case("name-of-2-mib", dump(list_of(trace(traceback=tuple_of(frame(text("x" * (2 << 20))))))))

# The stack and the memo.

case("stop-first", proto(4), STOP)
case("only-stop-protocol-0", STOP)
case("stop-above-mark", proto(4), NONE, MARK, STOP)
case("mark-never-closed", proto(4), MARK, SNAPSHOT, EMPTY_TUPLE, NEWOBJ, STOP)
case("values-left-behind", proto(4), NONE, NONE, root_of(list_of(trace())), STOP)
for name, code in {
        "pop": POP, "pop-mark": b"1", "dup": DUP, "append": APPEND, "appends": APPENDS, "build": BUILD,
        "setitem": SETITEM, "setitems": SETITEMS, "tuple": TUPLE, "tuple1": TUPLE1, "tuple2": TUPLE2, "tuple3": TUPLE3,
        "list": b"l", "dict": b"d",
        "reduce": REDUCE, "newobj": NEWOBJ, "newobj-ex": NEWOBJ_EX, "stack-global": STACK_GLOBAL, "additems": ADDITEMS,
        "frozenset": FROZENSET, "memoize": MEMOIZE, "put": b"p0\n", "binput": b"q\0", "long-binput": put(0),
        "readonly-buffer": b"\x98"}.items():
    case("underflow-" + name, proto(4), code)
case("underflow-to-mark", proto(4), NONE, MARK, POP, MARK, TUPLE1)
case("append-below-nothing", proto(4), MARK, NONE, APPENDS)
case("append-to-tuple", proto(4), EMPTY_TUPLE, NONE, APPEND)
case("appends-to-int", proto(4), integer(1), MARK, NONE, APPENDS)
case("setitem-of-list", proto(4), EMPTY_LIST, NONE, NONE, SETITEM)
case("setitems-odd", proto(4), EMPTY_DICT, MARK, NONE, SETITEMS)
case("dict-odd", proto(4), MARK, NONE, b"d")
case("additems-to-list", proto(4), EMPTY_LIST, MARK, NONE, ADDITEMS)
case("build-of-list", proto(4), EMPTY_LIST, EMPTY_DICT, BUILD)
case("build-of-class", proto(4), SNAPSHOT, EMPTY_DICT, BUILD)
case("newobj-of-int", proto(4), integer(1), EMPTY_TUPLE, NEWOBJ)
case("reduce-of-object", proto(4), named("builtins", "object"), EMPTY_TUPLE, REDUCE)
case("get-never-put", proto(4), get(3))
case("get-line-never-put", b"cbuiltins\nset\ng7\n")
case("get-not-a-number", b"cbuiltins\nset\ngx\n")
case("put-negative", b"cbuiltins\nset\np-1\n")
case("memo-of-2-to-31", proto(4), NONE, put(2**31), STOP)
case("memo-of-2-to-32", proto(4), NONE, put(2**32 - 1), STOP)
case("memo-line-of-2-to-70", b"cbuiltins\nset\np1180591620717411303424\n.")
case("unknown-opcode", proto(4), b"\x99")
case("unknown-opcode-0", proto(4), b"\x00")
case("int-not-digits", b"cbuiltins\nset\nIseven\n")
case("int-empty", b"cbuiltins\nset\nI\n")
case("text-not-utf-8", proto(4), b"X\x02\x00\x00\x00\xff\xfe")
case("text-overlong", proto(4), b"X\x02\x00\x00\x00\xc0\x80")
case("text-bad-escape", b"cbuiltins\nset\nV\\u12\n")
case("text-past-unicode", b"cbuiltins\nset\nV\\U00110000\n")

# Deep nesting: nothing here may recurse. Compressed for the size of the tree.

DEEP = 100000
for name, opens in {"lists": EMPTY_LIST, "dicts": EMPTY_DICT, "marks": MARK, "nones": NONE}.items():
    packed_case("deep-" + name, proto(4), opens * DEEP)
packed_case("deep-list-in-list", proto(4), EMPTY_LIST * DEEP, APPEND * (DEEP - 1), STOP)
packed_case("deep-list-in-attribute", dump(list_of(trace()), more=[("note", EMPTY_LIST * DEEP + APPEND * (DEEP - 1))]))
packed_case("deep-tuples", proto(4), NONE, TUPLE1 * DEEP, STOP)
packed_case("deep-traces", dump(trace() + TUPLE1 * DEEP))
packed_case("deep-marked-tuples", proto(4), MARK * DEEP, TUPLE * DEEP, STOP)
packed_case("deep-dict-in-dict", proto(4), (EMPTY_DICT + NONE) * DEEP, NONE, SETITEM * DEEP, STOP)
packed_case("deep-frames-in-a-traceback", dump(list_of(trace(traceback=tuple_of(frame() + DUP * DEEP)))))

# Containers that hold themselves.

case("traces-hold-themselves", dump(EMPTY_LIST + put(0) + get(0) + APPEND))
case("traces-hold-themselves-after-a-trace", dump(EMPTY_LIST + put(0) + trace() + APPEND + get(0) + APPEND))
case("traces-are-a-dict-of-itself", dump(EMPTY_DICT + put(0) + NONE + get(0) + SETITEM))
case("traces-are-a-tuple-of-itself", dump(EMPTY_LIST + put(0) + get(0) + TUPLE1 + put(1) + APPEND + POP + get(1)))
case("traces-are-the-snapshot",
     proto(4), SNAPSHOT, EMPTY_TUPLE, NEWOBJ, put(0), dict_of([("traces", get(0))]), BUILD, STOP)
case("traces-are-a-snapshot", proto(4), instance(SNAPSHOT, dict_of([("traces", root_of(list_of(trace())))])), STOP)
case("raw-traces-are-a-snapshot", dump(root_of(list_of(trace()))))
case("raw-traces-are-wrapped-twice", dump(wrapped(list_of(trace()))))
case("attributes-hold-themselves", dump(list_of(trace()), more=[
    ("list", EMPTY_LIST + put(0) + get(0) + APPEND), ("dict", EMPTY_DICT + put(1) + text("self") + get(1) + SETITEM),
    ("tuple", EMPTY_LIST + put(2) + get(2) + TUPLE1 + put(3) + APPEND + POP + get(3))]))
case("snapshot-holds-itself", proto(4), SNAPSHOT, EMPTY_TUPLE, NEWOBJ, put(0),
     dict_of([("traces", wrapped(list_of(trace()))), ("me", get(0))]), BUILD, STOP)

# Globals and calls: named, never made.

CALL = tuple_of(text("id")) + REDUCE
case("os-system", proto(4), named("os", "system"), CALL, STOP)
case("os-system-protocol-0", b"cos\nsystem\n(S'id'\ntR.")
case("posix-system", proto(4), named("posix", "system"), CALL, STOP)
case("os-system-inside", dump(list_of(named("os", "system") + CALL)))
case("os-system-in-attribute", dump(list_of(trace()), more=[("note", named("os", "system") + CALL)]))
case("os-system-stack-global", proto(4), text("os"), text("system"), STACK_GLOBAL, CALL, STOP)
case("builtins-eval", proto(4), named("builtins", "eval"), CALL, STOP)
case("builtins-getattr", proto(2), named("__builtin__", "getattr"), CALL, STOP)
case("tracemalloc-dotted", proto(4), named("tracemalloc", "Snapshot.load"), CALL, STOP)
case("tracemalloc-os", proto(4), named("tracemalloc", "os.system"), CALL, STOP)
case("tracemalloc-start", proto(4), named("tracemalloc", "start"), EMPTY_TUPLE, REDUCE, STOP)
case("call-of-snapshot", proto(4), SNAPSHOT, tuple_of(list_of(trace()), integer(1)), REDUCE, STOP)
case("call-of-int", proto(4), integer(1), EMPTY_TUPLE, REDUCE, STOP)
case("call-of-text", proto(4), text("os.system"), CALL, STOP)
RANGE = named("builtins", "range") + tuple_of(integer(3)) + REDUCE
case("call-in-attribute", dump(list_of(trace()), more=[("span", RANGE)]))
case("call-of-codec", proto(2), named("_codecs", "encode"), tuple_of(text("x"), text("zlib")), REDUCE, STOP)
case("call-of-reconstructor-without-class", proto(2), named("copy_reg", "_reconstructor"), EMPTY_TUPLE, REDUCE)
case("call-of-reconstructor-of-object", proto(2), named("copy_reg", "_reconstructor"),
     tuple_of(named("__builtin__", "object"), named("__builtin__", "object"), NONE), REDUCE)
case("stack-global-of-ints", proto(4), integer(1), integer(2), STACK_GLOBAL)
packed_case("stack-global-of-long-text", proto(4), text("x" * (2 << 20)), text("y"), STACK_GLOBAL)
case("global-with-control-characters", proto(4), b"cos\x1b[2J\x07\nsys\x00tem\x7f\n")
case("global-with-right-to-left", proto(4), "cos\u202eso\nsystem\n".encode())
case("global-not-utf-8", proto(4), b"co\xff\nsystem\n")
case("global-of-a-long-name", proto(4), b"c" + b"very." * 400 + b"long\nname\n")
case("global-of-empty-names", proto(4), b"c\n\n")
case("inst", b"cbuiltins\nset\n(ios\nsystem\n.")
case("obj", proto(4), MARK, named("builtins", "set"), b"o")
case("ext1", proto(2), b"\x82\x01")
case("ext2", proto(2), b"\x83\x01\x00")
case("ext4", proto(2), b"\x84\x01\x00\x00\x00")
case("persistent-id", b"cbuiltins\nset\nPobject-7\n.")
case("binary-persistent-id", proto(4), text("object-7"), b"Q.")
case("next-buffer", proto(5), b"\x97")
case("readonly-buffer", dump(list_of(trace()), more=[("note", data(b"x") + b"\x98")]))

# Objects with another inside than they should have.

case("no-state", proto(4), SNAPSHOT, EMPTY_TUPLE, NEWOBJ, STOP)
case("no-traces", proto(4), instance(SNAPSHOT, dict_of([("traceback_limit", integer(1))])), STOP)
case("no-raw-traces", proto(4), instance(SNAPSHOT, dict_of([("traces", instance(TRACES, dict_of([])))])), STOP)
case("no-state-of-traces", proto(4), instance(SNAPSHOT, dict_of([("traces", TRACES + EMPTY_TUPLE + NEWOBJ)])), STOP)
case("state-is-a-list", proto(4), instance(SNAPSHOT, list_of()), STOP)
case("state-is-a-tuple", proto(4), instance(SNAPSHOT, tuple_of(NONE, dict_of([("traces", NONE)]))), STOP)
case("state-is-none", proto(4), instance(SNAPSHOT, NONE), STOP)
case("state-of-traces-is-a-list",
     proto(4), instance(SNAPSHOT, dict_of([("traces", instance(TRACES, list_of(trace())))])), STOP)
case("traces-are-none", proto(4), instance(SNAPSHOT, dict_of([("traces", NONE)])), STOP)
case("traces-are-a-list", proto(4), instance(SNAPSHOT, dict_of([("traces", list_of(trace()))])), STOP)
case("traces-are-a-class", proto(4), instance(SNAPSHOT, dict_of([("traces", TRACES)])), STOP)
for name, value in {
        "none": NONE, "an-int": integer(1), "a-dict": dict_of([]), "a-set": EMPTY_SET, "text": text("app.py"),
        "bytes": data(b"app.py"), "a-trace": trace(), "a-tuple-of-ints": tuple_of(integer(1), integer(2))}.items():
    case("raw-traces-are-" + name, dump(value))
case("same-attribute-twice", proto(4), instance(SNAPSHOT, dict_of([
    ("traces", NONE), ("traces", wrapped(list_of(trace(), trace()))), ("traceback_limit", integer(2)),
    ("traceback_limit", integer(3))])), STOP)
case("raw-traces-twice", proto(4), instance(SNAPSHOT, dict_of([("traces", instance(TRACES, dict_of([
    ("_traces", list_of(trace(), trace())), ("_traces", list_of(trace(size=integer(7))))])))])), STOP)
case("build-twice", proto(4), root_of(list_of(trace())), dict_of([("traceback_limit", integer(9))]), BUILD, STOP)
for name, value in {
        "none": NONE, "text": text("1"), "bool": TRUE, "float": FLOAT, "zero": integer(0), "negative": integer(-1),
        "2-to-32": integer(2**32), "huge": integer(2**70), "list": EMPTY_LIST}.items():
    case("limit-" + name, dump(list_of(trace()), limit=value))

# Something wrong inside a trace. The second trace is the bad one, so that the number in the message says something.

VALUES = {"none": NONE, "text": text("1"), "bool": TRUE, "float": FLOAT, "tuple": EMPTY_TUPLE, "list": EMPTY_LIST,
          "bytes": data(b"1")}
FIELDS = ("domain", "size", "traceback", "total_nframe")


def bad_trace(name, *values):
    case("trace-" + name, dump(list_of(trace(), *values)))


for field in FIELDS:
    for name, value in VALUES.items():
        if (field, name) != ("total_nframe", "none"):  # nobody counted them: allowed
            bad_trace("%s-%s" % (field.replace("_", "-"), name), trace(**{field: value}))
for name, value in VALUES.items():
    bad_trace("is-" + name, value)
    if name != "text":
        bad_trace("filename-" + name, trace(traceback=tuple_of(frame(filename=value))))
    bad_trace("lineno-" + name, trace(traceback=tuple_of(frame(lineno=value))))
    bad_trace("frame-" + name, trace(traceback=tuple_of(frame(), value)))
    bad_trace("first-frame-" + name, trace(traceback=tuple_of(value, frame())))
bad_trace("is-a-frame", frame())
bad_trace("is-a-traceback", tuple_of(frame()))
bad_trace("is-a-tuple-of-traces", tuple_of(trace()))
bad_trace("is-a-snapshot", root_of(list_of(trace())))
bad_trace("of-one", tuple_of(integer(1)))
bad_trace("of-two-ints", tuple_of(integer(1), integer(2)))
bad_trace("of-five", tuple_of(integer(0), integer(512), tuple_of(frame()), integer(1), integer(1)))
bad_trace("in-a-list", list_of(integer(0), integer(512), tuple_of(frame()), integer(1)))
bad_trace("frames-in-a-list", trace(traceback=list_of(frame())))
bad_trace("without-frames", trace(traceback=EMPTY_TUPLE))
bad_trace("of-a-frame", trace(traceback=frame()))
bad_trace("frame-of-one", trace(traceback=tuple_of(tuple_of(text("app.py")))))
bad_trace("frame-of-three", trace(traceback=tuple_of(tuple_of(text("app.py"), integer(1), integer(2)))))
bad_trace("frame-of-three-second", trace(traceback=tuple_of(frame(), tuple_of(text("app.py"), integer(1), integer(2)))))
for name, value in {"negative": -1, "2-to-32": 2**32, "2-to-63": 2**63, "2-to-63-less-1": 2**63 - 1, "2-to-70": 2**70,
                    "least": -2**63, "far-below": -2**70}.items():
    bad_trace("size-" + name, trace(size=integer(value)))
    bad_trace("domain-" + name, trace(domain=integer(value)))
    bad_trace("lineno-" + name, trace(traceback=tuple_of(frame(lineno=integer(value)))))
    bad_trace("total-nframe-" + name, trace(total_nframe=integer(value)))
bad_trace("of-two-size-negative", tuple_of(integer(-1), tuple_of(frame())))
bad_trace("of-three-size-negative", tuple_of(integer(0), integer(-1), tuple_of(frame())))
bad_trace("of-three-domain-text", tuple_of(text("0"), integer(1), tuple_of(frame())))
case("sizes-past-int64", dump(list_of(trace(size=integer(2**62)), trace(size=integer(2**62)))))
case("sizes-up-to-int64", dump(list_of(trace(size=integer(2**63 - 513)), trace())))
case("sizes-past-int64-in-attribute", dump(list_of(trace()), more=[
    ("others", list_of(trace(size=integer(2**62)), trace(size=integer(2**62))))]))
case("frame-shared", dump(list_of(trace(traceback=tuple_of(frame() + put(0))), trace(traceback=tuple_of(get(0))))))
case("trace-shared", dump(list_of(trace() + put(0), get(0), get(0))))
case("trace-order-reversed",
     dump(trace() + put(0) + POP + trace(size=integer(7)) + put(1) + POP + list_of(get(1), get(0))))
case("memo-number-taken-twice", dump(list_of(
    text("old.py") + put(0) + POP + frame() + put(0) + POP + trace(traceback=tuple_of(get(0))))))
case("bytes-behind-the-end", GOOD, b"more\n")
case("two-frames-one-past-the-end", proto(4), frame_opcode(1 << 40), frame_opcode(0), GOOD[2:])
case("frame-shorter-than-its-values", proto(4), frame_opcode(3), GOOD[2:])

# Compression.


def gzipped(raw):
    packer = zlib.compressobj(0, zlib.DEFLATED, 31)  # stored: the same bytes from every zlib
    return packer.compress(raw) + packer.flush()


def zstd_block(raw, last):
    return struct.pack("<I", last | len(raw) << 3)[:3] + raw


def zstandard(raw):
    """A frame with one raw block and no checksum (RFC 8878)."""
    return b"\x28\xb5\x2f\xfd\xa0" + struct.pack("<I", len(raw)) + zstd_block(raw, 1)


LONG = dump(list_of(*[trace()] * 12))
GZ, ZST = gzipped(LONG), zstandard(LONG)
case("gzip-good", GZ, suffix=".pickle.gz")
case("gzip-header-only", GZ[:10], suffix=".pickle.gz")
case("gzip-cut-in-header", GZ[:5], suffix=".pickle.gz")
case("gzip-magic-only", GZ[:2], suffix=".pickle.gz")
case("gzip-cut", GZ[:-60], suffix=".pickle.gz")
case("gzip-cut-in-checksum", GZ[:-6], suffix=".pickle.gz")
case("gzip-not-deflate", GZ[:8] + b"\x00\x00\x07\xff" + GZ[12:], suffix=".pickle.gz")
case("gzip-method-9", GZ[:2] + b"\x09" + GZ[3:], suffix=".pickle.gz")
case("gzip-wrong-checksum", GZ[:-8] + b"\0\0\0\0" + GZ[-4:], suffix=".pickle.gz")
case("gzip-wrong-length", GZ[:-4] + b"\0\0\0\0", suffix=".pickle.gz")
case("gzip-wrong-byte", GZ[:200] + b"\xff" + GZ[201:], suffix=".pickle.gz")
case("gzip-behind-it-zeros", GZ + bytes(512), suffix=".pickle.gz")
case("gzip-behind-it-text", GZ + b"garbage", suffix=".pickle.gz")
case("gzip-two-members", gzipped(LONG[:100]) + gzipped(LONG[100:]), suffix=".pickle.gz")
case("gzip-of-nothing", gzipped(b""), suffix=".pickle.gz")
case("gzip-of-text", gzipped(b"1 block of 512 bytes in app.py:1\n"), suffix=".pickle.gz")
case("gzip-of-gzip", gzipped(GZ), suffix=".pickle.gz")
case("gzip-of-gzip-of-gzip", gzipped(gzipped(GZ)), suffix=".pickle.gz")
case("gzip-of-zstd", gzipped(ZST), suffix=".pickle.gz")
case("gzip-of-a-broken-dump", gzipped(LONG[:-10]), suffix=".pickle.gz")
case("zstd-good", ZST, suffix=".pickle.zst")
case("zstd-header-only", ZST[:9], suffix=".pickle.zst")
case("zstd-magic-only", ZST[:4], suffix=".pickle.zst")
case("zstd-cut", ZST[:-60], suffix=".pickle.zst")
case("zstd-reserved-block", ZST[:9] + struct.pack("<I", 1 | 3 << 1 | len(LONG) << 3)[:3] + LONG, suffix=".pickle.zst")
case("zstd-wrong-length", ZST[:5] + struct.pack("<I", 7) + ZST[9:], suffix=".pickle.zst")
case("zstd-dictionary", b"\x28\xb5\x2f\xfd\xa1\x07" + ZST[5:], suffix=".pickle.zst")
case("zstd-window-of-2-gib", b"\x28\xb5\x2f\xfd\x00" + bytes([21 << 3]) + zstd_block(LONG, 1), suffix=".pickle.zst")
case("zstd-behind-it-zeros", ZST + bytes(512), suffix=".pickle.zst")
case("zstd-behind-it-text", ZST + b"garbage", suffix=".pickle.zst")
case("zstd-two-frames", zstandard(LONG[:300]) + zstandard(LONG[300:]), suffix=".pickle.zst")
case("zstd-skippable-first", b"\x50\x2a\x4d\x18" + struct.pack("<I", 5) + b"hello" + ZST, suffix=".pickle.zst")
case("zstd-skippable-only", b"\x50\x2a\x4d\x18" + struct.pack("<I", 5) + b"hello", suffix=".pickle.zst")
case("zstd-of-zstd", zstandard(ZST), suffix=".pickle.zst")
case("bzip2", b"BZh91AY&SY" + bytes(20), suffix=".pickle.bz2")
case("xz", b"\xfd7zXZ\0\0\4" + bytes(20), suffix=".pickle.xz")
case("zip", b"PK\3\4" + bytes(30), suffix=".pickle.zip")

# Texts of sites.

for site_name, site_text in bad_sites.CASES.items():
    case("sites-" + site_name, site_text, suffix=".sites")
packed_case("sites-line-of-2-mib", bad_sites.GOOD.replace("load", "x" * (1 << 21)).encode())


def main():
    os.makedirs(FOLDER, exist_ok=True)
    names = {name + suffix for name, (_, suffix) in CASES.items()}
    for stale in set(os.listdir(FOLDER)) - names:
        os.remove(os.path.join(FOLDER, stale))
    for name, (raw, suffix) in CASES.items():
        with open(os.path.join(FOLDER, name + suffix), "wb") as file:
            file.write(raw)
    pickletools.dis(GOOD, out=io.StringIO())  # the helpers above do make a pickle
    print("%d files, %d bytes" % (len(CASES), sum(len(raw) for raw, _ in CASES.values())))


if __name__ == "__main__":
    main()

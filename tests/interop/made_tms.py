"""Small .tms files made by hand, byte for byte as FILE_FORMAT.md says, each but for one thing.

The toolkit writes no file that breaks a rule, and few of those that keep them all. GOOD must be read by both readers, and
alike. BAD must be refused by both. NOT_CANONICAL is what the document has writers promise and asks no reader to check:
read_tms.py refuses it all the same.
"""
import subprocess

from tms_frame import END, ENTRY, HEADER, MAGIC, SECTION, TRAILER, WRAP


def varints(*values):
    out = bytearray()
    for value in values:
        while value > 127:
            out.append(value & 127 | 128)
            value >>= 7
        out.append(value)
    return bytes(out)


def zigzag(value):
    return value << 1 if value >= 0 else ~value << 1 | 1


def text(raw):
    return varints(len(raw)) + raw


def columns(before, *parts):
    return before + varints(*map(len, parts)) + b"".join(parts)


def packed(plain):
    command = ["zstd", "-1cq", "--check", "--stream-size=%d" % len(plain)]
    return subprocess.run(command, input=plain, stdout=subprocess.PIPE, check=True).stdout


def whole_file(sections):
    """The bytes of a file with these (type, plain bytes), of a later minor version when one may be passed over."""
    minor = int(any(kind[0].islower() for kind, _ in sections))
    out, entries = bytearray(HEADER.pack(MAGIC, 1, minor, bytes(4))), b""
    for kind, plain in [*sections, ("DIRE", None)]:
        begin, plain = len(out), entries if plain is None else plain
        if callable(plain):  # the index, which tells how long the page of blocks is
            plain = plain(len(packed(dict(sections).get("BLKS", b""))))
        stored = packed(plain)
        out += SECTION.pack(kind.encode(), len(stored), len(plain))
        entries += ENTRY.pack(kind.encode(), len(out), len(stored), len(plain))
        out += stored
    return bytes(out + TRAILER.pack(begin, begin ^ WRAP, END))


def totals(nframes=(1, 1), tracebacks=(0, 1), domains=(0, 0), averages=(100, 100), remainders=(0, 0)):
    parts = (tracebacks, nframes, domains, (1, 0), averages, remainders)
    return columns(varints(2), *(varints(*part) for part in parts))


def frames(linenos=(5, 7), functions=(), modules=()):
    return columns(varints(2), varints(0, 1), varints(*linenos), varints(*functions), varints(*modules))


def made(meta=b"", **changed):
    """Two blocks of 100 bytes from a.p:5, one from b.p:7, but for what is changed; None drops a section."""
    plain = {"META": varints(300, 3) + meta,
             "STRS": columns(varints(2), varints(0, 3, 0, 3), b"a.pb.p"),
             "FRMS": frames(),
             "TRCB": columns(varints(2), varints(0, 0, 1, 0), varints(0), varints(0)),
             "TOTL": totals(), "SIZE": columns(b"", varints(0, 0), b"", b""), **changed}
    return [section for section in plain.items() if section[1] is not None]


def single(**changed):
    """Both totals have the one traceback."""
    return made(STRS=columns(varints(1), varints(0, 3), b"a.p"), FRMS=columns(varints(1), varints(0), varints(5), b"", b""),
                TRCB=columns(varints(1), varints(0, 0), b"", varints(0)), **changed)


def placed(gaps=(0, 0, 0), first=1, reach=324, there=1, unit=4, rule=0, kind=0, references=(0, 0, 1), sizes=(), threads=(),
           births=(), weights=(), tYPE=None, **changed):
    """With single blocks; addresses are multiples of 16 from 16 on, and a block of 100 bytes takes 112."""
    page = columns(b"", *(varints(*column) for column in (gaps, references, sizes, threads, births, weights)))
    place = (first, reach) if there & 1 else ()
    return made(**changed, BIDX=lambda stored: varints(3, there, unit, rule, kind, stored, *place), BLKS=page, tYPE=tYPE)


def typed(distinct=(1, 0), types=(1, 0, 2), counts=(0,), pages=(), places=(), names=b"dictlist"):
    """A section of types: of the blocks of a.p:5 one is a dict and one a list; that of b.p:7 is a list."""
    number = len(names) // 4
    parts = [varints(*column) for column in ((0, 4) * number, distinct, types, counts, pages, places)]
    return columns(varints(number), parts[0], names, *parts[1:])


def typed_blocks(*places, page=2):
    return typed(pages=(page,), places=places)


def known(there, **changed):
    return placed(there=there, gaps=(), **changed)


THREAD = b"\x10" + varints(9) + text(b"main")
METRICS = b"\x13" + text(b"a") + b"\xff" * 8 + text(b"int") + b"\x12" + text(b"b") + varints(3) + text(b"of its own")
TOP = (1 << 64) - 1

GOOD = {
    "nothing special": made(),
    "sums alone": made(SIZE=None),
    "total_nframe unknown": made(TOTL=totals((0, 1))),
    "total_nframe unknown, then known": single(TOTL=totals((0, 1), (0, 0))),
    "total_nframe of 2^32 - 1": made(TOTL=totals((1 + zigzag((1 << 32) - 2), 1))),
    "lineno of 2^32 - 1": made(FRMS=frames(((1 << 32) - 1, 7))),
    "a function, and none": made(FRMS=frames(functions=(zigzag(1), zigzag(-1)), modules=(0, 0))),
    "a traceback that goes on": made(TRCB=columns(varints(2), varints(0, 0, 0, 0), b"", varints(0, 1))),
    "metrics of both kinds, and nan": made(METRICS),
    "the first time": made(b"\x01" + varints(zigzag(-1 << 63))),
    "a build-id that is no text": made(b"\x11" + text(b"p") + text(b"\xff") + varints(1, 2)),
    "a lone surrogate": made(b"\x02" + text(b"\xed\xb3\xa9")),
    "addresses": placed(),
    "chunks of malloc": placed(rule=1),
    "sizes beside": placed(kind=1, sizes=(101, 0, 101)),
    "two blocks at one address": placed((0, zigzag(-7), 0), reach=212),
    "blocks of no bytes": placed(reach=1, TOTL=totals(averages=(0, 0)), META=varints(0, 3)),
    "a block that ends with the addresses": placed(unit=2, first=(1 << 62) - 75, reach=299),
    "threads": known(2, meta=THREAD, threads=(1, 0, 0)),
    "births before 1970": known(4, births=(zigzag(-5), zigzag(5), zigzag(2))),
    "weights": known(8, weights=(512, 600, TOP)),
    "a section to pass over": made(noTe=b"hello"),
    "types": made(tYPE=typed()),
    "types of some": made(tYPE=typed(types=(0, 0, 1), names=b"dict")),
    "types of none": made(tYPE=typed((0, 0), (0, 0), (), names=b"")),
    "types of blocks": placed(tYPE=typed_blocks(1, 2)),
    "types of blocks that differ in nothing else": known(8, weights=(5, 5, 5), tYPE=typed_blocks(1, 2)),
    "types of blocks that all have one": placed(tYPE=typed((0, 0), (1, 1), (), (0,), names=b"dict")),
}

BAD = {
    "total_nframe known, then unknown": single(TOTL=totals((1, 0), (0, 0))),
    "total_nframe of 0": made(TOTL=totals((1 + zigzag(-1), 1))),
    "total_nframe of 2^32": made(TOTL=totals((1 + zigzag((1 << 32) - 1), 1))),
    "lineno of 2^32": made(FRMS=frames((1 << 32, 7))),
    "domain of 2^32": made(TOTL=totals(domains=(0, 1 << 32))),
    "no modules beside functions": made(FRMS=frames(functions=(zigzag(1), zigzag(-1)))),
    "a remainder as large as the count": made(TOTL=totals(averages=(99, 100), remainders=(2, 0))),
    "a number that is not the shortest": made(SIZE=columns(b"", b"\0\x80\0", b"", b"")),
    "a column with a byte too many": made(SIZE=columns(b"", varints(0, 0, 0), b"", b"")),
    "a traceback that there is not": made(TOTL=totals(tracebacks=(0, 2))),
    "other sums in META": made(META=varints(301, 3)),
    "two times": made(b"\x01\x00\x01\x00"),
    "fields that do not ascend": made(b"\x02" + text(b"x") + b"\x01\x00"),
    "a field that is not known": made(b"\x14"),
    "a text that is not UTF-8": made(b"\x02" + text(b"\xc0\x80")),
    "no strings": made(STRS=None),
    "no index": [section for section in placed() if section[0] != "BIDX"],
    "blocks, and no sizes": [section for section in placed() if section[0] != "SIZE"],
    "a section twice": made() + made()[-1:],
    "an unknown section that is needed": made(NOTE=b"hello"),
    "another reach": placed(reach=323),
    "a first address that is not the index's": placed((zigzag(1), 0, 0), reach=340),
    "addresses that descend": placed((0, zigzag(-8), 0), reach=196),
    "a block that ends behind all addresses": placed(unit=2, first=(1 << 62) - 75, reach=300),
    "sizes that are not SIZE's": placed(references=(0, 0, 0)),
    "a size again, of none": placed(kind=1, sizes=(0, 0, 101)),
    "a thread that META does not have": known(2, meta=THREAD, threads=(2, 0, 0)),
    "a unit of 32": placed(unit=5),
    "a type that there is not": made(tYPE=typed(types=(1, 0, 3))),
    "more types than blocks": made(tYPE=typed((1, 1), (1, 0, 1, 0), (0, 0))),
    "a type less than there should be": made(tYPE=typed(types=(1, 0))),
    "names of types that descend": made(tYPE=typed(names=b"listdict")),
    "types, and no sizes": made(tYPE=typed(), SIZE=None),
    "types twice": made(tYPE=typed()) + made(tYPE=typed())[-1:],
    "types of blocks that are not there": made(tYPE=typed_blocks(1, 2)),
    "types, and none of blocks": placed(tYPE=typed()),
    "a type that blocks of that size do not have": placed(tYPE=typed_blocks(1, 3)),
    "a type again, of none": placed(tYPE=typed_blocks(0, 2)),
    "types of more blocks than there are": placed(tYPE=typed_blocks(1, 2, 1, page=3)),
    "types that are not those of the blocks": placed(tYPE=typed_blocks(1, 0)),
}

NOT_CANONICAL = {
    "a string that is not used": made(FRMS=columns(varints(2), varints(0, 0), varints(5, 7), b"", b"")),
    "a traceback that is not used": made(TOTL=totals(tracebacks=(0, 0), domains=(0, 1))),
    "a front that is not shared": made(STRS=columns(varints(2), varints(0, 3, 0, 3), b"a.pa.q")),
    "functions and modules of none": made(FRMS=frames(functions=(0, 0), modules=(0, 0))),
    "a unit smaller than could be": placed(unit=0, first=16, reach=300),
    "a size that repeats, told again": placed(kind=1, sizes=(101, 101, 101)),
    "threads out of order": known(2, meta=THREAD, threads=(0, 1, 0)),
    "sections out of order": made()[1:] + made()[:1],
    "an empty text": made(b"\x02\x00"),
    "a type that is not used": made(tYPE=typed(types=(0, 0, 1))),
    "types out of order": known(8, weights=(5, 5, 5), tYPE=typed_blocks(2, 1)),
}

"""What read_tms.py is made of: the numbers, texts, columns and frame of a .tms file, by FILE_FORMAT.md alone."""
import collections
import contextlib
import struct
import subprocess

MAGIC, END = b"\x8dTMS\r\n\x1a\n", b"\x8dTMSEND\n"
HEADER, SECTION, ENTRY, TRAILER = (struct.Struct(form) for form in ("<8sHH4s", "<4sQQ", "<4sQQQ", "<QQ8s"))
ORDER = [b"META", b"STRS", b"FRMS", b"TRCB", b"TOTL", b"SIZE", b"BIDX", b"BLKS", b"tYPE"]
REQUIRED = ORDER[:5]
WRAP = (1 << 64) - 1

Section = collections.namedtuple("Section", "type stored plain frames")  # frames: (stored length, plain length) of each


class Malformed(Exception):
    """A rule of the document does not hold."""


def require(holds, rule):
    if not holds:
        raise Malformed(rule)


# Numbers and texts

class Cursor:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, length):
        require(length <= len(self.data) - self.at, "nothing reaches over its end")
        self.at += length
        return self.data[self.at - length:self.at]

    def varint(self, limit=WRAP):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        require(byte or shift == 7, "a varint has its shortest form")
        require(value <= WRAP, "a varint has up to 64 bits")
        require(value <= limit, "a value is within its bound")
        return value

    def svarint(self):
        code = self.varint()
        return ~(code >> 1) if code & 1 else code >> 1

    def raw(self):
        return self.take(self.varint())

    def text(self):
        return decoded(self.raw())

    def unpack(self, form):
        return form.unpack(self.take(form.size))

    @property
    def left(self):
        return len(self.data) - self.at

    def end(self):
        require(not self.left, "all is read to its last byte")


def decoded(raw):
    try:
        return raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise Malformed("texts are generalised UTF-8: %s" % error) from None


@contextlib.contextmanager
def columns(cursor, number):
    """Of a section, or a page, after what stands before the lengths of the columns."""
    lengths = [cursor.varint() for _ in range(number)]
    parts = [Cursor(cursor.take(length)) for length in lengths]
    cursor.end()
    yield parts
    for part in parts:
        part.end()


def rows_of(count, limit, column):
    require(count <= limit, "rows are within their bound")
    require(count <= column.left, "there are no more rows than bytes in the first column")
    return range(count)


# The frame

def zstd_frames(stored):
    """(stored length, plain length) of each frame, by RFC 8878, 3.1.1; its blocks are not unpacked."""
    cursor, frames = Cursor(stored), []
    while cursor.left or not frames:
        begin = cursor.at
        require(cursor.take(4) == b"\x28\xb5\x2f\xfd", "stored bytes are zstd frames")
        flags = cursor.take(1)[0]
        single, checked = flags >> 5 & 1, flags >> 2 & 1
        require(checked, "a frame has its checksum")
        cursor.take(0 if single else 1)
        cursor.take((0, 1, 2, 4)[flags & 3])
        width = (single, 2, 4, 8)[flags >> 6]
        require(width, "a frame has its content size")
        plain = int.from_bytes(cursor.take(width), "little") + (256 if width == 2 else 0)
        last = 0
        while not last:
            block = int.from_bytes(cursor.take(3), "little")
            last = block & 1
            cursor.take(1 if block >> 1 & 3 == 1 else block >> 3)
        cursor.take(4)
        frames.append((cursor.at - begin, plain))
    return frames


def unpacked(stored):
    done = subprocess.run(["zstd", "-dcq"], input=stored, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    require(done.returncode == 0, "zstd reads the stored bytes: %r" % done.stderr)
    return done.stdout


def read_chunks(cursor, end):
    """(type, offset and length of the stored bytes, plain length, frames) of each section by their own headers."""
    chunks = []
    while cursor.at < end:
        kind, stored, plain = cursor.unpack(SECTION)
        require(kind.isalpha() and kind.isascii() and kind != b"dIRE", "a type is four ASCII letters")
        require(plain <= min((64 << 20) + 1024 * stored, 4 << 30), "a plain length is within its bound")
        offset = cursor.at
        frames = zstd_frames(cursor.take(stored))
        require(plain == sum(size for _, size in frames), "frames hold as much as their section says")
        chunks.append((kind, offset, stored, plain, frames))
    require(cursor.at == end and chunks, "the trailer stands behind the last section")
    return chunks


def check_types(kinds):
    require(len(kinds) <= 4096, "there are at most 4,096 sections")
    known = [kind for kind in kinds if kind in ORDER]
    require(kinds[:len(known)] == sorted(set(known), key=ORDER.index), "known sections come first, in order, once each")
    for kind in kinds[len(known):]:
        require(kind[:1].islower(), "section %s is unknown, and nobody reads the file without" % kind.decode())
    require(set(REQUIRED) <= set(known), "no section misses")
    require((b"BIDX" in known) == (b"BLKS" in known), "BIDX and BLKS are both there or none")
    require(b"SIZE" in known or not {b"BLKS", b"tYPE"} & set(known), "blocks and types come with sizes")


def read_sections(data):
    require(len(data) >= HEADER.size + TRAILER.size, "there is a header and a trailer")
    cursor = Cursor(data)
    magic, major, minor, zero = cursor.unpack(HEADER)
    require(magic == MAGIC and major == 1 and zero == bytes(4), "the header is one")
    directory, complement, end = TRAILER.unpack(data[-TRAILER.size:])
    require(end == END and directory ^ complement == WRAP, "the trailer is one")
    chunks = read_chunks(cursor, len(data) - TRAILER.size)
    contents = Cursor(unpacked(b"".join(data[at:at + size] for _, at, size, _, _ in chunks)))
    sections = [Section(kind, stored, contents.take(plain), frames) for kind, _, stored, plain, frames in chunks]
    contents.end()
    last = sections.pop()
    require(last.type == b"DIRE" and directory == chunks[-1][1] - SECTION.size, "the trailer tells where the directory is")
    require(last.plain == b"".join(ENTRY.pack(*chunk[:4]) for chunk in chunks[:-1]), "directory and sections say the same")
    check_types([section.type for section in sections])
    require(minor >= int(any(section.type == b"tYPE" for section in sections)), "the version is one that has the sections")
    return {section.type: section for section in sections if section.type in ORDER}, [
        section for section in sections if section.type not in ORDER]

#!/usr/bin/env python3
"""Read a .tms file the slow and obvious way, by libsnapshot/src/file/FILE_FORMAT.md and nothing else.

    python3 tests/interop/read_tms.py FILE.tms...

It proves that the document tells all that a reader needs: it shares no line and no table with the toolkit. It is also
stricter than the toolkit has to be: whatever the document promises of a file is held against it, what a reader could do
without included. The one thing it takes from elsewhere is zstd, the program. Python 3.8 or later.
"""
import collections
import functools
import math
import struct
import sys

from tms_frame import WRAP, Cursor, Malformed, columns, decoded, read_sections, require, rows_of

PAGE_ROWS = 16384
ROWS, MANY_ROWS, META_BYTES = 1 << 24, 1 << 28, 1 << 24
MOST_32, HELD = (1 << 32) - 1, (1 << 63) - 1

Frame = collections.namedtuple("Frame", "filename lineno function module")
Total = collections.namedtuple("Total", "traceback nframe domain size count")  # traceback: a row of TRCB
Block = collections.namedtuple("Block", "total size address thread birth weight")  # total: a row of TOTL
Index = collections.namedtuple("Index", "blocks addresses threads births weights unit rule kind pages")
Snapshot = collections.namedtuple(
    "Snapshot", "size count info strings frames tracebacks totals sizes index blocks types extra")
# Of the types by number, None for 0; how many blocks each row of SIZE has of each; and of each block, where there are any
Types = collections.namedtuple("Types", "names counts blocks")


def ascending(rows, what):
    require(all(before < after for before, after in zip(rows, rows[1:])), what + " ascend, each once")


def all_used(rows, used, what):
    require(set(range(len(rows))) == used, what + " are just those that are used")


# META

def read_metric(cursor, whole):
    name = cursor.text()
    value = cursor.svarint() if whole else struct.unpack("<d", cursor.take(8))[0]
    return {"name": name, "value": value, "format": cursor.text()}


def read_module(cursor):
    return {"path": cursor.text(), "build_id": cursor.raw(), "address": cursor.varint(), "size": cursor.varint()}


FIELDS = {1: ("time", Cursor.svarint), 2: ("recorder", Cursor.text), 3: ("pid", Cursor.varint), 4: ("command", Cursor.text),
          5: ("executable", Cursor.text), 6: ("host", Cursor.text), 7: ("platform", Cursor.text), 8: ("runtime", Cursor.text),
          9: ("runtime_version", Cursor.text), 10: ("start_time", Cursor.svarint),
          11: ("traceback_limit", lambda cursor: cursor.varint(MOST_32)), 12: ("sampling_interval", Cursor.varint),
          13: ("traced_memory", lambda cursor: {"size": cursor.varint(), "peak": cursor.varint()}),
          14: ("recorder_memory", Cursor.varint),
          15: ("domains", lambda cursor: {"id": cursor.varint(MOST_32), "name": cursor.text()}),
          16: ("threads", lambda cursor: {"id": cursor.varint(), "name": cursor.text()}), 17: ("modules", read_module),
          18: ("metrics", lambda cursor: read_metric(cursor, True)), 19: ("metrics", lambda cursor: read_metric(cursor, False))}
LISTS = {"command", "domains", "threads", "modules", "metrics"}


def read_meta(plain):
    cursor = Cursor(plain)
    require(len(plain) <= META_BYTES, "META is within its bound")
    size, count, info, before = cursor.varint(HELD), cursor.varint(HELD), {}, 0
    while cursor.left:
        tag = cursor.take(1)[0]
        require(tag in FIELDS, "a tag is one of the table")
        require(tag >= before or before == 19 and tag == 18, "tags ascend")
        before = max(tag, before)
        name, read = FIELDS[tag]
        value = read(cursor)
        if name in LISTS:
            info.setdefault(name, []).append(value)
        else:
            require(name not in info and value != "", "there is one %s, and it says something" % name)
            info[name] = value
    return size, count, info


# The tables

def strings_of(count, shape, tail):
    strings, before, bytes_held = [], b"", 0
    for _ in rows_of(count, ROWS, shape):
        shared, added = shape.varint(), shape.varint()
        require(shared <= len(before), "no more is shared than there is")
        string = before[:shared] + tail.take(added)
        require(string[:shared + 1] != before[:shared + 1] or len(before) == shared, "all is shared that can be")
        strings.append(string)
        before = string
        bytes_held += len(string)
    require(bytes_held <= MANY_ROWS, "bytes of strings are within their bound")
    ascending(strings, "strings")
    return [decoded(string) for string in strings]


def read_strings(plain):
    cursor = Cursor(plain)
    count = cursor.varint()
    with columns(cursor, 2) as (shape, tail):
        return strings_of(count, shape, tail)


def read_frames(plain, strings):
    """Each as numbers of strings, with functions and modules from 1."""
    cursor, frames, filename, lineno, function = Cursor(plain), [], 0, 0, 0
    count = cursor.varint()
    with columns(cursor, 4) as (filenames, linenos, functions, modules):
        named = bool(functions.left or modules.left)
        for _ in rows_of(count, ROWS, filenames):
            step = filenames.varint()
            filename += step
            lineno = linenos.varint() + (lineno if step == 0 else 0)
            function = function + functions.svarint() if named else 0
            module = modules.varint() if named else 0
            require(lineno <= MOST_32, "a line number is within its bound")
            require(filename < len(strings) and 0 <= function <= len(strings) >= module, "frames name strings")
            frames.append(Frame(filename, lineno, function, module))
    ascending(frames, "frames")
    require(not named or any(frame.function or frame.module for frame in frames), "functions and modules of none are empty")
    used = {name for frame in frames for name in (frame.filename, frame.function - 1, frame.module - 1)}
    all_used(strings, used - {-1}, "strings")
    return frames


def read_tracebacks(plain, frames):
    cursor, tracebacks, before, total = Cursor(plain), [], (), 0
    count = cursor.varint()
    with columns(cursor, 3) as (shape, first, rest):
        for _ in rows_of(count, ROWS, shape):
            dropped, added = shape.varint(), shape.varint() + 1
            require(dropped <= len(before), "no more is dropped than there is")
            kept = len(before) - dropped
            total += kept + added
            require(total <= MANY_ROWS, "frames of all tracebacks are within their bound")
            head = [first.varint() + before[kept] + 1] if dropped else []
            before = before[:kept] + tuple(head + [rest.varint() for _ in range(added - len(head))])
            require(all(frame < len(frames) for frame in before[kept:]), "tracebacks name frames")
            tracebacks.append(before)
    ascending(tracebacks, "tracebacks")
    all_used(frames, {frame for traceback in tracebacks for frame in traceback}, "frames")
    return tracebacks


def read_totals(plain, tracebacks):
    cursor, totals, traceback = Cursor(plain), [], 0
    rows = cursor.varint()
    with columns(cursor, 6) as (steps, nframes, domains, counts, averages, remainders):
        for _ in rows_of(rows, ROWS, steps):
            traceback += steps.varint()
            require(traceback < len(tracebacks), "totals name tracebacks")
            code, domain, count = nframes.varint(), domains.varint(MOST_32), counts.varint() + 1
            nframe = None
            if code:
                nframe = len(tracebacks[traceback]) + (~(code - 1 >> 1) if code - 1 & 1 else code - 1 >> 1)
                require(1 <= nframe <= MOST_32, "total_nframe is within its bounds")
            average, remainder = averages.varint(), remainders.varint()
            require(remainder < count, "a remainder is less than what divides")
            totals.append(Total(traceback, nframe, domain, average * count + remainder, count))
    ascending([(row.traceback, -1 if row.nframe is None else row.nframe, row.domain) for row in totals], "totals")
    all_used(tracebacks, {row.traceback for row in totals}, "tracebacks")
    return totals


def read_sizes(plain, totals):
    """Rows of SIZE: (row of TOTL, size) and how many blocks have it, in their order."""
    cursor, rows = Cursor(plain), []
    with columns(cursor, 3) as (distinct, sizes, counts):
        for number, total in enumerate(totals):
            several, size, held, left = distinct.varint() + 1, -1, 0, total.count
            if several == 1:
                rows.append((number, total.size // total.count, total.count))
                require(total.size % total.count == 0, "sizes add up to their total")
                continue
            for place in range(several):
                size += sizes.varint() + 1
                count = counts.varint() + 1 if place < several - 1 else left
                left -= count
                require(count > 0 and left >= 0, "the last size has blocks left")
                held += size * count
                rows.append((number, size, count))
            require(held == total.size, "sizes add up to their total")
    return rows


# Blocks

def read_index(plain, section):
    cursor = Cursor(plain)
    most = min(1 << 31, (1 << 26) + 64 * sum(stored for stored, _ in section.frames))
    blocks, there, unit = cursor.varint(most), cursor.varint(15), cursor.varint(4)
    rule, kind, pages, address = cursor.varint(1), cursor.varint(1), [], 0
    require(blocks and there, "BIDX and BLKS are there where something is known of blocks")
    while cursor.left:
        length, reach = cursor.varint(), 0
        if there & 1:
            address += cursor.varint(WRAP - address >> unit) << unit
            reach = cursor.varint(WRAP - address)
        pages.append((length, address, reach))
    require(len(pages) == -(-blocks // PAGE_ROWS), "a page has 16,384 rows, the last one what is left")
    require([length for length, _, _ in pages] == [stored for stored, _ in section.frames], "a page is a frame")
    return Index(blocks, *(bool(there & bit) for bit in (1, 2, 4, 8)), unit, rule, kind, pages)


def chunk(size, index):
    if index.rule:
        return max(32, size + 8 + 15 & ~15)
    return size + (1 << index.unit) - 1 & ~((1 << index.unit) - 1)


def end_of(block):
    return min(block.address + max(block.size, 1), WRAP)


def numbered(counts):
    """Rows by number, from how many blocks each has: frequent ones are small."""
    return sorted(range(len(counts)), key=lambda row: (-counts[row].bit_length(), row))


def read_page(plain, rows, page, index, order, sizes):
    require(len(plain) <= 70 * rows, "a page is within its bound")
    expected, birth, last, blocks = page[1], 0, {}, []
    with columns(Cursor(plain), 6) as (gaps, references, own_sizes, threads, births, weights):
        for _ in range(rows):
            address = thread = weight = None
            number = references.varint()
            require(number < len(order), "a reference names a row")
            total, size = (order[number], None) if index.kind else sizes[order[number]][:2]
            if index.kind:
                code = own_sizes.varint()
                require(code or total in last, "a size repeats one that was in the page")
                require(not code or last.get(total) != code - 1, "a size that repeats is 0")
                size = last[total] = code - 1 if code else last[total]
            if index.addresses:
                address = expected + (gaps.svarint() << index.unit) & WRAP
                expected = address + chunk(size, index) & WRAP
            if index.threads:
                thread = threads.varint()
            birth = (birth + births.svarint() + (1 << 63) & WRAP) - (1 << 63) if index.births else None
            if index.weights:
                weight = weights.varint()
            blocks.append(Block(total, size, address, thread, birth, weight))
    if index.addresses:
        require(blocks[0].address == page[1], "the index has the page's first address")
        require(max(map(end_of, blocks)) == page[1] + page[2], "the index has the page's reach")
    return blocks


def block_key(block):
    """What blocks are in order of; a thread that is not known comes last."""
    return (block.address or 0, block.total, block.size, block.thread or math.inf, block.birth or 0, block.weight or 0)


def read_blocks(section, index, totals, sizes, threads):
    cursor, left, blocks = Cursor(section.plain), index.blocks, []
    order = numbered([total.count for total in totals] if index.kind else [count for _, _, count in sizes])
    for page, (_, plain) in zip(index.pages, section.frames):
        rows = min(left, PAGE_ROWS)
        left -= rows
        blocks += read_page(cursor.take(plain), rows, page, index, order, sizes)
    keys = list(map(block_key, blocks))
    require(keys == sorted(keys), "blocks ascend")
    require(all((block.thread or 0) <= threads for block in blocks), "a block's thread is one of META's")
    counted = collections.Counter(block[:2] for block in blocks)
    require(counted == {row[:2]: row[2] for row in sizes}, "blocks add up to what SIZE says")
    bits = functools.reduce(lambda all_bits, block: all_bits | (block.address or 0), blocks, 16)
    require(1 << index.unit == bits & -bits, "the unit is the greatest that there is")
    require(index.addresses or not index.rule, "without addresses the rule is 0")
    return blocks


# Types

def types_of_row(row, distinct, numbers, counts, most):
    """[(number, blocks)] of a row of SIZE"""
    several, number, left, found = distinct.varint() + 1, -1, row[2], []
    for place in range(several):
        number += numbers.varint() + 1
        count = counts.varint() + 1 if place < several - 1 else left
        left -= count
        require(number <= most, "types are those that have a name")
        require(count > 0 and left >= 0, "the last type has blocks left")
        found.append((number, count))
    return found


def types_of_blocks(index, blocks, choices, pages, places):
    """The number of each block's type"""
    found = []
    for first in range(0, index.blocks, PAGE_ROWS):
        part, last = Cursor(places.take(pages.varint())), {}
        for block in blocks[first:first + PAGE_ROWS]:
            row = block[:2]
            if len(choices[row]) == 1:
                found.append(choices[row][0])
                continue
            code = part.varint(len(choices[row]))
            require(code or row in last, "a type repeats one that was in the page")
            require(not code or last.get(row) != code - 1, "a type that repeats is 0")
            last[row] = code - 1 if code else last[row]
            found.append(choices[row][last[row]])
        part.end()
    return found


def read_types(plain, sizes, index, blocks):
    cursor, found = Cursor(plain), None
    count = cursor.varint()
    with columns(cursor, 7) as (shape, tail, distinct, numbers, counts, pages, places):
        names = [None, *strings_of(count, shape, tail)]
        rows = [types_of_row(row, distinct, numbers, counts, count) for row in sizes]
        if blocks is not None:
            choices = {row[:2]: [number for number, _ in types] for row, types in zip(sizes, rows)}
            found = types_of_blocks(index, blocks, choices, pages, places)
    counted = {(*row[:2], number): held for row, types in zip(sizes, rows) for number, held in types}
    all_used(names, {number for _, _, number in counted} | {0}, "types")
    if found is not None:
        told = collections.Counter((*block[:2], number) for block, number in zip(blocks, found))
        require(told == counted, "blocks add up to what is said of their types")
        keys = [(*block_key(block), number) for block, number in zip(blocks, found)]
        require(keys == sorted(keys), "blocks ascend, by type at last")
    require(sizes, "types are there where there are blocks")
    return Types(names, counted, found)


def read(data):
    known, extra = read_sections(data)
    size, count, info = read_meta(known[b"META"].plain)
    strings = read_strings(known[b"STRS"].plain)
    frames = read_frames(known[b"FRMS"].plain, strings)
    tracebacks = read_tracebacks(known[b"TRCB"].plain, frames)
    totals = read_totals(known[b"TOTL"].plain, tracebacks)
    require([size, count] == [sum(row.size for row in totals), sum(row.count for row in totals)], "META has the sums of TOTL")
    sizes = index = blocks = types = None
    if b"SIZE" in known:
        sizes = read_sizes(known[b"SIZE"].plain, totals)
    if b"BLKS" in known:
        index = read_index(known[b"BIDX"].plain, known[b"BLKS"])
        require(index.blocks == count, "BIDX has the number of blocks")
        blocks = read_blocks(known[b"BLKS"], index, totals, sizes, len(info.get("threads", [])))
    if b"tYPE" in known:
        types = read_types(known[b"tYPE"].plain, sizes, index, blocks)
    return Snapshot(size, count, info, strings, frames, tracebacks, totals, sizes, index, blocks, types, extra)


def main():
    for name in sys.argv[1:]:
        with open(name, "rb") as file:
            snapshot = read(file.read())
        print("%s: %d bytes in %d blocks, %d tracebacks, %d totals" % (
            name, snapshot.size, snapshot.count, len(snapshot.tracebacks), len(snapshot.totals)))


if __name__ == "__main__":
    main()

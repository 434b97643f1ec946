#!/usr/bin/env python3
"""Judges leak sites: what LeakSanitizer reports of programs that leak is recorded at the same lines, to the byte.

    python3 tests/recorder/leaks.py --tools build/dev/apps --programs build/dev/tests/recorder

Each program is built twice, because LeakSanitizer brings its own allocator: it judges the one, the other is recorded. Status
1 when anything differs, 77 without tmrecord or where LeakSanitizer does not work, as where ptrace is forbidden.
"""
import argparse
import collections
import os
import re
import subprocess
import sys

from recording import SKIPPED, Fault, Tools, conclude, function_name, the_snapshot

# (program, source, functions whose blocks are no leaks)
PROGRAMS = [
    ("leaks", "leaks.cpp", {"keep_nodes", "main"}),
    ("leaking_server", "leaking_server.cpp", {"open_session", "route", "main"}),
]
FOUND = 23  # LeakSanitizer's status when there are leaks
OPTIONS = "fast_unwind_on_malloc=0:malloc_context_size=128:exitcode=%d:max_leaks=0:print_suppressions=0" % FOUND
RECORD = re.compile(r"(?:Direct|Indirect) leak of (\d+) byte\(s\) in (\d+) object\(s\) allocated from:\n((?: +#.*\n)+)")
FRAME = re.compile(r" +#\d+ 0x[0-9a-f]+ in (.+) (\S+):(\d+)$", re.MULTILINE)


class Unfit(Exception):
    """LeakSanitizer does not work here."""


def reported(program, source):
    """{((function, line) of each frame in the source, most recent first): [bytes, blocks]}"""
    result = subprocess.run([program], env={**os.environ, "LSAN_OPTIONS": OPTIONS}, stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    text = result.stderr.decode()
    if result.returncode != FOUND:
        raise Unfit("LeakSanitizer finds nothing: status %d: %s" % (result.returncode, text.strip()))
    sites = collections.defaultdict(lambda: [0, 0])
    for size, count, frames in RECORD.findall(text):
        key = tuple((plain(function), int(line)) for function, path, line in FRAME.findall(frames)
                    if os.path.basename(path) == source)
        sites[key][0] += int(size)
        sites[key][1] += int(count)
    return dict(sites)


def plain(name):
    return function_name({"function": name.replace("(anonymous namespace)::", "")})


def recorded(snapshot, source):
    sites = collections.defaultdict(lambda: [0, 0])
    for total in snapshot["totals"]:
        key = tuple((plain(frame.get("function", "?")), frame["lineno"]) for frame in reversed(total["traceback"])
                    if os.path.basename(frame["filename"]) == source)
        sites[key][0] += total["size"]
        sites[key][1] += total["count"]
    return dict(sites)


def text(site):
    return " < ".join("%s:%d" % frame for frame in site) or "none of the program's lines"


def judge(wanted, found, kept):
    for site, amounts in sorted(wanted.items()):
        if found.get(site) != amounts:
            yield "%s: recorded %s, LeakSanitizer says %s" % (text(site), found.get(site), amounts)
    for site, amounts in sorted(found.items()):
        if site not in wanted and site and not kept & {function for function, _ in site[:-1] or site}:
            yield "%s: recorded %s, no leak to LeakSanitizer" % (text(site), amounts)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(":", maxsplit=1)[0])
    parser.add_argument("--tools", required=True, help="the directory of tmrecord and tmconvert")
    parser.add_argument("--programs", required=True, help="the directory of the programs")
    options = parser.parse_args()
    tools = Tools(options.tools)
    faults = []
    for name, source, kept in PROGRAMS:
        program = os.path.join(os.path.abspath(options.programs), name)
        try:
            wanted = reported(program + "_judged", source)
            found = recorded(the_snapshot(tools.record([program + "_recorded"], ["--frames", "128"])), source)
        except Unfit as reason:
            print("SKIPPED: %s: %s" % (name, reason))
            sys.exit(SKIPPED)
        except Fault as fault:
            faults.append("%s: %s" % (name, fault))
            continue
        faults += ["%s: %s" % (name, fault) for fault in judge(wanted, found, kept)]
        print("%s: %d sites leak %d bytes in %d blocks" % (name, len(wanted), sum(size for size, _ in wanted.values()),
                                                          sum(count for _, count in wanted.values())))
    conclude(faults)


if __name__ == "__main__":
    main()

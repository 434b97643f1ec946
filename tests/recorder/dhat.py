#!/usr/bin/env python3
"""Judges that what is recorded of Debian's programs is what valgrind's DHAT says is live when they end: bytes and blocks.

    python3 tests/recorder/dhat.py --tools build/dev/apps --programs build/dev/tests/recorder [--only gawk] [--sites]

DHAT is told not to free what the C and C++ libraries hold at exit. Both run the same commands in environments of one shape
(same_world.py) and without randomised addresses, which valgrind does not have either. Status 1 when anything differs, 77
without valgrind or tmrecord.
"""
import argparse
import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile

import guest_programs
from recording import SKIPPED, Fault, Tools, blocks_of, conclude, function_name, the_snapshot
from same_world import alike

SQL = ("create table t(a integer primary key, b text); with recursive n(i) as (select 1 union all select i + 1 from n"
       " where i < 500) insert into t select i, hex(i * i) from n; select sum(a), max(b) from t;")
PYTHON = "import argparse, json, os, re; kept = json.loads(json.dumps([{str(i): i} for i in range(1000)])); os._exit(0)"
PERL = "use POSIX; my %h = map { $_ => 'x' x $_ } 1 .. 500; print scalar(keys %h), qq(\\n); POSIX::_exit(0)"
SOURCE = "#include <map>\n#include <string>\nstd::map<std::string, int> counted;\nint main() { return ++counted[\"a\"]; }\n"

# What each is run with. FOLDER has source.ii, what guest_programs.py makes, and a small repository. redis-server is not
# here: its tables are seeded at random, and its blocks sized by malloc_usable_size, so that DHAT does not agree with itself.
COMMANDS = [
    ["sqlite3", ":memory:", SQL],
    ["git", "-C", "FOLDER", "log", "--oneline", "--stat"],
    ["python3", "-I", "-S", "-c", PYTHON],
    ["perl", "-e", PERL],
    ["gawk", "{ n[$1 % 97] = n[$1 % 97] $0 } END { print length(n) }", "FOLDER/words.txt"],
    ["jq", "-n", "[range(1000)] | map(. * 2) | add"],
    ["xz", "-6", "--stdout", "FOLDER/words.txt"],
    ["openssl", "dgst", "-sha256", "FOLDER/words.txt"],
    ["cc1plus", "-quiet", "-fpreprocessed", "-O1", "FOLDER/source.ii", "-o", "/dev/null"],
    ["cmake", "--version"],
    ["curl", "--silent", "file://FOLDER/words.txt"],
    ["sort", "-r", "FOLDER/words.txt"],
    ["sed", "-n", "s/1/x/p", "FOLDER/words.txt"],
    ["bash", "-c", "a=(x y z); for i in {1..300}; do a+=($i); done; echo ${#a[@]}"],
    ["bc", "-q", "FOLDER/sum.bc"],
    ["make", "--silent", "-f", "FOLDER/Makefile"],
    ["tclsh", "FOLDER/list.tcl"],
]
# Where the two need not be equal, and why.
# Tables of pages, one for each 16 MiB and one for each 4 GiB of addresses: how many depends on where the kernel maps memory.
TABLES = {"cc1plus": (32768, 2064)}
# The number of its parent, as text, in PPID: the parent of the one is this test, of the other tmrecord.
DIGITS = {"bash": 6}
FEWEST = 8  # programs that must be there for the test to be one


def find(name):
    if name == "cc1plus":
        said = subprocess.run(["g++", "-print-prog-name=cc1plus"], stdout=subprocess.PIPE, check=False) \
            if shutil.which("g++") else None
        path = said.stdout.decode().strip() if said else ""
        return path if os.path.isabs(path) else None
    return shutil.which(name, path="/usr/bin:/bin")


def fill(folder):
    guest_programs.write_files(folder)
    if shutil.which("g++"):  # the compiler proper does not know where Debian keeps its headers
        subprocess.run(["g++", "-E", "-x", "c++", "-", "-o", os.path.join(folder, "source.ii")], input=SOURCE.encode(),
                       check=True)
    if shutil.which("git"):
        git = ["git", "-C", folder, "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "GIT_CONFIG_NOSYSTEM": "1",
                       "GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z", "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z"}
        for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "All"]):
            subprocess.run(git + arguments, env=environment, check=True)


class Judge:
    """DHAT."""

    def __init__(self, folder):
        # Debian's `valgrind` is a script that adds LD_LIBRARY_PATH and calls this one.
        self.program = shutil.which("valgrind.bin") or shutil.which("valgrind")
        self.path = os.path.join(folder, "dhat.json")
        self.command = [self.program, "-q", "--tool=dhat", "--run-libc-freeres=no", "--run-cxx-freeres=no",
                        "--dhat-out-file=" + self.path]

    def run(self, command, environment):
        result = subprocess.run([*self.command, *command], env=environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        with open(self.path, encoding="utf-8") as file:
            return result, json.load(file)


def amounts(points):
    """Bytes and blocks that are live at the end."""
    return sum(point["eb"] for point in points), sum(point["ebk"] for point in points)


def difference_by_function(points, frames, blocks):
    """Where the two differ, by the function that called the allocator, to say more than that they do."""
    sums = collections.Counter()
    for point in points:
        names = [frames[row].split(": ", 1)[-1].split(" (")[0] for row in point["fs"]]
        names = [name for name in names if not name.startswith(("malloc", "calloc", "realloc", "operator new"))]
        sums[names[0].split("(")[0] if names else "?"] += point["eb"]
    for block in blocks:
        names = [function_name(frame) for frame in block.frames]
        sums[names[-1] if names else "?"] -= block.size
    return ["%s %+d" % (name, -amount) for name, amount in sums.most_common() if amount]


def faults_of(tools, judge, command, environments, sites):
    result, said = judge.run(command, environments[1])
    run = tools.record(command, ["--python", "never"], wrap=["setarch", "-R"], env=environments[0])
    if (run.status, run.stdout) != (result.returncode, result.stdout):
        yield "recorded status %d, DHAT's %d; outputs %s" % (run.status, result.returncode,
                                                             "equal" if run.stdout == result.stdout else "differ")
    points = said["pps"]
    blocks = list(blocks_of(the_snapshot(run)))
    recorded = sum(block.size for block in blocks), len(blocks)
    wanted = amounts(points)
    print("%s: %d bytes in %d blocks" % ((os.path.basename(command[0]),) + wanted), flush=True)
    if not agree(os.path.basename(command[0]), recorded, wanted):
        yield "recorded %d bytes in %d blocks, not %d in %d" % (recorded + wanted)
        if sites:
            yield "by function: " + ", ".join(difference_by_function(points, said["ftbl"], blocks)[:20])


def agree(name, recorded, wanted):
    size, count = recorded[0] - wanted[0], recorded[1] - wanted[1]
    if name in TABLES:  # so many of the one, the rest of the other
        large, small = TABLES[name]
        many, odd = divmod(size - small * count, large - small)
        return odd == 0 and abs(many) + abs(count - many) < 10
    return count == 0 and abs(size) <= DIGITS.get(name, 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(":", maxsplit=1)[0])
    parser.add_argument("--tools", required=True, help="the directory of tmrecord and tmconvert")
    parser.add_argument("--programs", required=True, help="the directory of the libraries to preload")
    parser.add_argument("--only", help="this program alone")
    parser.add_argument("--sites", action="store_true", help="say which functions' blocks differ")
    options = parser.parse_args()
    tools = Tools(options.tools)
    if not shutil.which("valgrind") or not shutil.which("setarch"):
        print("SKIPPED: valgrind is not installed")
        sys.exit(SKIPPED)
    faults, judged = [], 0
    with tempfile.TemporaryDirectory() as folder:
        fill(folder)
        judge = Judge(folder)
        libraries = [os.path.join(os.path.abspath(options.programs), "libbeside_the_%s.so" % name)
                     for name in ("recorder", "judge")]
        recorder = ["setarch", "-R", *tools.command(os.path.join(folder, "probe.tms"), [])]
        environments = alike(recorder, judge.command, *libraries)
        for name, *arguments in COMMANDS:
            if options.only not in (None, name):
                continue
            path = find(name)
            if path is None:
                print("SKIPPED: %s is not installed" % name)
                continue
            judged += 1
            command = [path] + [argument.replace("FOLDER", folder) for argument in arguments]
            try:
                found = list(faults_of(tools, judge, command, environments, options.sites))
                if found:  # a difference that does not come again is the program's own: it looks at a clock, or at load
                    print("AGAIN: %s: %s" % (name, "; ".join(found)), flush=True)
                    found = list(faults_of(tools, judge, command, environments, options.sites))
                faults += ["%s: %s" % (name, fault) for fault in found]
            except Fault as fault:
                faults.append("%s: %s" % (name, fault))
    if judged < FEWEST and not options.only:
        faults.append("only %d programs are installed: the judge sees too little" % judged)
    conclude(faults)


if __name__ == "__main__":
    main()
